import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import execa from 'execa';

import type { NoticedBy } from '../../test/mutants/index.cts';
import type { Checkout } from './checkout.cts';

/** What came of running some tests. */
export interface TestRun {
	/** Names of the tests that failed. */
	failed: string[];
	passed: number;
	/** Why there is no result, for example because a file could not be loaded. */
	problem?: string;
}

interface JestReport {
	testResults: Array<{
		name: string;
		message: string;
		assertionResults: Array<{ fullName: string; status: string }>;
	}>;
}

const LONGEST_RUN_MS = 10 * 60_000;

/** Runs tests in a copy of the project. Never rejects for what the tests do. */
export async function runTests(checkout: Checkout, tests: NoticedBy): Promise<TestRun> {
	const report = join(checkout.folder, 'mutant-report.json');
	rmSync(report, { force: true });
	const jest = join('node_modules', 'jest', 'bin', 'jest.js');
	const { timedOut } = await execa(
		process.execPath,
		[
			jest,
			...['--selectProjects', tests.project, '--testPathPatterns', tests.path],
			...(tests.named === undefined ? [] : ['--testNamePattern', tests.named]),
			...['--json', '--outputFile', report, '--silent', '--runInBand'],
		],
		{ cwd: checkout.folder, timeout: LONGEST_RUN_MS, reject: false, stdin: 'ignore' },
	);
	if (timedOut) return { failed: [], passed: 0, problem: 'the tests came to no end' };
	if (!existsSync(report)) return { failed: [], passed: 0, problem: 'the tests could not be run' };
	return readReport(JSON.parse(readFileSync(report, 'utf8')) as JestReport);
}

function readReport({ testResults }: JestReport): TestRun {
	const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
	const unloaded = testResults.find(
		({ assertionResults, message }) => assertionResults.length === 0 && message !== '',
	);
	return {
		failed: tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
		passed: tests.filter(({ status }) => status === 'passed').length,
		...(unloaded && { problem: `a test file could not be loaded: ${unloaded.name}` }),
	};
}
