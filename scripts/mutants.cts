import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { MUTANTS, type Mutant } from '../test/mutants/index.cts';
import { Checkout } from './mutants/checkout.cts';
import { misfits } from './mutants/misfits.cts';
import { runTests, type TestRun } from './mutants/runTests.cts';
import { INTERRUPTED, onInterruption } from './n8n/interruption.cts';

// npm run test:mutants [-- --list] [-- --only PART-OF-A-NAME] [-- --copies N]
//
// Breaks a copy of the project in one place after another and runs the tests that should notice. Ends with code 1 unless
// every mutant is killed.

const PROJECT = resolve(__dirname, '..');

const { values } = parseArgs({
	options: {
		list: { type: 'boolean' },
		only: { type: 'string', multiple: true },
		copies: { type: 'string' },
	},
});

interface Result {
	mutant: Mutant;
	killed: boolean;
	/** The test that noticed, or why there is no verdict. */
	told: string;
	seconds: number;
}

async function main(): Promise<void> {
	const only = values.only?.map((part) => part.toLowerCase());
	const mutants = MUTANTS.filter(
		({ name, file }) =>
			only?.some((part) => `${name} ${file}`.toLowerCase().includes(part)) ?? true,
	);
	if (mutants.length === 0)
		throw new Error('There is no such mutant: npm run test:mutants -- --list');
	const misfit = misfits(mutants, PROJECT);
	if (misfit.length > 0) throw new Error(misfit.join('\n'));
	if (values.list) {
		for (const { name, file, tests } of mutants)
			console.log([name, file, `${tests.project}: ${tests.path}`].join(' | '));
		return;
	}
	const startMs = Date.now();
	const count = Number(values.copies ?? Math.min(2, availableParallelism()));
	const checkouts: Checkout[] = [];
	process.on('exit', () => checkouts.forEach((checkout) => checkout.remove()));
	for (let made = 0; made < Math.min(count, mutants.length); made++)
		checkouts.push(await Checkout.of(PROJECT));
	await checkUnbroken(checkouts[0], mutants);
	report(await runAll(checkouts, mutants), (Date.now() - startMs) / 1000);
}

/** The same tests have to pass where nothing is broken. */
async function checkUnbroken(checkout: Checkout, mutants: Mutant[]): Promise<void> {
	const runs = new Map<string, Mutant['tests']>();
	for (const { tests } of mutants) {
		const key = JSON.stringify([tests.project, tests.named]);
		const known = runs.get(key);
		runs.set(key, known ? { ...tests, path: `${known.path}|${tests.path}` } : tests);
	}
	for (const tests of runs.values()) {
		const { failed, passed, problem } = await runTests(checkout, tests);
		if (problem !== undefined || failed.length > 0 || passed === 0)
			throw new Error(
				`Without a mutant the tests have to pass (${tests.project}: ${tests.path}):\n${problem ?? (failed.join('\n') || 'no test ran')}`,
			);
	}
	console.log('Unbroken, all of these tests pass.\n');
}

async function runAll(checkouts: Checkout[], mutants: Mutant[]): Promise<Result[]> {
	const waiting = [...mutants];
	const results: Result[] = [];
	await Promise.all(
		checkouts.map(async (checkout) => {
			for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
				const startMs = Date.now();
				const run = await checkout.broken(
					mutant,
					async () => await runTests(checkout, mutant.tests),
				);
				const result = { mutant, ...verdictOf(run), seconds: (Date.now() - startMs) / 1000 };
				results.push(result);
				const count = `${results.length}/${mutants.length}`;
				console.log(`${count} ${result.killed ? 'killed' : 'ALIVE'}: ${mutant.name}`);
			}
		}),
	);
	return results;
}

/** A mutant that keeps the tests from running at all proves nothing. */
function verdictOf({ failed, passed, problem }: TestRun): Pick<Result, 'killed' | 'told'> {
	if (problem !== undefined) return { killed: false, told: problem };
	if (failed.length > 0) return { killed: true, told: failed[0] };
	return { killed: false, told: passed === 0 ? 'no test ran' : `${passed} tests pass` };
}

function report(results: Result[], seconds: number): void {
	const rows = results.map(({ mutant, killed, told, seconds }) => [
		killed ? 'killed' : 'ALIVE',
		mutant.name,
		told,
		seconds.toFixed(1),
	]);
	console.log(`\n${table([['', 'Mutant', 'Killed by', 'Seconds'], ...rows])}`);
	const killed = results.filter((result) => result.killed).length;
	console.log(`\nkilled ${killed} of ${results.length}, in ${seconds.toFixed(0)} s`);
	if (killed < results.length) process.exitCode = 1;
}

/** Columns under one another. */
function table(rows: string[][]): string {
	const widths = rows[0].map((_cell, column) => Math.max(...rows.map((row) => row[column].length)));
	return rows
		.map((row) =>
			row
				.map((cell, column) => cell.padEnd(widths[column]))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

onInterruption(() => process.exit(INTERRUPTED));

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
