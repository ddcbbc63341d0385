import { setTimeout as sleep } from 'node:timers/promises';

import { useLab } from './support/lab.cts';
import {
	arrivals,
	callback,
	deliver,
	listenerOf,
	taskIdOf,
	triggerWorkflow,
	untilArrived,
} from './support/triggerLab.cts';
import { MODEL, node } from './support/workflows.cts';

// One execution at a time: n8n then stores the next ones, but answers them only when their turn has come.
const env = { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' };
const lab = useLab({ env });

const SLOW_SECONDS = 6;

/** A workflow that takes its time after the trigger, and keeps its slot meanwhile. */
async function slowListener() {
	const wait = node(
		'Slow',
		'n8n-nodes-base.wait',
		{ resume: 'timeInterval', amount: SLOW_SECONDS, unit: 'seconds' },
		{ typeVersion: 1.1 },
	);
	return listenerOf(lab, await lab.publish(triggerWorkflow(lab.credential, {}, wait)));
}

lab.testWhere(
	'answersOnceStored',
	'a sender that gave up and tried again while n8n kept it waiting: still once',
	async () => {
		const listener = await slowListener();
		const occupying = callback();
		expect((await deliver(lab, listener, occupying)).status).toBe(200);

		Object.assign(lab.simulator.switches, {
			callbackTimeoutMilliseconds: 1_000,
			callbackAttempts: [0, 2, 12, 40],
		});
		const reply = await fetch(`${lab.simulator.baseUrl}/tasks`, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${lab.simulator.apiKey}`,
				'content-type': 'application/json',
			},
			body: JSON.stringify({
				model: MODEL,
				input: { prompt: 'a kite' },
				callback: { url: listener.url },
			}),
		});
		const { taskId } = ((await reply.json()) as { data: { taskId: string } }).data;

		const { taskIds, executions } = await untilArrived(lab, listener, 2, 60_000);
		expect(taskIds).toEqual([taskIdOf(occupying), taskId]);
		while (lab.simulator.deliveries[2]?.status === undefined) await sleep(100);
		expect(lab.simulator.deliveries.map(({ status, error }) => status ?? error)).toEqual([
			expect.stringContaining('no answer'),
			expect.stringContaining('no answer'),
			200,
		]);
		expect(executions).toHaveLength(2);
		expect((await arrivals(lab, listener)).executions).toHaveLength(2);
	},
	120_000,
);

// where n8n answers before it has stored the run, the run is lost, and only a copy makes up for it
lab.testWhere(
	'answersOnceStored',
	'a run that waited for its turn when n8n was killed, and a copy after the restart: still once',
	async () => {
		const listener = await slowListener();
		expect((await deliver(lab, listener, callback())).status).toBe(200);
		const waiting = callback();
		const held = deliver(lab, listener, waiting);
		while ((await lab.n8n.executions(listener.workflow.id)).length < 2) await sleep(100);
		await lab.kill();
		expect((await held).status).toBe(0);
		await lab.restart(env);
		expect((await deliver(lab, listener, waiting)).status).toBe(200);
		const { taskIds } = await untilArrived(lab, listener, 1, 60_000);
		expect(taskIds).toEqual([taskIdOf(waiting)]);
	},
	120_000,
);
