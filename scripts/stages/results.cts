/** How many tests of each kind. */
export interface TestCounts {
	passed: number;
	failed: number;
	skipped: number;
}

/** What became of one stage. */
export interface StageResult {
	name: string;
	state: 'passed' | 'failed' | 'not run';
	/** Of stages that run tests. */
	tests?: TestCounts;
	/** From start to end. */
	seconds: number;
	/** Seconds that processors worked for it, user and system, of all its processes. */
	processorSeconds: number;
}

/** The part of the file of `jest --json` that is read. */
export interface JestResults {
	numPassedTests: number;
	numFailedTests: number;
	numPendingTests: number;
	numTodoTests: number;
	/** Test files that could not be run at all. */
	numRuntimeErrorTestSuites: number;
}

/** Tests of a Jest run; a file that cannot be loaded counts as one failed test. */
export function countsOf(results: JestResults): TestCounts {
	return {
		passed: results.numPassedTests,
		failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
		skipped: results.numPendingTests + results.numTodoTests,
	};
}

export function sumOfTests(results: StageResult[]): TestCounts {
	const sum = { passed: 0, failed: 0, skipped: 0 };
	for (const { tests } of results) {
		sum.passed += tests?.passed ?? 0;
		sum.failed += tests?.failed ?? 0;
		sum.skipped += tests?.skipped ?? 0;
	}
	return sum;
}

/** `12 passed, 0 failed, 1 skipped`; continuous integration reads this line. */
export const countsLine = ({ passed, failed, skipped }: TestCounts) =>
	`${passed} passed, ${failed} failed, ${skipped} skipped`;

/**
 * Seconds of a shell's `times` (POSIX): minutes and seconds of the shell itself, user and system, and below of all processes that
 * it and its children waited for. Throws an Error when it reads anything else.
 */
export function processorSecondsOf(times: string): number {
	const parts = [...times.matchAll(/(\d+)m(\d+[.,]\d+)s/g)];
	if (parts.length !== 4) throw new Error(`Not what the shell's times prints: ${times}`);
	return parts.reduce(
		(sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds.replace(',', '.')),
		0,
	);
}

/** A table as plain text: stage, result, tests, seconds, processor seconds; the last line is the sum. */
export function resultTable(results: StageResult[], wallSeconds: number): string {
	const testsOf = (tests?: TestCounts) =>
		tests === undefined ? '' : `${tests.passed + tests.failed + tests.skipped}`;
	const rows = [
		['stage', 'result', 'tests', 'seconds', 'processor seconds'],
		...results.map(({ name, state, tests, seconds, processorSeconds }) => [
			name,
			state === 'failed' ? 'FAILED' : state,
			testsOf(tests),
			seconds.toFixed(1),
			processorSeconds.toFixed(1),
		]),
		[
			'all',
			results.every(({ state }) => state === 'passed') ? 'passed' : 'FAILED',
			testsOf(sumOfTests(results)),
			wallSeconds.toFixed(1),
			results.reduce((sum, { processorSeconds }) => sum + processorSeconds, 0).toFixed(1),
		],
	];
	const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	const line = (row: string[]) =>
		row
			.map((cell, column) =>
				column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
			)
			.join('  ');
	const rule = widths.map((width) => '-'.repeat(width)).join('  ');
	return [line(rows[0]), rule, ...rows.slice(1, -1).map(line), rule, line(rows.at(-1)!)].join('\n');
}
