import { setTimeout as sleep } from 'node:timers/promises';

import type { Workflow, WorkflowDefinition } from '../../scripts/n8n/client.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';
import {
	buy,
	pollingWorkflow,
	pollTimes,
	TRIGGER,
	untilPolled,
	watched,
} from './pollingTriggerLab.cts';
import { useLab } from './support/lab.cts';
import { arrivals, untilArrived } from './support/triggerLab.cts';

const lab = useLab();

const RESTART_MILLISECONDS = 120_000;

const DURABLE = {
	N8N_SCHEDULER_ENABLED: 'true',
	N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
	N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
	// seconds; the standard are 10 and 5
	N8N_SCHEDULER_MATERIALIZATION_INTERVAL: '2',
	N8N_SCHEDULER_EXECUTOR_INTERVAL: '1',
};
/** Longer than n8n then takes between two rounds. */
const TWO_ROUNDS_MILLISECONDS = 4_000;

// A trigger that goes on polling would be counted in the next test.
const published: string[] = [];
afterEach(
	async () =>
		await Promise.all(
			published.splice(0).map(async (workflowId) => await lab.n8n.unpublish(workflowId)),
		),
);

async function publish(workflow: WorkflowDefinition): Promise<Workflow> {
	const created = await lab.publish(workflow);
	published.push(created.id);
	return created;
}

describe('with n8n’s usual scheduler', () => {
	beforeEach(async () => await lab.runWith({}), RESTART_MILLISECONDS);

	lab.test(
		'nothing old, then each finished task once, a poll with nothing new being one request',
		async () => {
			await buy(lab, 3, 0);
			const workflow = await publish(pollingWorkflow(lab.credential, { downloadOutputs: true }));
			const running = await buy(lab, 2);
			await untilPolled(lab, 1);
			running.forEach((taskId) => lab.simulator.finish(taskId));
			const { items } = await untilArrived(lab, watched(workflow), 2);
			expect(items.map(({ json }) => json.taskId)).toEqual(running);
			expect(items[0].binary?.data).toMatchObject({ mimeType: 'image/png' });
			expect(items[0].json).not.toHaveProperty('hiApiTask');
			expect(items[0].json).toMatchObject({
				status: 'success',
				event: 'task.success',
				url: expect.stringContaining('/files/'),
			});
			const before = lab.simulator.requests.length;
			await untilPolled(lab, 2);
			// on a busy machine two polls may follow one another closely, and a third one come before this looks
			expect(lab.simulator.requests.slice(before, before + 2).map(({ path }) => path)).toEqual(
				Array(2).fill('/v1/tasks?page=1&size=100'),
			);
			const { executions } = await untilArrived(lab, watched(workflow), 2);
			expect(executions.map(({ status, mode }) => [status, mode])).toEqual([
				['success', 'trigger'],
			]);
			expect(lab.simulator.purchases).toBe(5);
		},
	);

	lab.test(
		'keeps its place when n8n is killed: before anything went out, and after; and when HiAPI says no while n8n starts',
		async () => {
			await buy(lab, 2, 0);
			const workflow = await publish(pollingWorkflow(lab.credential));
			const [first, second] = await buy(lab, 2);
			await lab.kill();
			lab.simulator.finish(first);
			await lab.restart();
			expect((await untilArrived(lab, watched(workflow), 1)).taskIds).toEqual([first]);
			// Polls that start nothing are not stored; that does no harm.
			await untilPolled(lab, 2);
			await lab.kill();
			lab.simulator.finish(second);
			lab.simulator.fault({
				method: 'GET',
				path: '/v1/tasks',
				times: 1,
				action: { type: 'status', status: 403 },
			});
			await lab.restart();
			expect((await untilArrived(lab, watched(workflow), 2)).taskIds).toEqual([first, second]);
			await untilPolled(lab, 2);
			expect((await arrivals(lab, watched(workflow))).taskIds).toEqual([first, second]);
		},
		150_000,
	);

	lab.test('cannot be published with a key HiAPI does not accept', async () => {
		const credential = await lab.n8n.createCredential('hiApiApi', {
			...lab.credentialData(),
			apiKey: 'sk-wrong',
		});
		await expect(lab.publish(pollingWorkflow(credential))).rejects.toThrow(
			/fail|not published|did not accept/i,
		);
	});

	lab.test(
		'"Fetch test event" shows finished tasks and takes nothing away from the published workflow',
		async () => {
			const definition = pollingWorkflow(lab.credential);
			const workflow = await lab.n8n.createWorkflow(definition);
			const old = await buy(lab, 2, 0);
			const manually = async () =>
				await lab.n8n.untilExecution(await lab.n8n.runManually(workflow, TRIGGER));
			const shown = await manually();
			expect(itemsOf(shown.data, TRIGGER).map(({ json }) => json.taskId)).toEqual(old.reverse());
			await lab.n8n.publish(workflow);
			published.push(workflow.id);
			const [fresh] = await buy(lab, 1);
			await untilPolled(lab, 1);
			lab.simulator.finish(fresh);
			expect(itemsOf((await manually()).data, TRIGGER)[0].json.taskId).toBe(fresh);
			const { executions } = await untilArrived(lab, watched(workflow), 2 + 3 + 1);
			expect(executions.filter(({ mode }) => mode === 'trigger')).toHaveLength(1);
		},
	);
});

describe('with n8n’s durable scheduler', () => {
	beforeEach(async () => await lab.runWith(DURABLE), RESTART_MILLISECONDS);

	lab.testWhere(
		'durableScheduler',
		'keeps its place, which n8n stores together with the execution, when n8n is killed',
		async () => {
			const workflow = await publish(pollingWorkflow(lab.credential));
			const [first, second] = await buy(lab, 2);
			await untilPolled(lab, 1);
			lab.simulator.finish(first);
			expect((await untilArrived(lab, watched(workflow), 1)).taskIds).toEqual([first]);
			await lab.kill();
			lab.simulator.finish(second);
			await lab.restart(DURABLE);
			expect((await untilArrived(lab, watched(workflow), 2)).taskIds).toEqual([first, second]);
			await untilPolled(lab, 2);
			expect((await arrivals(lab, watched(workflow))).taskIds).toEqual([first, second]);
		},
		150_000,
	);

	// n8n runs the polls of one trigger side by side here, each from the place that was stored when it was taken up.
	lab.testWhere(
		'durableScheduler',
		'hands each task over once when several poll times fall together',
		async () => {
			const workflow = await publish(
				pollingWorkflow(lab.credential, {
					pollTimes: { item: Array(5).fill(pollTimes(3).item).flat() },
				}),
			);
			const taskIds = await buy(lab, 6);
			await untilPolled(lab, 1);
			for (const [index, taskId] of taskIds.entries()) {
				lab.simulator.finish(taskId);
				await untilArrived(lab, watched(workflow), index + 1);
			}
			await sleep(TWO_ROUNDS_MILLISECONDS);
			expect((await arrivals(lab, watched(workflow))).taskIds).toEqual(taskIds);
		},
		150_000,
	);
});
