import type { GuardingTest } from './guardList.cts';

/** A test of a run, as jest reports it. */
export interface RanTest {
	/** Path below `test/`, with `/`. */
	file: string;
	levels: string[];
	/** jest's word, for example `passed`, `failed` or `pending`. */
	status: string;
}

/** What a run says about a guarding test. `leftOut`: skipped, for example because the machine has no Redis. */
export type Proof = 'passed' | 'failed' | 'leftOut' | 'missing';

/** Whether a run has proved what a test of the list guards. */
export function proofOf({ file, levels, rows }: GuardingTest, ran: RanTest[]): Proof {
	const ofFile = ran.filter((test) => test.file === file);
	const patterns = levels.map((title) => patternOf(title));
	const found = ofFile.filter(
		(test) =>
			test.levels.length === levels.length &&
			patterns.every((pattern, index) => pattern.test(test.levels[index])),
	);
	if (found.some(({ status }) => status === 'failed')) return 'failed';
	if (found.filter(({ status }) => status === 'passed').length >= rows) return 'passed';
	const isLeftOut = (test: RanTest) =>
		test.status !== 'passed' && (found.includes(test) || standsFor(levels, test));
	return ofFile.some(isLeftOut) ? 'leftOut' : 'missing';
}

/** Whether a skipped test says that it or its group was left out: `title (why)` or `title: why`. */
function standsFor(levels: string[], { levels: skipped }: RanTest): boolean {
	const last = skipped.length - 1;
	return (
		last < levels.length &&
		skipped.every((title, index) =>
			patternOf(levels[index], index === last ? '(?: \\(|: ).*' : '').test(title),
		)
	);
}

/** A title of the list; `%s`, `$name` and `${…}` stand for any text. */
function patternOf(title: string, end = ''): RegExp {
	const parts = title
		.split(/%[sdifjopc#]|\$\{[^}]*\}|\$[a-z]\w*/i)
		.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	return new RegExp(`^${parts.join('.*')}${end}$`, 's');
}

interface JestReport {
	testResults: Array<{
		name: string;
		assertionResults: Array<{ ancestorTitles: string[]; title: string; status: string }>;
	}>;
}

/** The tests in a file written by `jest --json --outputFile`. */
export function ranTests(json: string): RanTest[] {
	return (JSON.parse(json) as JestReport).testResults.flatMap(({ name, assertionResults }) => {
		const path = name.replaceAll('\\', '/');
		const file = path.slice(path.lastIndexOf('/test/') + '/test/'.length);
		return assertionResults.map(({ ancestorTitles, title, status }) => ({
			file,
			levels: [...ancestorTitles, title],
			status,
		}));
	});
}
