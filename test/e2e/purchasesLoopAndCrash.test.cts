import { hasEnded } from '../../scripts/n8n/client.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';
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

/** Runs a published workflow until its task is bought, kills n8n in the middle of the node, and starts n8n again. */
async function crashInMidNode(
	options: Record<string, unknown>,
): Promise<{ path: string; workflowId: string }> {
	const path = `crash-${Date.now()}`;
	lab.simulator.plan({ seconds: 30 });
	const workflow = await lab.publish(
		webhookWorkflowOf(hiApiNode(lab.credential, runAndWait('a kite', options)), path),
	);
	await fetch(`${lab.server.address}/webhook/${path}`, { method: 'POST' });
	await until(() => lab.simulator.purchases === 1);
	await lab.kill();
	await lab.restart();
	return { path, workflowId: workflow.id };
}

/** Calls the workflow again, as the next run of a schedule would. */
async function runAgain({ path, workflowId }: { path: string; workflowId: string }) {
	lab.simulator.advance(60);
	return await lab.n8n.untilExecution(await lab.startByWebhook(workflowId, path), hasEnded);
}

describe('when n8n is killed in the middle of the node', () => {
	lab.test(
		'n8n does not run the execution again, and without a key of the user the next run buys a new task',
		async () => {
			const crashed = await crashInMidNode({});
			const [old] = await lab.n8n.executions(crashed.workflowId);
			expect(old.status).toBe('crashed');
			expect(lab.simulator.purchases).toBe(1);
			expect((await runAgain(crashed)).status).toBe('success');
			expect(lab.simulator.purchases).toBe(2);
		},
		120_000,
	);

	lab.test(
		'with a key of the user the next run finds the task that was bought',
		async () => {
			const crashed = await crashInMidNode({ idempotencyKey: `row-${Date.now()}` });
			const execution = await runAgain(crashed);
			expect(itemsOf(execution.data, HIAPI)[0].json).toMatchObject({
				status: 'success',
				replayed: true,
				taskId: lab.simulator.tasks[0].taskId,
			});
			expect(lab.simulator.purchases).toBe(1);
		},
		120_000,
	);
});
