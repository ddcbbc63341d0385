import { hasEnded } from '../../scripts/n8n/client.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';
import { useLab } from './support/lab.cts';
import {
	create,
	FAILED,
	HIAPI,
	hiApiNode,
	NEXT,
	runAndWait,
	webhookWorkflowOf,
	workflowOf,
} from './support/workflows.cts';

const lab = useLab();

type Json = Record<string, unknown>;

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
/** What one try of the node sends before it gives up. */
const REQUESTS_OF_A_TRY = 6;
const THREE = [{ prompt: 'first' }, { prompt: 'second' }, { prompt: 'third' }];

const run = async (parameters: Json, settings: Json, items?: Json[]) =>
	await lab.run(workflowOf(hiApiNode(lab.credential, parameters, settings), items));

/** Runs a published workflow by its webhook until it has failed; returns the execution's id. */
async function failInProduction(parameters: Json): Promise<string> {
	const path = `purchase-${Date.now()}`;
	const workflow = await lab.publish(
		webhookWorkflowOf(hiApiNode(lab.credential, parameters), path),
	);
	const id = await lab.startByWebhook(workflow.id, path);
	const execution = await lab.n8n.untilExecution(id, hasEnded);
	expect(execution.status).toBe('error');
	return id;
}

describe('Retry On Fail', () => {
	lab.test('goes on waiting for the task of the first try', async () => {
		lab.simulator.plan({ seconds: 4 });
		const execution = await run(runAndWait('a kite', { timeout: 2 / 60 }), RETRY);
		expect(execution.status).toBe('success');
		expect(itemsOf(execution.data, HIAPI)[0].json).toMatchObject({
			taskId: lab.simulator.tasks[0].taskId,
			status: 'success',
		});
		expect(lab.creates()).toHaveLength(1);
		expect(lab.simulator.purchases).toBe(1);
	});

	lab.test(
		'finds the task again whose answer was lost in every request of the first try',
		async () => {
			lab.simulator.fault({
				method: 'POST',
				path: '/v1/tasks',
				times: REQUESTS_OF_A_TRY,
				action: { type: 'drop', when: 'after' },
			});
			const execution = await run(runAndWait('a kite'), RETRY);
			expect(execution.status).toBe('success');
			expect(lab.simulator.purchases).toBe(1);
			expect(lab.keys().size).toBe(1);
			expect(new Set(lab.creates().map(({ rawBody }) => rawBody.toString('utf8'))).size).toBe(1);
			expect(lab.creates()).toHaveLength(REQUESTS_OF_A_TRY + 1);
		},
	);

	lab.test('does not buy a second task when the first one has failed', async () => {
		lab.simulator.plan({ outcome: 'fail' });
		const execution = await run(runAndWait('a kite'), RETRY);
		expect(execution.status).toBe('error');
		expect(lab.simulator.purchases).toBe(1);
	});

	lab.test('buys nothing again for the items that were done when another one failed', async () => {
		lab.simulator.plan({ outcome: 'stuck' }, { prompt: 'second' });
		const execution = await run(
			runAndWait('={{ $json.prompt }}', { timeout: 3 / 60 }),
			{ ...RETRY, maxTries: 2 },
			THREE,
		);
		expect(execution.status).toBe('error');
		expect(lab.simulator.purchases).toBe(3);
	});
});

describe('Retry from the list of executions', () => {
	for (const currentWorkflow of [false, true]) {
		lab.test(
			`finds the task of the failed execution (with the ${currentWorkflow ? 'current' : 'saved'} workflow)`,
			async () => {
				lab.simulator.plan({ outcome: 'stuck' });
				const failed = await failInProduction(runAndWait('a kite', { timeout: 2 / 60 }));
				const [{ taskId }] = lab.simulator.tasks;
				lab.simulator.finish(taskId);
				const retried = await lab.n8n.untilExecution(
					await lab.n8n.retryExecution(failed, currentWorkflow),
				);
				expect(retried).toMatchObject({ status: 'success', retryOf: failed });
				expect(itemsOf(retried.data, HIAPI)[0].json).toMatchObject({ taskId, status: 'success' });
				expect(lab.simulator.purchases).toBe(1);
				expect(lab.creates()).toHaveLength(1);
			},
		);
	}

	lab.test(
		'sends the first key again when it is not known whether a task was created',
		async () => {
			lab.simulator.fault({
				method: 'POST',
				path: '/v1/tasks',
				times: REQUESTS_OF_A_TRY,
				action: { type: 'drop', when: 'after' },
			});
			const failed = await failInProduction(create('a kite'));
			const struck = lab.creates().length;
			const retried = await lab.n8n.untilExecution(await lab.n8n.retryExecution(failed));
			expect(retried.status).toBe('success');
			expect(itemsOf(retried.data, HIAPI)[0].json).toMatchObject({
				taskId: lab.simulator.tasks[0].taskId,
			});
			expect(lab.creates().length).toBeGreaterThan(struck);
			expect(lab.keys().size).toBe(1);
			expect(lab.simulator.purchases).toBe(1);
		},
	);
});

describe('when one item of three fails', () => {
	beforeEach(() =>
		lab.simulator.plan(
			{ outcome: 'fail', error: { code: 'TASK_FAILED', message: 'upstream rejected the prompt' } },
			{ prompt: 'second' },
		),
	);
	const failedItem = () => ({
		error: expect.stringContaining('upstream rejected the prompt'),
		details: expect.objectContaining({
			taskId: lab.simulator.tasks.find(({ prompt }) => prompt === 'second')?.taskId,
			code: 'TASK_FAILED',
		}),
	});
	const good = expect.objectContaining({ status: 'success', url: expect.stringMatching(/^http/) });

	lab.test('Continue On Fail puts the failure in its place', async () => {
		const execution = await run(
			runAndWait('={{ $json.prompt }}'),
			{ onError: 'continueRegularOutput' },
			THREE,
		);
		expect(execution.status).toBe('success');
		const items = itemsOf(execution.data, NEXT);
		expect(items.map(({ json }) => json)).toEqual([good, failedItem(), good]);
		expect(itemsOf(execution.data, HIAPI).map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(lab.simulator.purchases).toBe(3);
	});

	lab.testWhere('detailedFailures', 'the error output gets the failure, and only it', async () => {
		const execution = await run(
			runAndWait('={{ $json.prompt }}'),
			{ onError: 'continueErrorOutput' },
			THREE,
		);
		expect(execution.status).toBe('success');
		expect(itemsOf(execution.data, NEXT).map(({ json }) => json)).toEqual([good, good]);
		const [failed, ...others] = itemsOf(execution.data, FAILED).map(({ json }) => json);
		expect(failed).toMatchObject(failedItem());
		expect(others).toEqual([]);
	});

	lab.test('the node ends with the item named, and with nothing bought a second time', async () => {
		const execution = await run(runAndWait('={{ $json.prompt }}'), {}, THREE);
		expect(execution.status).toBe('error');
		expect(execution.data.resultData.runData[HIAPI][0].error).toMatchObject({
			context: expect.objectContaining({ itemIndex: 1 }),
		});
		expect(lab.simulator.purchases).toBe(3);
	});
});
