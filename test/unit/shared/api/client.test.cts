import { createClient, type ApiRequest } from '../../../../nodes/shared/api/client';
import { HiApiError } from '../../../../nodes/shared/errors/apiError';
import { VirtualTiming } from '../../../support/virtualTiming.cts';
import { CREATED, FakeHiApi, networkError, refusal, type Reaction } from './fakeHiApi.cts';
import { BODY, BUSY, CREATE, failureOf, LOST, READ, send } from './sending.cts';

describe('what goes over the wire', () => {
	test('a create: the very bytes, its key, JSON both ways, no redirect', async () => {
		const { api, reply } = await send([CREATED]);
		expect(reply).toEqual({ ok: true, data: { taskId: 'tk-1' }, replayed: false });
		expect(api.requests).toHaveLength(1);
		expect(api.requests[0]).toMatchObject({
			method: 'POST',
			url: 'https://api.hiapi.ai/v1/tasks',
			body: BODY,
			headers: {
				Accept: 'application/json',
				'Content-Type': 'application/json',
				'Idempotency-Key': 'key-1',
			},
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
			encoding: 'text',
		});
	});

	test('a read: no body, no key', async () => {
		const { api } = await send([{ status: 200, body: { code: 200, data: {} } }], READ);
		expect(Object.keys(api.requests[0].headers as object)).toEqual(['Accept', 'User-Agent']);
		expect(api.requests[0].body).toBeUndefined();
	});

	test('n8n puts the API key in, never the client', async () => {
		const { api } = await send([LOST, CREATED]);
		expect(JSON.stringify(api.requests)).not.toContain('sk-secret');
	});

	test('large bodies get the time they need', async () => {
		const timeout = async (request: ApiRequest) =>
			(await send([CREATED], request)).api.requests[0].timeout as number;
		const small = await timeout(CREATE);
		expect(await timeout(READ)).toBeLessThan(small);
		expect(await timeout({ ...CREATE, body: `{"x":"${'a'.repeat(2_000_000)}"}` })).toBeGreaterThan(
			small,
		);
	});
});

describe('sending again', () => {
	test.each<[string, Reaction]>([
		['the connection is lost', LOST],
		['no answer comes in time', { error: networkError('ECONNABORTED') }],
		['HTTP 500 as a page', { status: 500, body: '<html>' }],
		['HTTP 502 from a proxy', { status: 502, body: '<html>' }],
		['HTTP 503', BUSY],
		['HTTP 429', refusal(429)],
		['HTTP 409', refusal(409, 'IDEMPOTENCY_KEY_PROCESSING', { 'retry-after': '5' })],
		['broken JSON', { status: 200, body: '{"code":200,"data":{"taskId":"tk-' }],
		['a success without a task id', { status: 200, body: { code: 200, data: { taskId: '' } } }],
		['a success without data', { status: 200, body: { code: 200, data: null } }],
	])('after %s: the same bytes and the same key, until there is a task', async (_, trouble) => {
		const { api, reply } = await send([trouble, trouble, CREATED]);
		expect(reply).toMatchObject({ ok: true, data: { taskId: 'tk-1' } });
		expect(api.requests).toHaveLength(3);
		expect(api.header('Idempotency-Key')).toEqual(['key-1', 'key-1', 'key-1']);
		expect(api.requests.map(({ body }) => body)).toEqual([BODY, BODY, BODY]);
	});

	test('says when the task had been there already', async () => {
		const { reply } = await send([LOST, { ...CREATED, headers: { 'idempotent-replay': 'true' } }]);
		expect(reply).toMatchObject({ ok: true, replayed: true });
	});

	test.each([408, 425, 500, 502, 504])(
		"not after HiAPI's own HTTP %i, which leaves the task open",
		async (status) => {
			const sent = await send([refusal(status), CREATED]);
			expect(sent.api.requests).toHaveLength(1);
			expect(failureOf(sent)).toMatchObject({ status, outcomeUnknown: true });
		},
	);

	test.each([400, 401, 402, 403, 404, 413, 415, 422])('not after HTTP %i', async (status) => {
		const sent = await send([refusal(status), CREATED]);
		expect(sent.api.requests).toHaveLength(1);
		expect(failureOf(sent)).toMatchObject({ status, outcomeUnknown: false });
	});

	test('never a create without a key, unless it was refused unread', async () => {
		const keyless = { ...CREATE, idempotencyKey: undefined };
		expect((await send([LOST, CREATED], keyless)).api.requests).toHaveLength(1);
		expect((await send([refusal(500), CREATED], keyless)).api.requests).toHaveLength(1);
		expect((await send([BUSY, CREATED], keyless)).api.requests).toHaveLength(2);
	});

	test('waits as long as HiAPI asks', async () => {
		const { tookMs } = await send([refusal(429, undefined, { 'retry-after': '30' }), CREATED]);
		expect(tookMs).toBeGreaterThanOrEqual(30_000);
		expect(tookMs).toBeLessThan(31_000);
	});

	test('gives up in the end', async () => {
		expect((await send([LOST])).api.requests).toHaveLength(6);
		expect((await send([refusal(429)])).api.requests).toHaveLength(13);
	});
});

describe('a client from the credential', () => {
	const timing = new VirtualTiming();

	test('uses its base URL', async () => {
		const api = new FakeHiApi([CREATED]);
		api.credential.baseUrl = ' http://localhost:4010/ ';
		const client = await createClient(api.context, timing);
		await client.send(CREATE, { deadlineMs: timing.monotonic() });
		expect(api.requests[0].url).toBe('http://localhost:4010/v1/tasks');
	});

	test.each(['http://api.hiapi.ai', 'ftp://x', 'http://134744072', 'https://u:p@x'])(
		'refuses %s before anything is sent, without telling the key',
		async (baseUrl) => {
			const api = new FakeHiApi([CREATED]);
			api.credential.baseUrl = baseUrl;
			const failure = await createClient(api.context, timing).catch((error: unknown) => error);
			expect(failure).toBeInstanceOf(HiApiError);
			expect((failure as HiApiError).message).toMatch(/^'Base URL' in the credential /);
			expect(JSON.stringify([failure, (failure as Error).message])).not.toContain('sk-');
			expect(api.requests).toHaveLength(0);
		},
	);
});
