import { receiveCallback } from '../../../nodes/HiApiTrigger/receive';
import { fakeWebhook, signedNow, type WebhookSetup } from '../shared/webhook/fakeWebhook.cts';
import { FAILURE, SECRET, SUCCESS } from '../shared/webhook/vectors.cts';
import { callback, EVENTS, send, signed } from './receiving.cts';

describe('signature', () => {
	test.each([SUCCESS, FAILURE])('$name starts the workflow once', async ({ body }) => {
		const workflowId = `signature ${body.length}`;
		const first = await send(signed(body, { workflowId }));
		expect(first.status).toBe(200);
		expect(first.received).toMatchObject({ task: { source: JSON.parse(body) }, readBack: false });
		expect(Date.now() - Date.parse(first.received?.receivedAt ?? '')).toBeLessThan(60_000);
		const second = await send(signed(body, { workflowId }));
		expect(second.received).toBeUndefined();
		expect([second.status, second.answer.message]).toEqual([200, 'Received before']);
		expect(second.warnings).toEqual([]);
	});

	test('what the URL carries goes on, with all its signs', async () => {
		const query = { reference: 'Größe & Farbe #3', tag: ['a', 'b'] };
		expect((await send(signed(callback(), { query }))).received?.query).toEqual(query);
		expect((await send(signed(callback()))).received).not.toHaveProperty('query');
	});

	test('the previous secret counts too', async () => {
		const body = callback();
		const { received } = await send(
			signed(body, {
				credential: { webhookSecret: 'a new secret 00001', previousWebhookSecret: SECRET },
			}),
		);
		expect(received).toBeDefined();
	});

	test('another workflow gets the same task too', async () => {
		const body = callback();
		expect((await send(signed(body))).received).toBeDefined();
		expect((await send(signed(body, { workflowId: 'workflow-2' }))).received).toBeDefined();
	});

	test('bytes are taken as they came, with byte order mark and line ends', async () => {
		const body = Buffer.from(
			`\uFEFF${callback({ error: { message: '画面 – \u{1F3A8}' }, status: 'fail' })}\r\n`,
		);
		expect((await send(signed(body))).received?.task.failure?.message).toBe('画面 – \u{1F3A8}');
	});

	test.each<[string, (body: string) => Partial<WebhookSetup>, string]>([
		['no headers', () => ({ headers: {} }), 'not signed'],
		[
			'a wrong secret',
			(body) => ({ headers: signedNow(body, 'another secret 0001') }),
			'does not match',
		],
		['a changed body', (body) => ({ body: `${body} ` }), 'does not match'],
		[
			'an old timestamp',
			() => ({
				headers: { 'x-hiapi-timestamp': '1777282100', 'x-hiapi-signature': SUCCESS.signature },
			}),
			'too far',
		],
		[
			'no secret in the credential',
			() => ({ credential: {} }),
			"store the same text as 'Webhook Signing Secret'",
		],
		[
			'no credential',
			() => ({ credential: undefined }),
			"store the same text as 'Webhook Signing Secret'",
		],
		[
			'a body that n8n cannot read',
			() => ({ readRawBody: async () => await Promise.reject(new Error('not readable')) }),
			'does not match',
		],
		[
			'no bytes of the body',
			() => ({ readRawBody: async () => await Promise.resolve() }),
			'does not match',
		],
	])('%s: 401, nothing starts, the reason goes to the log only', async (_name, change, reason) => {
		const body = callback();
		const { status, received, answer, warnings } = await send({ ...signed(body), ...change(body) });
		expect([status, received]).toEqual([401, undefined]);
		expect(answer).toEqual({ message: 'Not accepted as a callback of HiAPI' });
		expect(warnings).toHaveLength(1);
		expect(warnings[0]).toContain(reason);
		expect(warnings[0]).not.toContain(SECRET);
		// A forgery must not stand in the way of the real callback.
		expect((await send(signed(body))).received).toBeDefined();
	});

	test('an unknown choice of verification is the safe one', async () => {
		const setup = signed(callback(), {
			parameters: { ...EVENTS, verification: 'whatever' },
			headers: {},
		});
		expect((await send(setup)).status).toBe(401);
	});

	test('the window can be widened, and turned off', async () => {
		const old = { 'x-hiapi-timestamp': '1777282100', 'x-hiapi-signature': SUCCESS.signature };
		const withWindow = async (timeWindow: unknown) =>
			(
				await send(
					signed(SUCCESS.body, {
						headers: old,
						parameters: { ...EVENTS, options: { timeWindow } },
						workflowId: `window ${timeWindow}`,
					}),
				)
			).status;
		expect(await withWindow(300)).toBe(401);
		expect(await withWindow('x')).toBe(401);
		expect(await withWindow(1e10)).toBe(200);
		expect(await withWindow(0)).toBe(200);
	});

	test.each([
		['not JSON', '{'],
		['a list', '[]'],
		['no task id', '{"status":"success"}'],
	])('signed, but %s: 400', async (_name, body) => {
		const { status, received, answer, warnings } = await send(signed(body));
		expect([status, received, answer.message]).toEqual([400, undefined, 'Not a HiAPI task']);
		expect(warnings).toHaveLength(1);
	});
});

describe('what the user did not ask for', () => {
	test.each<[string, object, Record<string, unknown>]>([
		['an unfinished task', { status: 'archiving' }, EVENTS],
		['another event', { status: 'fail' }, { events: ['task.success'] }],
		['another model', {}, { ...EVENTS, filters: { models: ['gpt-*'] } }],
		['another route', {}, { ...EVENTS, filters: { routes: ['pro'] } }],
		[
			'another model, from an expression that gives one text',
			{},
			{ ...EVENTS, filters: { models: 'gpt-*' } },
		],
	])('%s: 200, nothing starts, and nothing is remembered', async (_name, fields, parameters) => {
		const body = callback(fields);
		const { status, received, warnings } = await send(signed(body, { parameters }));
		expect([status, received, warnings]).toEqual([200, undefined, []]);
		const wanted = callback({ taskId: JSON.parse(body).taskId as string });
		expect((await send(signed(wanted))).received).toBeDefined();
	});
});

describe('copies', () => {
	test('of twenty at once one starts; the others are answered after n8n has stored it', async () => {
		const body = callback();
		const fakes = Array.from({ length: 20 }, () => fakeWebhook(signed(body)));
		const results = fakes.map(async ({ context }) => await receiveCallback(context));
		expect((await results[0]).workflowData).toBeDefined();
		fakes[0].response.end();
		const others = await Promise.all(results.slice(1));
		expect(
			others.every(
				({ workflowData, webhookResponse }) =>
					!workflowData && webhookResponse.message === 'Received before',
			),
		).toBe(true);
	});

	test('one takes over when n8n could not store the first', async () => {
		const body = callback();
		const fakes = [0, 1].map(() => fakeWebhook(signed(body)));
		const [first, second] = fakes.map(async ({ context }) => await receiveCallback(context));
		await first;
		fakes[0].response.end(500);
		expect((await second).workflowData).toBeDefined();
		fakes[1].response.end();
	});

	test('one that comes while the first sender has hung up is told to come back', async () => {
		jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
		try {
			const body = callback();
			const first = fakeWebhook(signed(body));
			await receiveCallback(first.context);
			first.response.emit('close');
			const second = send(signed(body));
			await jest.advanceTimersByTimeAsync(6_000);
			const { status, received, warnings } = await second;
			expect([status, received]).toEqual([503, undefined]);
			expect(warnings[0]).toContain('still being stored');
			first.response.writableEnded = true;
			expect((await send(signed(body))).answer.message).toBe('Received before');
		} finally {
			jest.useRealTimers();
		}
	});

	test('while trying out in the editor every copy counts', async () => {
		const body = callback();
		for (let copy = 0; copy < 3; copy += 1) {
			expect((await send(signed(body, { mode: 'manual' }))).received).toBeDefined();
		}
		expect((await send(signed(body))).received).toBeDefined();
	});
});

describe('when n8n itself is in trouble', () => {
	test.each<[string, Partial<WebhookSetup>]>([
		['the credential cannot be read', { credential: new Error('database is locked') }],
	])('%s: 503, so that HiAPI comes back', async (_name, change) => {
		const { status, received, warnings } = await send({ ...signed(callback()), ...change });
		expect([status, received]).toEqual([503, undefined]);
		expect(warnings[0]).toContain('could not be checked');
	});

	test('an answer that has begun is left alone', async () => {
		const fake = fakeWebhook(signed('{'));
		fake.response.headersSent = true;
		expect(await receiveCallback(fake.context)).toEqual({ noWebhookResponse: true });
		expect(fake.response.sent).toBeUndefined();
	});
});
