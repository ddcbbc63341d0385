import { setTimeout as sleep } from 'node:timers/promises';

import { runInEngine } from '../../test/engine/support/engine.cts';
import type { Api } from '../batch/plainPollers.cts';
import { answerOrder } from '../batch/timedProcess.cts';
import { OUR_PARAMETERS } from '../batch/workflows.cts';
import { promptOf } from '../batch/workload.cts';

/** One execution with so many items. */
export interface Rows extends Api {
	count: number;
}

/** What the process tells about itself. */
export interface Account {
	finished: number;
	/** Real milliseconds. */
	wallMs: number;
	/** Seconds of processor time, the engine and its garbage collection included. */
	cpuSeconds: number;
	/** Bytes in use while all tasks are waited for, above what was in use with the items made and nothing begun. */
	waitingBytes: number;
	peakRssBytes: number;
}

/** Long enough for the last answer to be taken in. */
const SETTLE_MS = 1_000;

async function run({ count, baseUrl, apiKey }: Rows): Promise<Account> {
	const credential = { baseUrl, apiKey, webhookSecret: '', previousWebhookSecret: '' };
	const items = Array.from({ length: count }, (_, index) => ({ prompt: promptOf(index) }));
	const used = () => {
		globalThis.gc?.();
		return process.memoryUsage().heapUsed + process.memoryUsage().external;
	};
	const before = used();
	let waiting = Promise.resolve(0);
	let created = 0;
	const onRequest = (method: string) => {
		if (method === 'POST' && ++created === count)
			waiting = sleep(SETTLE_MS).then(() => used() - before);
	};
	let peakRssBytes = 0;
	const watch = setInterval(
		() => (peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss())),
		50,
	);
	const cpuBefore = process.cpuUsage();
	const started = performance.now();
	const { json, error } = await runInEngine({
		credential,
		parameters: OUR_PARAMETERS,
		items,
		onRequest,
	});
	const wallMs = performance.now() - started;
	const { user, system } = process.cpuUsage(cpuBefore);
	clearInterval(watch);
	if (error !== undefined) throw error;
	return {
		finished: json.filter(({ status }) => status === 'success').length,
		wallMs,
		cpuSeconds: (user + system) / 1e6,
		waitingBytes: await waiting,
		peakRssBytes,
	};
}

/** Loads everything, and lets V8 compile what is used most. */
async function warmUp(rows: Rows): Promise<void> {
	await run({ ...rows, count: 20 });
}

answerOrder(warmUp, run);
