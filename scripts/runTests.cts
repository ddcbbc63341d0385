/*
 * `npm test` and `npm run test:quick`: runs the stages of scripts/stages/stages.cts, side by side where the processor cores allow it.
 * A stage's output is in test-output/stages, and is printed when it fails. Ends with a table and with code 1 when a stage failed.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { INTERRUPTED, onInterruption } from './n8n/interruption.cts';
import { countsLine, resultTable, sumOfTests, type StageResult } from './stages/results.cts';
import { endAll, logOf, runStage } from './stages/runStage.cts';
import { nextStages, type StageState } from './stages/schedule.cts';
import { allStages, chooseStages, type Stage } from './stages/stages.cts';

const PROJECT = join(__dirname, '..');
const FOLDER = join('test-output', 'stages');
const HIGHEST_SEED = 2 ** 31 - 1;

const HELP = `npm test -- [options]

  --quick           only lint, types and unit tests
  --package         check what would be published, too
  --only NAMES      only these stages, separated by commas, and what they need
  --seed NUMBER     the order of the test files of an earlier run, which printed the number
  --shard N/COUNT   only this part of the end-to-end test files
  --earlier TEXT    a line of the table for what ran before: "name,seconds,processor seconds"`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			quick: { type: 'boolean' },
			package: { type: 'boolean' },
			only: { type: 'string' },
			seed: { type: 'string' },
			shard: { type: 'string' },
			earlier: { type: 'string', multiple: true },
			help: { type: 'boolean' },
		},
	});
	if (values.help) return console.log(HELP);
	const seed = wholeNumber(values.seed ?? `${Math.floor(Math.random() * HIGHEST_SEED)}`);
	const earlier = (values.earlier ?? []).map(earlierStage);
	const folder = join(PROJECT, FOLDER);
	mkdirSync(folder, { recursive: true });
	const stages = chooseStages(allStages({ folder, seed, shard: values.shard }), {
		...values,
		names: values.only?.split(','),
	});

	console.log(`Order of the test files: npm test -- --seed ${seed} repeats it. Logs: ${FOLDER}`);
	const started = Date.now();
	const results = [...earlier, ...(await runAll(stages, folder))];
	const seconds = earlier.reduce(
		(sum, stage) => sum + stage.seconds,
		(Date.now() - started) / 1000,
	);
	console.log(`\n${resultTable(results, seconds)}\n\n${countsLine(sumOfTests(results))}`);
	if (results.some(({ state }) => state !== 'passed')) process.exitCode = 1;
}

/** Runs the stages and returns what became of each, in their order. */
async function runAll(stages: Stage[], folder: string): Promise<StageResult[]> {
	const states = new Map<string, StageState>();
	const results = new Map<string, StageResult>();
	const running = new Map<string, Promise<StageResult>>();
	const say = (what: string, name: string, more = '') =>
		console.log(`${what.padEnd(8)} ${name}${more}`);
	for (;;) {
		const { start, skip } = nextStages(stages, states, availableParallelism());
		for (const { name } of skip) {
			say('not run', name);
			states.set(name, 'not run');
			results.set(name, { name, state: 'not run', seconds: 0, processorSeconds: 0 });
		}
		for (const stage of start) {
			say('started', stage.name);
			states.set(stage.name, 'running');
			running.set(stage.name, runStage(stage, PROJECT, folder));
		}
		if (running.size === 0 && skip.length === 0) break;
		if (running.size === 0) continue;
		const ended = await Promise.race(running.values());
		running.delete(ended.name);
		states.set(ended.name, ended.state);
		results.set(ended.name, ended);
		const stage = stages.find(({ name }) => name === ended.name)!;
		if (ended.state === 'failed') {
			console.log(`\n${readFileSync(logOf(stage, folder), 'utf8').trimEnd()}\n`);
		}
		const tests = ended.tests === undefined ? '' : `${countsLine(ended.tests)}, `;
		say(
			ended.state === 'failed' ? 'FAILED' : ended.state,
			ended.name,
			` (${tests}${ended.seconds.toFixed(1)} s)`,
		);
	}
	return stages.map(({ name }) => results.get(name)!);
}

function wholeNumber(text: string): number {
	if (!/^\d{1,10}$/.test(text) || Number(text) > HIGHEST_SEED)
		throw new Error(`--seed is a whole number from 0 to ${HIGHEST_SEED}, not "${text}".`);
	return Number(text);
}

function earlierStage(text: string): StageResult {
	const [name, seconds, processorSeconds] = text.split(',');
	if (!(Number(seconds) >= 0) || !(Number(processorSeconds) >= 0))
		throw new Error(`--earlier is "name,seconds,processor seconds", not "${text}".`);
	return {
		name,
		state: 'passed',
		seconds: Number(seconds),
		processorSeconds: Number(processorSeconds),
	};
}

onInterruption((signal) => {
	endAll(signal);
	process.exit(INTERRUPTED);
});

main().catch((error: Error) => {
	endAll('SIGTERM');
	console.error(error.message);
	process.exitCode = 1;
});
