import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Assignment, Contender, Testimony } from './contenderProcess.cts';
import { resultOf, type Result } from './result.cts';
import { Stage } from './stage.cts';
import { durations, type Spread } from './workload.cts';

/** To be preloaded into the process that runs the node. */
export const FAST_CLOCK = join(__dirname, 'fastClock.cjs');

const ROOT = join(__dirname, '..', '..');
const NAMES: Record<Contender, string> = {
	ours: "ours, in n8n's engine",
	sdk: '(a) one GET per task every 3 s',
	peer: '(b) one after another, every 5 s',
};

/** What is to be done, and how fast time runs. */
export interface Heat {
	count: number;
	scale: number;
	spread?: Spread;
	/** How long the tasks of all runs take, in simulated seconds; by default {@link durations} of the spread. */
	seconds?: number[];
	/** How long tasks take that are done beforehand, so that the node knows how long the model takes. */
	learned?: number[];
	/** How many times `count` tasks, all at the same time. */
	runs?: number;
	/** Real seconds after which no further task is begun. */
	capSeconds?: number;
}

/** One contender alone, in a process and with a simulator of its own. */
export async function compete(contender: Contender, heat: Heat): Promise<Result> {
	const { count, scale, spread = 'log-uniform', runs = 1, capSeconds, learned = [] } = heat;
	const tasks = heat.seconds ?? durations(count * runs, spread);
	const stage = await Stage.open(scale);
	const child = fork(join(__dirname, 'contenderProcess.cts'), [], {
		cwd: ROOT,
		execArgv: ['--expose-gc', '--require', 'tsx/cjs', '--require', FAST_CLOCK],
		env: {
			...process.env,
			N8N_LOG_LEVEL: 'silent',
			HIAPI_BENCH_CLOCK: JSON.stringify(stage.clock),
		},
		// What n8n's engine prints is not the benchmark's result.
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	try {
		const ended = once(child, 'exit').then(([code]) =>
			Promise.reject(new Error(`${NAMES[contender]} ended with code ${code}.`)),
		);
		ended.catch(() => undefined);
		const message = async () => (await Promise.race([once(child, 'message'), ended]))[0] as unknown;
		const { baseUrl, apiKey } = stage.simulator;
		stage.prepare(learned);
		// JSON has no Infinity.
		const capMs = capSeconds === undefined ? Number.MAX_SAFE_INTEGER : capSeconds * 1000;
		child.send({
			contender,
			first: 0,
			count,
			runs,
			scale,
			baseUrl,
			apiKey,
			capMs,
			learned: learned.length,
		} satisfies Assignment);
		await message();
		stage.prepare(tasks);
		child.send('go');
		const { wallsMs, ...rest } = (await message()) as Testimony;
		return resultOf(
			{ name: NAMES[contender], walls: wallsMs.map((ms) => stage.seconds(ms)), ...rest },
			tasks,
			stage.observe(),
		);
	} finally {
		child.kill();
		await stage.close();
	}
}
