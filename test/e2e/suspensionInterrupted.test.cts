import { hasEnded } from '../../scripts/n8n/client.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';
import { useLab } from './support/lab.cts';
import { prompts, suspensionTools } from './support/suspensionLab.cts';
import { until } from './support/until.cts';
import { HIAPI, hiApiNode, workflowOf } from './support/workflows.cts';

const lab = useLab();
const { jsonOf, keepRunning, statusesOf, suspending, taskOf, untilSuspended } =
	suspensionTools(lab);

const MINUTES = 60_000;

lab.test('a stopped execution stays stopped', async () => {
	keepRunning();
	const id = await untilSuspended(suspending(prompts(1)));
	await lab.n8n.stopExecution(id);
	lab.simulator.finish(taskOf('p0').taskId);
	await until(() => statusesOf()[0] !== undefined);
	expect(statusesOf()[0]).toBe(409);
	expect((await lab.n8n.execution(id)).status).toBe('canceled');
	// Retrying it gives the tasks it was waiting for, and buys nothing.
	const retried = await lab.n8n.untilExecution(await lab.n8n.retryExecution(id));
	expect(jsonOf(retried)).toEqual([
		expect.objectContaining({ taskId: taskOf('p0').taskId, timedOut: true }),
	]);
	expect(lab.simulator.purchases).toBe(1);
});

lab.test(
	'kill -9 while suspended, a restart, then the callback',
	async () => {
		keepRunning();
		const id = await untilSuspended(suspending(prompts(2)));
		await lab.kill();
		lab.simulator.switches.callbackAttempts = [0, 2, 40, 60];
		lab.simulator.finish(taskOf('p1').taskId);
		await lab.restart();
		lab.simulator.finish(taskOf('p0').taskId);
		const execution = await lab.n8n.untilExecution(id, hasEnded, MINUTES);
		expect(execution.status).toBe('success');
		expect(jsonOf(execution).map(({ taskId }) => taskId)).toEqual(
			['p0', 'p1'].map((prompt) => taskOf(prompt).taskId),
		);
		expect(lab.simulator.purchases).toBe(2);
	},
	3 * MINUTES,
);

lab.test(
	'when time runs out, what is unfinished goes on marked, and Wait for Completion picks it up',
	async () => {
		lab.simulator.plan({ seconds: 0.5 }, { prompt: 'quick' });
		keepRunning();
		const workflow = suspending([{ prompt: 'quick' }, { prompt: 'slow' }], {
			suspensionLimit: 0.01,
			grace: 4,
		});
		// suspended for less than a second: that it was shows in what comes out
		const id = await lab.start(workflow);
		const execution = await lab.n8n.untilExecution(id, hasEnded, 2 * MINUTES);
		expect(execution.status).toBe('success');
		const { taskId } = taskOf('slow');
		expect(jsonOf(execution)).toEqual([
			expect.objectContaining({
				taskId: taskOf('quick').taskId,
				status: 'success',
				url: expect.any(String),
			}),
			{
				taskId,
				model: expect.any(String),
				status: expect.stringMatching(/queued|handling/),
				timedOut: true,
				timeoutHint: expect.stringContaining(
					`cannot reach ${lab.server.address}/webhook-waiting/.`,
				),
			},
		]);
		lab.simulator.finish(taskId);
		await until(() => statusesOf().includes(409));
		const later = await lab.run(
			workflowOf(
				hiApiNode(lab.credential, {
					operation: 'waitForCompletion',
					taskId: { __rl: true, mode: 'id', value: '={{ $json.taskId }}' },
					options: {},
				}),
				[{ taskId }],
			),
		);
		expect(jsonOf(later)).toEqual([expect.objectContaining({ taskId, status: 'success' })]);
		expect(lab.simulator.purchases).toBe(2);
	},
	4 * MINUTES,
);

lab.test(
	'a failure while submitting is retried without buying twice, and goes on by polling',
	async () => {
		lab.simulator.plan({ seconds: 2 }, { times: 10 });
		lab.simulator.fault({
			method: 'POST',
			path: '/v1/tasks',
			after: 1,
			times: 1,
			action: { type: 'status', status: 402, message: 'balance' },
		});
		const failed = await lab.run(suspending(prompts(2), { concurrency: 1 }));
		expect(failed.status).toBe('error');
		expect(lab.simulator.purchases).toBe(1);
		const retried = await lab.n8n.untilExecution(await lab.n8n.retryExecution(failed.id));
		expect(retried.status).toBe('success');
		expect(jsonOf(retried).map(({ taskId }) => taskId)).toEqual(
			['p0', 'p1'].map((prompt) => taskOf(prompt).taskId),
		);
		expect(lab.simulator.purchases).toBe(2);
	},
);

lab.test('nothing is bought without a signing secret, unless polling may take over', async () => {
	const credential = await lab.n8n.createCredential('hiApiApi', {
		...lab.credentialData(),
		webhookSecret: '',
	});
	const without = (waitBy: string) => {
		const workflow = suspending(prompts(1), {}, { waitBy });
		workflow.nodes = workflow.nodes.map((one) =>
			one.name === HIAPI ? { ...one, credentials: { hiApiApi: credential } } : one,
		);
		return workflow;
	};
	const refused = await lab.run(without('callback'));
	expect(refused.status).toBe('error');
	expect(refused.data.resultData.error!.message).toContain('Webhook Signing Secret');
	expect(lab.simulator.purchases).toBe(0);
	const polled = await lab.run(without('callbackIfPossible'));
	expect(polled.status).toBe('success');
	expect(taskOf('p0').callbackUrl).toBeUndefined();
	expect(itemsOf(polled.data, HIAPI)[0].binary).toBeUndefined();
});

lab.test(
	'nothing is bought where the time limit of the workflow leaves no time to wait',
	async () => {
		const { settings, ...workflow } = suspending(prompts(1));
		const refused = await lab.run({ ...workflow, settings: { ...settings, executionTimeout: 90 } });
		expect(refused.data.resultData.error!.message).toMatch(
			/'Suspend at Most \(Minutes\)' is 60, and n8n ends this execution in 1\.5 minutes/,
		);
		expect(lab.simulator.purchases).toBe(0);
	},
);
