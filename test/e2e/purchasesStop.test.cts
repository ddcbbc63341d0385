import { setTimeout as sleep } from 'node:timers/promises';

import { hasEnded, type Execution } from '../../scripts/n8n/client.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';
import { useLab } from './support/lab.cts';
import { until } from './support/until.cts';
import { HIAPI, hiApiNode, runAndWait, webhookWorkflowOf } from './support/workflows.cts';

const lab = useLab();

const CREATES = { method: 'POST', path: '/v1/tasks' };

interface Started {
	path: string;
	workflowId: string;
	executionId: string;
}

async function start(options: Record<string, unknown> = {}): Promise<Started> {
	const path = `stop-${Date.now()}`;
	const { id } = await lab.publish(
		webhookWorkflowOf(hiApiNode(lab.credential, runAndWait('a kite', options)), path),
	);
	return { path, workflowId: id, executionId: await lab.startByWebhook(id, path) };
}

async function stop(executionId: string): Promise<void> {
	await lab.n8n.stopExecution(executionId);
	expect((await lab.n8n.untilExecution(executionId, hasEnded)).status).toBe('canceled');
}

/** Waits for the node's own last words: n8n shows an execution as stopped before its node has ended. */
async function untilLogged(text: string): Promise<void> {
	await until(() => lab.log().includes(text));
}

/** Stops the execution while it waits for its task, lets the task end, and retries the execution. */
async function retryStopped({ executionId }: Started): Promise<Execution> {
	await until(() => lab.simulator.requests.some(({ method }) => method === 'GET'));
	await stop(executionId);
	await untilLogged(lab.simulator.tasks[0].taskId);
	lab.simulator.advance(60);
	return await lab.n8n.untilExecution(await lab.n8n.retryExecution(executionId), hasEnded);
}

describe('stopped by the user', () => {
	lab.test(
		'while a create hangs: nothing more is sent, and a run with the same key of the user finds the task',
		async () => {
			lab.simulator.fault({ ...CREATES, action: { type: 'noAnswer', when: 'after' } });
			const { executionId, path, workflowId } = await start({
				idempotencyKey: `row-${Date.now()}`,
			});
			await until(() => lab.simulator.purchases === 1);
			await stop(executionId);
			await untilLogged('it is not known whether HiAPI created a task for item 0');
			await sleep(3_000);
			expect(lab.creates()).toHaveLength(1);
			const again = await lab.n8n.untilExecution(
				await lab.startByWebhook(workflowId, path),
				hasEnded,
			);
			expect(itemsOf(again.data, HIAPI)[0].json).toMatchObject({
				taskId: lab.simulator.tasks[0].taskId,
				replayed: true,
			});
			expect(lab.simulator.purchases).toBe(1);
		},
	);

	lab.test('while it waits: the log names the task', async () => {
		lab.simulator.plan({ outcome: 'stuck' });
		const { executionId } = await start();
		await until(() => lab.simulator.requests.some(({ method }) => method === 'GET'));
		await stop(executionId);
		await untilLogged(`these HiAPI tasks go on and are billed: ${lab.simulator.tasks[0].taskId}`);
	});

	// The editor offers Retry for failed executions only, the interface for programs also for stopped ones. n8n keeps nothing of
	// what a stopped node did, but the token that makes the key: README, "Money".
	lab.testWhere(
		'identityOfRetries',
		'and retried all the same: the task is found again by its key',
		async () => {
			lab.simulator.plan({ seconds: 20 });
			const retried = await retryStopped(await start());
			expect(itemsOf(retried.data, HIAPI)[0].json).toMatchObject({
				taskId: lab.simulator.tasks[0].taskId,
				replayed: true,
			});
			expect(lab.simulator.purchases).toBe(1);
			expect(lab.keys().size).toBe(1);
		},
	);

	lab.testWhere(
		'retriesOfStopped',
		'and retried all the same: with a key of the user the task is found again',
		async () => {
			lab.simulator.plan({ seconds: 20 });
			const retried = await retryStopped(await start({ idempotencyKey: `row-${Date.now()}` }));
			expect(itemsOf(retried.data, HIAPI)[0].json).toMatchObject({
				taskId: lab.simulator.tasks[0].taskId,
				replayed: true,
			});
			expect(lab.simulator.purchases).toBe(1);
		},
	);
});
