import { randomUUID } from 'node:crypto';

import { hasEnded } from '../../scripts/n8n/client.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';
import { lacks } from './support/abilities.cts';
import { useLab } from './support/lab.cts';
import { until } from './support/until.cts';
import {
	HIAPI,
	hiApiNode,
	node,
	runAndWait,
	START,
	webhookWorkflowOf,
} from './support/workflows.cts';

const lab = useLab();

const PROMPTS = ['first', 'second', 'third', 'fourth'];

describe('in a loop over batches', () => {
	const LOOP = 'Loop Over Items';
	const to = (name: string) => ({ node: name, type: 'main', index: 0 });

	lab.test(
		'every round buys its own items, and a lost answer in any of them buys nothing twice',
		async () => {
			lab.simulator.fault({
				method: 'POST',
				path: '/v1/tasks',
				times: 1,
				action: { type: 'drop', when: 'after' },
			});
			lab.simulator.fault({
				method: 'POST',
				path: '/v1/tasks',
				after: 3,
				times: 2,
				action: { type: 'status', status: 500, when: 'after' },
			});
			const execution = await lab.run({
				name: 'loop',
				nodes: [
					node(START, 'n8n-nodes-base.manualTrigger'),
					node(
						LOOP,
						'n8n-nodes-base.splitInBatches',
						{ batchSize: 1, options: {} },
						{ typeVersion: 3 },
					),
					hiApiNode(lab.credential, runAndWait('={{ $json.prompt }}'), {
						retryOnFail: true,
						maxTries: 3,
						waitBetweenTries: 100,
					}),
				],
				connections: {
					[START]: { main: [[to(LOOP)]] },
					[LOOP]: { main: [[], [to(HIAPI)]] },
					[HIAPI]: { main: [[to(LOOP)]] },
				},
				pinData: { [START]: PROMPTS.map((prompt) => ({ json: { prompt } })) },
				settings: {},
			});
			expect(execution.status).toBe('success');
			expect(lab.simulator.tasks.map(({ prompt }) => prompt)).toEqual(PROMPTS);
			const done = PROMPTS.map((_, run) => itemsOf(execution.data, HIAPI, 0, run)[0].json.taskId);
			expect(done).toEqual(lab.simulator.tasks.map(({ taskId }) => taskId));
		},
	);

	lab.test('the same item in two rounds is two purchases', async () => {
		const execution = await lab.run({
			name: 'loop',
			nodes: [
				node(START, 'n8n-nodes-base.manualTrigger'),
				node(
					LOOP,
					'n8n-nodes-base.splitInBatches',
					{ batchSize: 1, options: {} },
					{ typeVersion: 3 },
				),
				hiApiNode(lab.credential, runAndWait('the same')),
			],
			connections: {
				[START]: { main: [[to(LOOP)]] },
				[LOOP]: { main: [[], [to(HIAPI)]] },
				[HIAPI]: { main: [[to(LOOP)]] },
			},
			pinData: { [START]: [{ json: {} }, { json: {} }] },
			settings: {},
		});
		expect(execution.status).toBe('success');
		expect(lab.simulator.purchases).toBe(2);
	});
});

/** Publishes a workflow and starts it, as the next run of a schedule would. */
async function startWith(
	options: Record<string, unknown>,
	order: 'startFirst' | 'startLast',
	settings: Record<string, unknown> = {},
) {
	const path = `crash-${randomUUID()}`;
	const workflow = webhookWorkflowOf(
		hiApiNode(lab.credential, runAndWait('a kite', options), settings),
		path,
	);
	if (order === 'startLast') workflow.nodes.reverse();
	const { id: workflowId } = await lab.publish(workflow);
	const before = lab.simulator.purchases;
	await fetch(`${lab.server.address}/webhook/${path}`, { method: 'POST' });
	await until(() => lab.simulator.purchases === before + 1);
	const { taskId } = lab.simulator.tasks[before];
	// HiAPI counts a task before its answer reaches n8n, and n8n can log only what it was told.
	await until(() => lab.log().includes(taskId));
	const again = async () =>
		await lab.n8n.untilExecution(await lab.startByWebhook(workflowId, path), hasEnded);
	return { workflowId, taskId, again };
}

lab.test(
	'killed in the middle of the node: n8n does not run it again; Retry finds the task, the next run only by a key of the user',
	async () => {
		lab.simulator.plan({ seconds: 100_000 }, { times: 2 });
		const keyless = await startWith({}, 'startFirst');
		const keyed = await startWith({ idempotencyKey: `row-${randomUUID()}` }, 'startFirst');
		await lab.kill();
		await lab.restart();
		for (const { workflowId, taskId } of [keyless, keyed]) {
			expect((await lab.n8n.executions(workflowId)).map(({ status }) => status)).toEqual([
				'crashed',
			]);
			lab.simulator.finish(taskId);
		}
		expect(lab.simulator.purchases).toBe(2);

		const found = await keyed.again();
		expect(itemsOf(found.data, HIAPI)[0].json).toMatchObject({
			status: 'success',
			replayed: true,
			taskId: keyed.taskId,
		});
		expect(lab.simulator.purchases).toBe(2);

		if (lacks('identityOfRetries') === undefined) {
			const [{ id }] = await lab.n8n.executions(keyless.workflowId);
			const retried = await lab.n8n.untilExecution(await lab.n8n.retryExecution(id), hasEnded);
			expect(itemsOf(retried.data, HIAPI)[0].json).toMatchObject({
				status: 'success',
				replayed: true,
				taskId: keyless.taskId,
			});
			expect(lab.simulator.purchases).toBe(2);
		}

		expect((await keyless.again()).status).toBe('success');
		expect(lab.simulator.purchases).toBe(3);
	},
);

// n8n notes a run that was cut off for every node the log names, and a retry drops only that of the workflow's last node.
lab.testWhere(
	'identityOfRetries',
	'killed in the middle of the node, in a workflow whose trigger was added last: Retry finds the task',
	async () => {
		lab.simulator.plan({ seconds: 100_000 }, { times: 1 });
		const { workflowId, taskId } = await startWith({}, 'startLast');
		await lab.kill();
		await lab.restart();
		lab.simulator.finish(taskId);
		const [{ id }] = await lab.n8n.executions(workflowId);
		const retried = await lab.n8n.untilExecution(await lab.n8n.retryExecution(id), hasEnded);
		const runs = retried.data.resultData.runData[HIAPI];
		const [item] = itemsOf(retried.data, HIAPI, 0, runs.length - 1);
		expect(item.json).toMatchObject({ status: 'success', replayed: true, taskId });
		expect(lab.simulator.purchases).toBe(1);
	},
);

lab.testWhere(
	'identityOfRetries',
	'turned away with HTTP 503, created when Retry On Fail tried again, then killed: Retry finds the task',
	async () => {
		lab.simulator.plan({ seconds: 100_000 }, { times: 1 });
		lab.simulator.fault({
			method: 'POST',
			path: '/v1/tasks',
			times: 6,
			action: { type: 'status', status: 503 },
		});
		const { workflowId, taskId } = await startWith({}, 'startFirst', {
			retryOnFail: true,
			maxTries: 2,
			waitBetweenTries: 100,
		});
		const posted = () => lab.simulator.requests.filter(({ method }) => method === 'POST');
		expect(posted()).toHaveLength(7);
		await lab.kill();
		await lab.restart();
		lab.simulator.finish(taskId);
		const [{ id }] = await lab.n8n.executions(workflowId);
		const retried = await lab.n8n.untilExecution(await lab.n8n.retryExecution(id), hasEnded);
		expect(itemsOf(retried.data, HIAPI)[0].json).toMatchObject({
			status: 'success',
			replayed: true,
			taskId,
		});
		expect(lab.simulator.purchases).toBe(1);
	},
);
