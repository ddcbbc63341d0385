import { setTimeout as sleep } from 'node:timers/promises';

import { runInEngine } from '../../test/engine/support/engine.cts';
import { pollEachTask, pollOneAfterAnother, type Api, type Job } from './plainPollers.cts';
import type { Memory } from './result.cts';
import { answerOrder } from './timedProcess.cts';
import { OUR_PARAMETERS } from './workflows.cts';
import { promptOf } from './workload.cts';

/** Who competes: our node in n8n's engine; one GET per task every 3 s; one task after another, every 5 s. */
export type Contender = 'ours' | 'sdk' | 'peer';

/** What a contender is told. */
export interface Assignment extends Job {
	contender: Contender;
	/** How many times it does `count` tasks, all at the same time, each with tasks of its own. */
	runs: number;
	/** How many tasks it does beforehand, uncounted. */
	learned: number;
}

/** What a contender tells about itself. */
export interface Testimony {
	/** For each run, real milliseconds from its beginning to the end of its last task. */
	wallsMs: number[];
	/** How many tasks it brought to their end. */
	finished: number;
	memory: Memory;
}

type Work = (job: Assignment) => Promise<number>;

const MIB = 1024 * 1024;

const credential = ({ baseUrl, apiKey }: Api) => ({
	baseUrl,
	apiKey,
	webhookSecret: '',
	previousWebhookSecret: '',
});

/** A model that nobody has seen yet, or the one that all runs share: the node learns how long a model takes. */
function modelOf({ first, learned, runs }: Assignment) {
	const value = runs > 1 && learned === 0 ? `any-model@run-${first}` : OUR_PARAMETERS.model.value;
	return { ...OUR_PARAMETERS.model, value };
}

async function runOurs(job: Assignment): Promise<number> {
	const { json, error } = await runInEngine({
		executionId: `execution-${job.first}`,
		credential: credential(job),
		parameters: { ...OUR_PARAMETERS, model: modelOf(job) },
		items: Array.from({ length: job.count }, (_, index) => ({
			prompt: promptOf(job.first + index),
		})),
	});
	if (error !== undefined) throw error;
	return json.filter(({ status }) => status === 'success').length;
}

/** Loads everything, so that neither the clock nor the memory counts it, and learns how long tasks take. */
async function warmUp(assignment: Assignment): Promise<void> {
	if (assignment.contender !== 'ours') return;
	await runInEngine({
		credential: credential(assignment),
		parameters: { resource: 'task', operation: 'getMany', returnAll: false, limit: 1, filters: {} },
	});
	if (assignment.learned > 0) await runOurs({ ...assignment, count: assignment.learned });
}

const WORK: Record<Contender, Work> = {
	ours: runOurs,
	sdk: pollEachTask,
	peer: pollOneAfterAnother,
};

async function measured(assignment: Assignment): Promise<Testimony> {
	globalThis.gc?.();
	await sleep(100);
	const before = process.memoryUsage.rss();
	let most = before;
	const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
	let finished = 0;
	const runs = Array.from({ length: assignment.runs }, async (_, run) => {
		const started = performance.now();
		const ended = await WORK[assignment.contender]({
			...assignment,
			first: run * assignment.count,
		});
		finished += ended;
		return performance.now() - started;
	});
	const wallsMs = await Promise.all(runs);
	clearInterval(watch);
	return {
		wallsMs,
		finished,
		memory: { beforeMiB: before / MIB, peakMiB: Math.max(most, process.memoryUsage.rss()) / MIB },
	};
}

answerOrder(warmUp, measured);
