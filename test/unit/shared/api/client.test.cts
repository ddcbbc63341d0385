import fc from 'fast-check';

import { createClient, HiApiClient, type ApiRequest, type RequestBudget } from '../../../../nodes/shared/api/client';
import type { ReadReply, RequestFailure } from '../../../../nodes/shared/api/envelope';
import { HiApiFailure } from '../../../../nodes/shared/api/failure';
import { RequestPacer } from '../../../../nodes/shared/api/requestPacer';
import { isRecord } from '../../../../nodes/shared/values';
import { VirtualTiming } from '../../../support/virtualTiming.cts';
import { CREATED, FakeHiApi, networkError, refusal, type Reaction } from './fakeHiApi.cts';

const BODY = '{"model":"m","input":{"prompt":"a lake \u{1F30A}"}}';
const CREATE: ApiRequest = {
	method: 'POST',
	path: '/tasks',
	body: BODY,
	idempotencyKey: 'key-1',
	isExpected: (data) => isRecord(data) && typeof data.taskId === 'string' && data.taskId !== '',
};
const READ: ApiRequest = { method: 'GET', path: '/tasks/tk-1', isExpected: isRecord };

interface Sent {
	api: FakeHiApi;
	reply: ReadReply;
	tookMs: number;
}

async function send(reactions: Reaction[], request: ApiRequest = CREATE, budget: Partial<RequestBudget> & { budgetMs?: number } = {}, pacer?: RequestPacer): Promise<Sent> {
	const api = new FakeHiApi(reactions);
	const timing = new VirtualTiming();
	const startMs = timing.now();
	const client = new HiApiClient(api.context, 'https://api.hiapi.ai/v1', timing, pacer);
	const reply = await client.send(request, { deadlineMs: startMs + (budget.budgetMs ?? 600_000), signal: budget.signal });
	return { api, reply, tookMs: timing.now() - startMs };
}

function failureOf({ reply }: Sent): RequestFailure {
	if (reply.ok) throw new Error('unexpected success');
	return reply.failure;
}

const LOST = { error: networkError('ECONNRESET') };
const BUSY = refusal(503);

describe('what goes over the wire', () => {
	test('a create: the very bytes, its key, JSON both ways, no redirect', async () => {
		const { api, reply } = await send([CREATED]);
		expect(reply).toEqual({ ok: true, data: { taskId: 'tk-1' }, replayed: false });
		expect(api.requests).toHaveLength(1);
		expect(api.requests[0]).toMatchObject({
			method: 'POST',
			url: 'https://api.hiapi.ai/v1/tasks',
			body: BODY,
			headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'Idempotency-Key': 'key-1' },
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
			encoding: 'text',
		});
	});

	test('a read: no body, no key', async () => {
		const { api } = await send([{ status: 200, body: { code: 200, data: {} } }], READ);
		expect(Object.keys(api.requests[0].headers as object)).toEqual(['Accept']);
		expect(api.requests[0].body).toBeUndefined();
	});

	test('n8n puts the API key in, never the client', async () => {
		const { api } = await send([LOST, CREATED]);
		expect(JSON.stringify(api.requests)).not.toContain('sk-secret');
	});

	test('large bodies get the time they need', async () => {
		const timeout = async (request: ApiRequest) => (await send([CREATED], request)).api.requests[0].timeout as number;
		const small = await timeout(CREATE);
		expect(await timeout(READ)).toBeLessThan(small);
		expect(await timeout({ ...CREATE, body: `{"x":"${'a'.repeat(2_000_000)}"}` })).toBeGreaterThan(small);
	});
});

describe('sending again', () => {
	test.each<[string, Reaction]>([
		['the connection is lost', LOST],
		['no answer comes in time', { error: networkError('ECONNABORTED') }],
		['HTTP 500', refusal(500)],
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

describe('the time budget', () => {
	test.each([0, 200, 1_000, 5_000, 20_000])('%i ms: nothing is sent after it', async (budgetMs) => {
		const api = new FakeHiApi([LOST]);
		const timing = new VirtualTiming();
		const deadlineMs = timing.now() + budgetMs;
		const sentAt: number[] = [];
		api.onRequest = () => sentAt.push(timing.now());
		await new HiApiClient(api.context, 'https://x/v1', timing).send(CREATE, { deadlineMs });
		expect(sentAt.length).toBeGreaterThan(0);
		for (const at of sentAt.slice(1)) expect(at).toBeLessThan(deadlineMs);
	});

	test('is kept also while others use up the shared request budget', async () => {
		const timing = new VirtualTiming();
		const pacer = new RequestPacer(timing.now());
		const api = new FakeHiApi([
			() => {
				for (let other = 0; other < 500; other++) pacer.reserve(timing.now());
				throw networkError('ECONNRESET');
			},
			CREATED,
		]);
		const reply = await new HiApiClient(api.context, 'https://x/v1', timing, pacer).send(CREATE, { deadlineMs: timing.now() + 3_000 });
		expect(api.requests).toHaveLength(1);
		expect(reply).toMatchObject({ ok: false, failure: { networkCode: 'ECONNRESET', outcomeUnknown: true } });
	});
});

describe('whether a task may exist', () => {
	test.each([400, 401, 402, 403, 404, 413, 422, 429, 503])('stays open when an answer was lost and HTTP %i came after it', async (status) => {
		expect(failureOf(await send([LOST, refusal(status)])).outcomeUnknown).toBe(true);
	});

	test('is known when all tries were refused', async () => {
		expect(failureOf(await send([refusal(429), BUSY, refusal(402)])).outcomeUnknown).toBe(false);
	});

	test('is open after every mixture with one lost answer in it', async () => {
		const kinds = { lost: LOST, broken: { status: 200, body: '' }, server: refusal(500), busy: BUSY, slow: refusal(429) };
		const open = new Set(['lost', 'broken', 'server']);
		await fc.assert(
			fc.asyncProperty(fc.array(fc.constantFrom(...(Object.keys(kinds) as Array<keyof typeof kinds>)), { maxLength: 4 }), async (before) => {
				const failure = failureOf(await send([...before.map((kind) => kinds[kind]), refusal(402)]));
				expect(failure.status).toBe(402);
				expect(failure.outcomeUnknown).toBe(before.some((kind) => open.has(kind)));
			}),
			{ numRuns: 60 },
		);
	});
});

describe('stopping', () => {
	test('before anything was sent: nothing is, and nothing is open', async () => {
		const sent = await send([CREATED], CREATE, { signal: AbortSignal.abort() });
		expect(sent.api.requests).toHaveLength(0);
		expect(failureOf(sent)).toEqual({ kind: 'network', networkCode: 'STOPPED', outcomeUnknown: false });
	});

	test('during a request: no other one, and the outcome is open', async () => {
		const stop = new AbortController();
		const sent = await send(
			[
				() => {
					stop.abort();
					throw networkError('ERR_CANCELED', 'canceled');
				},
				CREATED,
			],
			CREATE,
			{ signal: stop.signal },
		);
		expect(sent.api.requests).toHaveLength(1);
		expect(failureOf(sent)).toMatchObject({ networkCode: 'ERR_CANCELED', outcomeUnknown: true });
	});

	test('during the pause before a retry: at once', async () => {
		const stop = new AbortController();
		const api = new FakeHiApi([refusal(429, undefined, { 'retry-after': '60' }), CREATED]);
		const timing = new VirtualTiming();
		const startMs = timing.now();
		void timing.pause(700).then(() => stop.abort());
		const reply = await new HiApiClient(api.context, 'https://x/v1', timing).send(CREATE, { deadlineMs: startMs + 600_000, signal: stop.signal });
		expect(api.requests).toHaveLength(1);
		expect(timing.now() - startMs).toBe(700);
		expect(reply).toMatchObject({ ok: false, failure: { status: 429, outcomeUnknown: false } });
	});

	test('a task that was created all the same is not lost', async () => {
		const stop = new AbortController();
		const { reply } = await send([() => (stop.abort(), { statusCode: 200, headers: {}, body: JSON.stringify(CREATED.body) })], CREATE, { signal: stop.signal });
		expect(reply).toMatchObject({ ok: true, data: { taskId: 'tk-1' } });
	});
});

describe('what the network says', () => {
	const codeOf = async (error: unknown) => failureOf(await send([() => Promise.reject(error as Error)], { ...READ }, { budgetMs: 0 })).networkCode;

	test.each(['ECONNRESET', 'ECONNREFUSED', 'ENOTFOUND', 'ECONNABORTED', 'ERR_CANCELED'])('%s is found in all wrappings', async (code) => {
		expect(await codeOf(networkError(code))).toBe(code);
	});

	test('n8n\'s protection of private networks is known and not asked again', async () => {
		const sent = await send([{ error: networkError(undefined, 'The request was blocked because it resolves to a restricted IP address') }]);
		expect(failureOf(sent)).toMatchObject({ networkCode: 'BLOCKED', outcomeUnknown: false });
		expect(sent.api.requests).toHaveLength(1);
	});

	test('a lost connection is never taken for that protection, whatever the host is called', async () => {
		expect(failureOf(await send([{ error: networkError('ECONNRESET', 'read ECONNRESET from not-allowed.example.com, blocked') }]))).toMatchObject({
			networkCode: 'ECONNRESET',
			outcomeUnknown: true,
		});
	});

	test.each([undefined, null, 'text', 7, {}, new Error('odd')])('%p thrown counts as no answer', async (thrown) => {
		expect(await codeOf(thrown)).toBe('NO_ANSWER');
	});

	test('a cause that names itself does not keep us for ever', async () => {
		const error: Error & { cause?: unknown } = new Error('round');
		error.cause = error;
		expect(await codeOf(error)).toBe('NO_ANSWER');
	});

	test('only codes are kept: neither key nor prompt gets out', async () => {
		const error = Object.assign(networkError('ECONNRESET', `POST failed: Bearer sk-secret-key-0001 ${BODY}`), { config: { data: BODY } });
		expect(JSON.stringify(failureOf(await send([{ error }])))).not.toMatch(/sk-|lake/);
	});
});

describe('a client from the credential', () => {
	const timing = new VirtualTiming();

	test('uses its base URL', async () => {
		const api = new FakeHiApi([CREATED]);
		api.credential.baseUrl = ' http://localhost:4010/ ';
		const client = await createClient(api.context, timing);
		await client.send(CREATE, { deadlineMs: timing.now() });
		expect(api.requests[0].url).toBe('http://localhost:4010/v1/tasks');
	});

	test.each(['http://api.hiapi.ai', 'ftp://x', 'http://134744072', 'https://u:p@x'])('refuses %s before anything is sent, without telling the key', async (baseUrl) => {
		const api = new FakeHiApi([CREATED]);
		api.credential.baseUrl = baseUrl;
		const failure = await createClient(api.context, timing).catch((error: unknown) => error);
		expect(failure).toBeInstanceOf(HiApiFailure);
		expect((failure as HiApiFailure).message).toMatch(/^'Base URL' in the credential /);
		expect(JSON.stringify([failure, (failure as Error).message])).not.toContain('sk-');
		expect(api.requests).toHaveLength(0);
	});
});
