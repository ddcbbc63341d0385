import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

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
import { until } from './support/until.cts';
import { MODEL, node } from './support/workflows.cts';

// One execution at a time: n8n then stores the next ones, but answers them only when their turn has come.
const env = { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' };
const lab = useLab({ env });

/** A server that answers nothing until the test lets it, and then with the task it was asked for. */
const held: Array<() => void> = [];
let isOpen = false;
const gate = createServer((request, response) => {
	const answer = () => {
		response.setHeader('content-type', 'application/json');
		response.end(JSON.stringify({ taskId: request.url!.slice(1) }));
	};
	if (isOpen) answer();
	else held.push(answer);
});

function openGate(): void {
	isOpen = true;
	for (const answer of held.splice(0)) answer();
}

beforeAll(async () => {
	await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
	isOpen = false;
	held.length = 0;
});
afterAll(() => {
	gate.close();
	gate.closeAllConnections();
});

/** A workflow that stops behind its trigger until the gate opens, and keeps its slot meanwhile. */
async function slowListener() {
	const { port } = gate.address() as AddressInfo;
	const ask = node(
		'Slow',
		'n8n-nodes-base.httpRequest',
		{ url: `=http://127.0.0.1:${port}/{{ $json.taskId }}`, options: {} },
		{ typeVersion: 4.2 },
	);
	return listenerOf(lab, await lab.publish(triggerWorkflow(lab.credential, {}, ask)));
}

lab.testWhere(
	'answersOnceStored',
	'a sender that gave up and tried again while n8n kept it waiting: still once',
	async () => {
		const listener = await slowListener();
		const occupying = callback();
		expect((await deliver(lab, listener, occupying)).status).toBe(200);

		await until(() => held.length === 1);

		Object.assign(lab.simulator.switches, {
			callbackTimeoutMilliseconds: 1_000,
			callbackAttempts: [0, 2, 3_600],
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

		const errors = () => lab.simulator.deliveries.map(({ error }) => error);
		await until(() => errors().length === 2 && !errors().includes(undefined));
		openGate();

		const { taskIds, executions } = await untilArrived(lab, listener, 2);
		expect(taskIds).toEqual([taskIdOf(occupying), taskId]);
		lab.simulator.switches.callbackTimeoutMilliseconds = 30_000;
		lab.simulator.advance(3_600);
		await until(() => lab.simulator.deliveries[2]?.status !== undefined);
		expect(lab.simulator.deliveries.map(({ status, error }) => status ?? error)).toEqual([
			expect.stringContaining('no answer'),
			expect.stringContaining('no answer'),
			200,
		]);
		expect(executions).toHaveLength(2);
		expect((await arrivals(lab, listener)).executions).toHaveLength(2);
	},
);

// where n8n answers before it has stored the run, the run is lost, and only a copy makes up for it
lab.testWhere(
	'answersOnceStored',
	'a run that waited for its turn when n8n was killed, and a copy after the restart: still once',
	async () => {
		const listener = await slowListener();
		expect((await deliver(lab, listener, callback())).status).toBe(200);
		const waiting = callback();
		const unanswered = deliver(lab, listener, waiting);
		await until(async () => (await lab.n8n.executions(listener.workflow.id)).length === 2);
		await lab.kill();
		expect((await unanswered).status).toBe(0);
		openGate();
		await lab.restart(env);
		expect((await deliver(lab, listener, waiting)).status).toBe(200);
		const { taskIds } = await untilArrived(lab, listener, 1);
		expect(taskIds).toEqual([taskIdOf(waiting)]);
	},
);
