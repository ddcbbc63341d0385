import {
	countsLine,
	countsOf,
	processorSecondsOf,
	resultTable,
	sumOfTests,
	type StageResult,
} from '../../../../scripts/stages/results.cts';

const RESULTS: StageResult[] = [
	{ name: 'lint', state: 'passed', seconds: 12.34, processorSeconds: 6 },
	{
		name: 'unit',
		state: 'failed',
		tests: { passed: 4000, failed: 2, skipped: 1 },
		seconds: 40,
		processorSeconds: 38.06,
	},
	{ name: 'e2e', state: 'not run', seconds: 0, processorSeconds: 0 },
];

test('the table has a line per stage and the sums below', () => {
	expect(resultTable(RESULTS, 45).split('\n')).toEqual([
		'stage  result   tests  seconds  processor seconds',
		'-----  -------  -----  -------  -----------------',
		'lint   passed             12.3                6.0',
		'unit   FAILED    4003     40.0               38.1',
		'e2e    not run             0.0                0.0',
		'-----  -------  -----  -------  -----------------',
		'all    FAILED    4003     45.0               44.1',
	]);
});

test('all passed only when every stage did', () => {
	expect(resultTable(RESULTS.slice(0, 1), 13)).toMatch(/^all\s+passed/m);
	expect(resultTable([RESULTS[0], RESULTS[2]], 13)).toMatch(/^all\s+FAILED/m);
});

test('tests of all stages are added up', () => {
	const engine = { ...RESULTS[1], tests: { passed: 5, failed: 0, skipped: 3 } };
	expect(countsLine(sumOfTests([...RESULTS, engine]))).toBe('4005 passed, 2 failed, 4 skipped');
	expect(countsLine(sumOfTests([]))).toBe('0 passed, 0 failed, 0 skipped');
});

test('a test file that cannot be loaded is a failure', () => {
	expect(
		countsOf({
			numPassedTests: 7,
			numFailedTests: 1,
			numPendingTests: 2,
			numTodoTests: 1,
			numRuntimeErrorTestSuites: 1,
		}),
	).toEqual({ passed: 7, failed: 2, skipped: 3 });
});

test.each([
	['dash', '0m0.010000s 0m0.020000s\n1m2.500000s 0m3.250000s\n', 65.78],
	['bash', '0m0.001s 0m0.002s\n0m1.500s 0m0.250s\n', 1.753],
	['a shell with another decimal sign', '0m0,00s 0m0,00s\n2m0,50s 0m0,25s\n', 120.75],
])('processor seconds as %s prints them', (_shell, text, seconds) => {
	expect(processorSecondsOf(text)).toBeCloseTo(seconds, 5);
});

test('anything else is no processor time', () => {
	expect(() => processorSecondsOf('real 1.0')).toThrow('real 1.0');
});
