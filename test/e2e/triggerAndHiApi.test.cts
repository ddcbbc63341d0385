import { useLab } from './support/lab.cts';
import {
	arrivals,
	callback,
	listen,
	post,
	untilArrived,
	deliver,
	taskIdOf,
	type Listener,
} from './support/triggerLab.cts';
import { until } from './support/until.cts';
import { create, HIAPI, hiApiNode, MODEL, workflowOf } from './support/workflows.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';

const lab = useLab();

/** Buys a task at the simulator that calls the listener when it ends; returns its id. */
async function buy({ url }: Listener): Promise<string> {
	const reply = await fetch(`${lab.simulator.baseUrl}/tasks`, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${lab.simulator.apiKey}`,
			'content-type': 'application/json',
		},
		body: JSON.stringify({
			model: MODEL,
			input: { prompt: 'a kite' },
			callback: { url, when: 'final' },
		}),
	});
	const { data } = (await reply.json()) as { data: { taskId: string } };
	return data.taskId;
}

const answered = (count: number) => () =>
	lab.simulator.deliveries.filter(
		({ status, error }) => status !== undefined || error !== undefined,
	).length >= count;
const unsigned = { 'content-type': 'application/json' };

describe('HiAPI’s own sender', () => {
	lab.test('a task created by the HiAPI node starts the workflow when it ends', async () => {
		const listener = await listen(lab);
		const parameters = create('a kite', {}, { callback: 'url', callbackUrl: listener.url });
		const created = await lab.run(workflowOf(hiApiNode(lab.credential, parameters)));
		const [{ json }] = itemsOf(created.data, HIAPI);
		const { items } = await untilArrived(lab, listener, 1);
		expect(items[0].json).toMatchObject({
			taskId: json.taskId,
			status: 'success',
			event: 'task.success',
		});
		await until(answered(1));
		expect(lab.simulator.deliveries.map(({ status }) => status)).toEqual([200]);
	});

	lab.test(
		'n8n killed and started again: neither its four tries nor copies from before and after start anything twice',
		async () => {
			const called = await listen(lab);
			lab.simulator.plan({ outcome: 'stuck' });
			const taskId = await buy(called);
			const copied = await listen(lab);
			const [before, after] = [callback(), callback()];
			expect((await deliver(lab, copied, before)).status).toBe(200);
			await untilArrived(lab, copied, 1);

			await lab.kill();
			lab.simulator.finish(taskId);
			await until(answered(1));
			lab.simulator.advance(61);
			await until(answered(2));
			await lab.restart();
			lab.simulator.advance(240);
			await until(answered(3));
			expect(lab.simulator.deliveries.map(({ status }) => status)).toEqual([
				undefined,
				undefined,
				200,
			]);
			lab.simulator.advance(3_600);
			const { taskIds, executions } = await untilArrived(lab, called, 1);
			expect([taskIds, executions.length]).toEqual([[taskId], 1]);
			expect(lab.simulator.deliveries).toHaveLength(3);

			for (const body of [before, before, after, before])
				expect((await deliver(lab, copied, body)).status).toBe(200);
			expect((await untilArrived(lab, copied, 2)).taskIds).toEqual([before, after].map(taskIdOf));
		},
	);

	lab.test('copies at the same moment and later: still once', async () => {
		const listener = await listen(lab);
		Object.assign(lab.simulator.switches, { callbackConcurrency: 20, callbackCopies: 3 });
		const taskId = await buy(listener);
		await until(answered(60));
		expect(new Set(lab.simulator.deliveries.map(({ status }) => status))).toEqual(new Set([200]));
		expect((await untilArrived(lab, listener, 1)).taskIds).toEqual([taskId]);
	});
});

describe('reading the task back', () => {
	const readBack = { verification: 'readBack' };
	const secretless = async () =>
		await lab.n8n.createCredential('hiApiApi', { ...lab.credentialData(), webhookSecret: '' });

	lab.test(
		'an unsigned callback is believed when HiAPI confirms it, and HiAPI’s words count',
		async () => {
			lab.simulator.switches.callbackSignature = 'none';
			const listener = await listen(lab, readBack, await secretless());
			const taskId = await buy(listener);
			const { items } = await untilArrived(lab, listener, 1);
			expect(items[0].json).toMatchObject({
				taskId,
				status: 'success',
				url: expect.stringContaining(lab.simulator.origin),
			});
			const lie = callback({
				taskId,
				output: [{ url: 'https://evil.example/x.mp4', type: 'video' }],
			});
			expect((await post(listener.url, lie, unsigned)).status).toBe(200);
			await untilArrived(lab, listener, 1);
		},
	);

	lab.test('a lie about a finished task gives what HiAPI says', async () => {
		lab.simulator.switches.callbackDropped = true;
		const listener = await listen(lab, readBack, await secretless());
		lab.simulator.plan({ outcome: 'fail' });
		const taskId = await buy(listener);
		lab.simulator.finish(taskId);
		expect(
			(await post(listener.url, callback({ taskId, status: 'success' }), unsigned)).status,
		).toBe(200);
		const { items } = await untilArrived(lab, listener, 1);
		expect(items[0].json).toMatchObject({ taskId, status: 'fail', event: 'task.fail' });
	});

	lab.test('invented, unfinished and unconfirmed tasks start nothing', async () => {
		lab.simulator.switches.callbackDropped = true;
		const listener = await listen(lab, readBack, await secretless());
		expect((await post(listener.url, callback(), unsigned)).status).toBe(401);
		for (const taskId of ['..', '.', '../tasks?page=1', 'a/b', '%2e%2e']) {
			expect([
				taskId,
				[401, 503].includes((await post(listener.url, callback({ taskId }), unsigned)).status),
			]).toEqual([taskId, true]);
		}
		lab.simulator.plan({ outcome: 'stuck' });
		const taskId = await buy(listener);
		const hint = callback({ taskId });
		expect((await post(listener.url, hint, unsigned)).status).toBe(503);
		lab.simulator.finish(taskId);
		lab.simulator.fault({
			method: 'GET',
			path: `/v1/tasks/${taskId}`,
			times: 1,
			action: { type: 'drop', when: 'before' },
		});
		expect((await post(listener.url, hint, unsigned)).status).toBe(503);
		expect((await arrivals(lab, listener)).executions).toEqual([]);
		expect((await post(listener.url, hint, unsigned)).status).toBe(200);
		await untilArrived(lab, listener, 1);
	});

	lab.test('a signed callback while no secret is stored is refused', async () => {
		const listener = await listen(lab, readBack, await secretless());
		await buy(listener);
		await until(answered(1));
		expect(lab.simulator.deliveries[0].status).toBe(401);
		expect((await arrivals(lab, listener)).executions).toEqual([]);
		expect(lab.log()).toContain('no signing secret is stored');
	});
});

lab.test('no verification: an unsigned callback starts the workflow', async () => {
	const listener = await listen(lab, { verification: 'none' });
	expect((await post(listener.url, callback(), unsigned)).status).toBe(200);
	await untilArrived(lab, listener, 1);
});

describe('re-reading the task', () => {
	const reRead = { options: { reRead: true }, simplify: false };

	lab.test('fills in what the callback left out', async () => {
		const listener = await listen(lab, reRead);
		const taskId = await buy(listener);
		const { items } = await untilArrived(lab, listener, 1);
		expect(JSON.parse(lab.simulator.deliveries[0].rawBody.toString())).not.toHaveProperty(
			'storage',
		);
		expect(items[0].json).toMatchObject({ taskId, storage: 'temp', event: 'task.success' });
	});

	lab.test('goes on with the callback when HiAPI does not know the task', async () => {
		const listener = await listen(lab, reRead);
		const body = callback();
		expect((await deliver(lab, listener, body)).status).toBe(200);
		const { items, executions } = await untilArrived(lab, listener, 1);
		expect(items[0].json).toMatchObject(JSON.parse(body) as object);
		expect(JSON.stringify(executions[0].data.resultData.runData['HiAPI Trigger'])).toContain(
			'could not be re-read',
		);
	});
});
