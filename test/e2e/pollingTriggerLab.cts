import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Workflow, WorkflowDefinition } from '../../scripts/n8n/client.cts';
import type { Lab } from './support/lab.cts';
import type { Listener } from './support/triggerLab.cts';
import { MODEL, NEXT, node } from './support/workflows.cts';

export const TRIGGER = 'HiAPI Polling Trigger';

type Json = Record<string, unknown>;

/**
 * A poll every so many seconds. n8n refuses poll times closer than a minute, but takes several of them: each of these
 * comes once a minute.
 */
export function pollTimes(everySeconds: number): { item: Json[] } {
	const seconds = Array.from({ length: 60 / everySeconds }, (_, index) => index * everySeconds);
	return {
		item: seconds.map((second) => ({ mode: 'custom', cronExpression: `${second} * * * * *` })),
	};
}

/** HiAPI Polling Trigger → NEXT. */
export function pollingWorkflow(
	credential: { id: string; name: string },
	parameters: Json = {},
): WorkflowDefinition {
	return {
		name: `${expect.getState().currentTestName ?? 'polling'}`.slice(0, 120),
		nodes: [
			{
				...node(TRIGGER, 'n8n-nodes-hiapi.hiApiPollingTrigger', {
					pollTimes: pollTimes(2),
					events: ['task.success', 'task.fail'],
					...parameters,
				}),
				id: randomUUID(),
				credentials: { hiApiApi: credential },
			},
			node(NEXT, 'n8n-nodes-base.noOp'),
		],
		connections: { [TRIGGER]: { main: [[{ node: NEXT, type: 'main', index: 0 }]] } },
	};
}

/** For the helpers that look at a workflow's executions. */
export const watched = (workflow: Workflow): Listener => ({ workflow, url: '', testUrl: '' });

/** Buys tasks as somebody else would; they end when told to, unless `seconds` are given. */
export async function buy(
	lab: Lab,
	count: number,
	seconds?: number,
	callback?: { url: string },
): Promise<string[]> {
	const taskIds: string[] = [];
	for (let index = 0; index < count; index += 1) {
		lab.simulator.plan(seconds === undefined ? { outcome: 'stuck' } : { seconds });
		const reply = await fetch(`${lab.simulator.baseUrl}/tasks`, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${lab.simulator.apiKey}`,
				'content-type': 'application/json',
			},
			body: JSON.stringify({
				model: MODEL,
				input: { prompt: 'a kite' },
				...(callback && { callback }),
			}),
		});
		taskIds.push(((await reply.json()) as { data: { taskId: string } }).data.taskId);
	}
	return taskIds;
}

/** How many times the list was read so far. */
export const lists = (lab: Lab): number =>
	lab.simulator.requests
		.filter(({ pathname }) => pathname === '/v1/tasks')
		.filter(({ method }) => method === 'GET').length;

/** Waits until the list was read so many times more. */
export async function untilPolled(
	lab: Lab,
	times: number,
	withinMilliseconds = 60_000,
): Promise<void> {
	const deadline = Date.now() + withinMilliseconds;
	const before = lists(lab);
	while (lists(lab) < before + times) {
		if (Date.now() > deadline)
			throw new Error(`polled ${lists(lab) - before} times instead of ${times}`);
		await sleep(50);
	}
	// The last of them still has to be worked on.
	await sleep(500);
}
