import { join } from 'node:path';

import type { Assignment, Contender, Testimony } from './contenderProcess.cts';
import { resultOf, type Result } from './result.cts';
import { Stage } from './stage.cts';
import { runTimed } from './timedProcess.cts';
import { durations, type Spread } from './workload.cts';

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
	try {
		const { baseUrl, apiKey } = stage.simulator;
		stage.prepare(learned);
		// JSON has no Infinity.
		const capMs = capSeconds === undefined ? Number.MAX_SAFE_INTEGER : capSeconds * 1000;
		const { wallsMs, ...rest } = await runTimed<Assignment, Testimony>(stage, {
			program: join(__dirname, 'contenderProcess.cts'),
			name: NAMES[contender],
			order: {
				contender,
				first: 0,
				count,
				runs,
				scale,
				baseUrl,
				apiKey,
				capMs,
				learned: learned.length,
			},
			onReady: () => stage.prepare(tasks),
		});
		return resultOf(
			{ name: NAMES[contender], walls: wallsMs.map((ms) => stage.seconds(ms)), ...rest },
			tasks,
			stage.observe(),
		);
	} finally {
		await stage.close();
	}
}
