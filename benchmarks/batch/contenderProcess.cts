import { setTimeout as sleep } from 'node:timers/promises';

import { runInEngine } from '../../test/engine/support/engine.cts';
import { pollEachTask, pollOneAfterAnother, type Api } from './plainPollers.cts';
import { promptOf } from './workload.cts';

/** Who competes: our node in n8n's engine; one GET per task every 3 s; one task after another, every 5 s. */
export type Contender = 'ours' | 'sdk' | 'peer';

/** What a contender is told. */
export interface Assignment extends Api {
	contender: Contender;
	count: number;
	/** Real milliseconds after which no further task is begun. */
	capMs: number;
}

/** What a contender tells about itself. */
export interface Testimony {
	/** Real milliseconds from the first task's beginning to the end of the last one. */
	wallMs: number;
	/** How many tasks it brought to their end. */
	finished: number;
	/** How much the process grew over what it was with everything loaded, in MiB. */
	grownMiB: number;
}

type Work = (assignment: Assignment) => Promise<number>;

const MIB = 1024 * 1024;

const credential = ({ baseUrl, apiKey }: Api) => ({ baseUrl, apiKey, webhookSecret: '', previousWebhookSecret: '' });

async function runOurs(assignment: Assignment): Promise<number> {
	const { json, error } = await runInEngine({
		credential: credential(assignment),
		parameters: {
			resource: 'task',
			operation: 'runAndWait',
			model: { __rl: true, mode: 'id', value: 'any-model' },
			prompt: '={{ $json.prompt }}',
			input: '{}',
			options: { maximumTasks: 0 },
		},
		items: Array.from({ length: assignment.count }, (_, index) => ({ prompt: promptOf(index) })),
	});
	if (error !== undefined) throw error;
	return json.filter(({ status }) => status === 'success').length;
}

/** Loads everything, so that neither the clock nor the memory counts it. */
async function warmUp(assignment: Assignment): Promise<void> {
	if (assignment.contender !== 'ours') return;
	await runInEngine({
		credential: credential(assignment),
		parameters: { resource: 'task', operation: 'getMany', returnAll: false, limit: 1, filters: {} },
	});
}

const WORK: Record<Contender, Work> = { ours: runOurs, sdk: pollEachTask, peer: pollOneAfterAnother };

async function measured(assignment: Assignment): Promise<Testimony> {
	globalThis.gc?.();
	await sleep(100);
	const before = process.memoryUsage.rss();
	let most = before;
	const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
	const started = performance.now();
	const finished = await WORK[assignment.contender](assignment);
	const wallMs = performance.now() - started;
	clearInterval(watch);
	return { wallMs, finished, grownMiB: (Math.max(most, process.memoryUsage.rss()) - before) / MIB };
}

process.once('message', (assignment: Assignment) => {
	void (async () => {
		await warmUp(assignment);
		process.once('message', () => {
			measured(assignment)
				.then((testimony) => process.send?.(testimony))
				.catch((error: unknown) => process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
				.finally(() => process.disconnect());
		});
		process.send?.('ready');
	})();
});
