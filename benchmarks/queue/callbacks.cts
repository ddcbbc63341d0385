import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { signCallback, type Simulator } from '../../simulator/index.cts';
import type { Sink } from '../support/sink.cts';
import { toldTrigger } from '../support/toldWorkflows.cts';
import { until } from '../support/until.cts';
import { type ByProcess, grown, type SetUp } from './setUp.cts';

const WARM_UP = 60;
const SENDERS = 20;
const PATIENCE_MILLISECONDS = 180_000;

/** How callbacks went through the HiAPI Trigger to the node after it. */
export interface Rate {
	/** From the first callback to the last next node. */
	perSecond: number;
	/** Seconds of processor time per callback. */
	cpu: ByProcess;
	lost: number;
	doubled: number;
}

/** Sends so many signed callbacks, 20 at a time, and waits until all have come through. */
export async function measureCallbacks(
	setUp: SetUp,
	simulator: Simulator,
	sink: Sink,
	credential: { id: string; name: string },
	count: number,
): Promise<Rate> {
	const webhookId = randomUUID();
	const workflow = await setUp.n8n.createWorkflow(toldTrigger(credential, webhookId, sink.url));
	await setUp.n8n.publish(workflow);
	const url = `${setUp.address}/webhook/${webhookId}/webhook`;
	await send(WARM_UP, url, simulator, sink);

	const before = setUp.cpu();
	const began = Date.now();
	const lost = await send(count, url, simulator, sink);
	const perSecond = (count - lost) / ((Date.now() - began) / 1000);
	await sleep(2_000);
	const seconds = grown(before, setUp.cpu());
	await setUp.n8n.unpublish(workflow.id);
	const cpu = Object.fromEntries(
		Object.entries(seconds).map(([process, value]) => [process, value / count]),
	);
	const doubled = [...sink.arrivals.values()].filter((times) => times.length > 1).length;
	process.stderr.write(`${setUp.name}: ${perSecond.toFixed(1)} callbacks a second\n`);
	return { perSecond, cpu, lost, doubled };
}

/** Returns how many have not come through. */
async function send(count: number, url: string, simulator: Simulator, sink: Sink): Promise<number> {
	sink.arrivals.clear();
	let sent = 0;
	const sender = async () => {
		while (sent < count) {
			sent += 1;
			const { headers, body } = callback(simulator);
			for (;;) {
				const reply = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
				await reply.arrayBuffer();
				if (reply.ok) break;
				// An overloaded n8n that does not reach its database in time answers 503; HiAPI would come back, too.
				if (reply.status !== 503) throw new Error(`n8n answered ${reply.status} to a callback.`);
				await sleep(1_000);
			}
		}
	};
	await Promise.all(Array.from({ length: SENDERS }, sender));
	await until(
		() => sink.arrivals.size === count,
		`${count} callbacks`,
		PATIENCE_MILLISECONDS,
		20,
	).catch((error: Error) => process.stderr.write(`${error.message}\n`));
	return count - sink.arrivals.size;
}

function callback({ webhookSecret }: Simulator) {
	const now = Math.floor(Date.now() / 1000);
	const body = JSON.stringify({
		taskId: `tk-hiapi-${randomUUID()}`,
		model: 'seedance-2.0',
		status: 'success',
		created: now - 60,
		completed: now,
		output: [
			{
				url: 'https://cdn.example.com/tasks/x/video.mp4',
				type: 'video',
				expireAt: now + 604_800,
			},
		],
	});
	return signCallback(webhookSecret, body, now);
}
