import { gzipSync } from 'node:zlib';

import { withReference } from '../../nodes/shared/webhook/callback';
import { lacks } from './support/abilities.cts';
import { useLab } from './support/lab.cts';
import { until } from './support/until.cts';
import {
	callback,
	deliver,
	listen,
	listenerOf,
	PAIRED,
	post,
	signature,
	taskIdOf,
	TRIGGER,
	triggerWorkflow,
	untilArrived,
} from './support/triggerLab.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';

const lab = useLab();

describe('a signed callback', () => {
	lab.test('of a success starts the workflow once', async () => {
		const listener = await listen(lab);
		const body = callback();
		expect(await deliver(lab, listener, body)).toMatchObject({
			status: 200,
			text: '{"message":"Received"}',
		});
		const { items, executions } = await untilArrived(lab, listener, 1);
		expect(items[0].json).toEqual({
			taskId: taskIdOf(body),
			model: 'seedance-2-0',
			status: 'success',
			url: 'https://cdn.hiapi.ai/tasks/x/video.mp4',
			outputs: [
				{
					url: 'https://cdn.hiapi.ai/tasks/x/video.mp4',
					type: 'video',
					expiresAt: expect.stringMatching(/Z$/),
				},
			],
			createdAt: expect.stringMatching(/Z$/),
			completedAt: expect.stringMatching(/Z$/),
			event: 'task.success',
			receivedAt: expect.stringMatching(/Z$/),
		});
		expect(itemsOf(executions[0].data, PAIRED)).toMatchObject([
			{ json: { taskId: taskIdOf(body) } },
		]);
	});

	lab.test('brings what its URL carries, through n8n, with all its signs', async () => {
		const listener = await listen(lab);
		const reference = 'Größe & Farbe #3';
		const url = `${withReference(listener.url, reference)}&row=42`;
		const body = callback();
		expect((await deliver(lab, { ...listener, url }, body)).status).toBe(200);
		const { items } = await untilArrived(lab, listener, 1);
		expect(items[0].json).toMatchObject({
			taskId: taskIdOf(body),
			reference,
			query: { reference, row: '42' },
			queryVerified: false,
		});
	});

	lab.test('of a failure carries why', async () => {
		const listener = await listen(lab);
		const body = callback({
			status: 'fail',
			output: undefined,
			error: { code: 'TASK_FAILED', message: '画面被拒绝 – blocked' },
		});
		expect((await deliver(lab, listener, body)).status).toBe(200);
		const { items } = await untilArrived(lab, listener, 1);
		expect(items[0].json).toMatchObject({
			event: 'task.fail',
			failure: { code: 'TASK_FAILED', message: '画面被拒绝 – blocked' },
		});
	});

	lab.test('can come as the whole task', async () => {
		const listener = await listen(lab, { simplify: false });
		const body = callback({ storage: 'temp', extra: { kept: true } });
		await deliver(lab, listener, body);
		const { items } = await untilArrived(lab, listener, 1);
		expect(items[0].json).toEqual({
			...JSON.parse(body),
			event: 'task.success',
			receivedAt: expect.any(String),
		});
	});

	lab.test('is accepted whatever its content type, encoding and first bytes', async () => {
		const listener = await listen(lab);
		const bodies: string[] = [];
		const send = async (
			headers: Record<string, string>,
			change: (body: string) => string | Buffer = (body) => body,
			signed = change,
		) => {
			const body = callback();
			bodies.push(taskIdOf(body));
			return (
				await post(listener.url, change(body), { ...signature(lab, signed(body)), ...headers })
			).status;
		};
		for (const type of [
			'application/json; charset=utf-8',
			'application/vnd.hiapi+json',
			'application/octet-stream',
			'text/plain',
		]) {
			expect(await send({ 'content-type': type })).toBe(200);
		}
		const mark = lacks('byteOrderMarks') ? '' : '\uFEFF';
		expect(await send({}, (body) => `${mark}${body}\r\n`)).toBe(200);
		expect(
			await send(
				{ 'content-encoding': 'gzip' },
				(body) => gzipSync(body),
				(body) => body,
			),
		).toBe(200);
		const { taskIds } = await untilArrived(lab, listener, bodies.length);
		expect(new Set(taskIds)).toEqual(new Set(bodies));
	});

	lab.test('may be as large as n8n allows', async () => {
		const listener = await listen(lab);
		const near = callback({ filler: 'x'.repeat(15.5 * 1024 * 1024) });
		expect((await deliver(lab, listener, near)).status).toBe(200);
		const above = callback({ filler: 'x'.repeat(17 * 1024 * 1024) });
		expect((await deliver(lab, listener, above)).status).not.toBe(200);
		const { taskIds, executions } = await untilArrived(lab, listener, 1);
		expect([taskIds, executions.length]).toEqual([[taskIdOf(near)], 1]);
	});
});

describe('once', () => {
	lab.test(
		'twenty copies of twenty callbacks at the same moment run the next node twenty times',
		async () => {
			const listener = await listen(lab);
			const bodies = Array.from({ length: 20 }, () => callback());
			// 40 requests at a time: with many more, n8n's own pool of database connections gives up on some of them.
			for (let first = 0; first < bodies.length; first += 2) {
				const copies = Array.from({ length: 20 }, () => bodies.slice(first, first + 2)).flat();
				const answers = await Promise.all(
					copies.map(async (body) => await deliver(lab, listener, body)),
				);
				// A copy that cannot learn in time what became of the first is told to come back, as HiAPI does.
				expect(answers.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
			}
			// As HiAPI does: again, until n8n has stored the run.
			for (const body of bodies)
				await until(async () => (await deliver(lab, listener, body)).status === 200);
			const { taskIds, executions } = await untilArrived(lab, listener, 20);
			expect(new Set(taskIds)).toEqual(new Set(bodies.map(taskIdOf)));
			expect(executions).toHaveLength(20);
			for (const body of bodies) expect((await deliver(lab, listener, body)).status).toBe(200);
			await untilArrived(lab, listener, 20);
		},
		240_000,
	);

	lab.test('a wrapped copy and a bare one count as the same task', async () => {
		const listener = await listen(lab);
		const body = callback();
		expect(
			(await deliver(lab, listener, `{"code":200,"message":"success","data":${body}}`)).status,
		).toBe(200);
		expect((await deliver(lab, listener, body)).text).toContain('Received before');
		await untilArrived(lab, listener, 1);
	});
});

describe('changing the secret', () => {
	lab.test('both secrets count, then only the new one', async () => {
		const data = lab.credentialData();
		const credential = await lab.n8n.createCredential('hiApiApi', data);
		const listener = await listen(lab, {}, credential);
		const change = async (fields: Partial<typeof data>) =>
			await lab.n8n.rest('PATCH', `/credentials/${credential.id}`, {
				name: credential.name,
				type: 'hiApiApi',
				data: { ...data, ...fields },
			});
		const next = 'the next webhook secret 0002';
		const statuses = async () => [
			(await deliver(lab, listener, callback(), next)).status,
			(await deliver(lab, listener, callback())).status,
		];
		expect(await statuses()).toEqual([401, 200]);
		await change({ webhookSecret: next, previousWebhookSecret: data.webhookSecret });
		expect(await statuses()).toEqual([200, 200]);
		// known already, so that it starts nothing however often it is accepted
		const known = callback();
		expect((await deliver(lab, listener, known)).status).toBe(200);
		await change({ webhookSecret: next });
		// the node may go on with what it read of the credential a few seconds ago
		await until(async () => (await deliver(lab, listener, known)).status === 401);
		expect(await statuses()).toEqual([200, 401]);
		await untilArrived(lab, listener, 5);
	});
});

describe('in the editor', () => {
	lab.test(
		'"Listen for test event" takes the next genuine callback, the same one as often as wanted',
		async () => {
			const workflow = await lab.n8n.createWorkflow(triggerWorkflow(lab.credential));
			const listener = listenerOf(lab, workflow);
			const body = callback();
			for (let round = 1; round <= 2; round += 1) {
				const started = await lab.n8n.rest('POST', `/workflows/${workflow.id}/run`, {
					workflowData: workflow,
					triggerToStartFrom: { name: TRIGGER },
				});
				expect(started).toMatchObject({ waitingForWebhook: true });
				expect(
					(await post(listener.testUrl, body, { 'content-type': 'application/json' })).status,
				).toBe(401);
				expect((await post(listener.testUrl, body, signature(lab, body))).status).toBe(200);
				const { executions } = await untilArrived(lab, listener, round);
				expect(executions.at(-1)).toMatchObject({ status: 'success', mode: 'manual' });
				expect((await post(listener.testUrl, body, signature(lab, body))).status).toBe(404);
			}
			await lab.n8n.publish(workflow);
			expect((await deliver(lab, listener, body)).status).toBe(200);
			await untilArrived(lab, listener, 3);
		},
	);

	lab.test('the URL answers while the workflow is published, and not before or after', async () => {
		const workflow = await lab.n8n.createWorkflow(triggerWorkflow(lab.credential));
		const listener = listenerOf(lab, workflow);
		expect((await deliver(lab, listener, callback())).status).toBe(404);
		await lab.n8n.publish(workflow);
		expect((await deliver(lab, listener, callback())).status).toBe(200);
		await lab.n8n.unpublish(workflow.id);
		const isOut = async () =>
			(await deliver(lab, listener, callback({ status: 'queued' }))).status === 404;
		await until(isOut);
		await lab.n8n.publish(await lab.n8n.getWorkflow(workflow.id));
		expect((await deliver(lab, listener, callback())).status).toBe(200);
		await untilArrived(lab, listener, 2);
	});

	lab.test('says what it is for and how to set it up', async () => {
		const type = (await lab.n8n.nodeTypes()).find(
			({ name }) => name === 'n8n-nodes-hiapi.hiApiTrigger',
		);
		expect(type).toMatchObject({
			displayName: 'HiAPI Trigger',
			version: [2],
			eventTriggerDescription: expect.stringContaining('test URL'),
			activationMessage: expect.stringContaining('production URL'),
			triggerPanel: {
				executionsHelp: {
					active: expect.stringContaining('production URL'),
					inactive: expect.stringContaining('test URL'),
				},
			},
			iconUrl: {
				light: expect.stringContaining('hiapi.svg'),
				dark: expect.stringContaining('hiapi.dark.svg'),
			},
		});
	});
});
