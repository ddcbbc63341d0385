import { startSimulator, type FaultAction, type Simulator } from '../../simulator/index.cts';
import { anyInput, call, create, createdId, fetchRaw } from './support/http.cts';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const onCreate = (action: FaultAction) =>
	simulator.fault({ method: 'POST', path: '/v1/tasks', action });

describe('error statuses', () => {
	it.each([500, 502, 503, 504])('answers %i as JSON, once, and buys nothing', async (status) => {
		onCreate({ type: 'status', status, message: 'busy' });
		const answer = await create(simulator);
		expect(answer.status).toBe(status);
		expect(answer.json).toEqual({ code: status, message: 'busy', data: null });
		expect(simulator.purchases).toBe(0);
		expect((await create(simulator)).status).toBe(200);
	});

	it('answers as HTML, as text, empty, or in E2', async () => {
		onCreate({ type: 'status', status: 502, format: 'html' });
		const html = await create(simulator);
		expect([html.headers['content-type'], html.bytes.toString().startsWith('<html>')]).toEqual([
			'text/html',
			true,
		]);
		onCreate({
			type: 'status',
			status: 503,
			format: 'text',
			retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT',
		});
		const text = await create(simulator);
		expect([text.headers['content-type'], text.headers['retry-after']]).toEqual([
			'text/plain',
			'Wed, 21 Oct 2026 07:28:00 GMT',
		]);
		onCreate({ type: 'status', status: 500, format: 'empty' });
		expect((await create(simulator)).bytes).toHaveLength(0);
		onCreate({ type: 'status', status: 403, envelope: 'E2', errorCode: 'permission_denied' });
		expect((await create(simulator)).json.error.code).toBe('permission_denied');
	});

	it('can strike after the task was bought', async () => {
		onCreate({ type: 'status', status: 500, when: 'after' });
		expect((await create(simulator)).status).toBe(500);
		expect(simulator.purchases).toBe(1);
	});

	it('"during" strikes only what passed all checks, and frees the key', async () => {
		onCreate({ type: 'status', status: 503, when: 'during' });
		expect((await create(simulator, { model: 'nope', input: {} })).status).toBe(400);
		onCreate({ type: 'status', status: 503, when: 'during' });
		expect((await create(simulator, anyInput, { 'idempotency-key': 'k' })).status).toBe(503);
		expect(
			(await create(simulator, anyInput, { 'idempotency-key': 'k' })).headers['idempotent-replay'],
		).toBeUndefined();
		simulator.fault({
			path: '/v1/tasks/x',
			action: { type: 'status', status: 500, when: 'during' },
		});
		expect((await call(simulator, 'GET', '/v1/tasks/x')).status).toBe(500);
	});
});

describe('connections', () => {
	it.each([
		['before', 0],
		['during', 0],
		['after', 1],
	] as const)('drops %s the task is stored', async (when, purchases) => {
		onCreate({ type: 'drop', when });
		await expect(create(simulator)).rejects.toThrow(/socket hang up|ECONNRESET/);
		expect(simulator.purchases).toBe(purchases);
		expect(simulator.requests[0].status).toBe(0);
	});

	it.each([
		['before', 0],
		['after', 1],
	] as const)('gives no answer %s the task is stored', async (when, purchases) => {
		onCreate({ type: 'noAnswer', when });
		const options = { body: anyInput, timeoutMilliseconds: 1_000 };
		await expect(call(simulator, 'POST', '/v1/tasks', options)).rejects.toThrow('timeout');
		expect(simulator.purchases).toBe(purchases);
	});

	it('cuts the connection in the middle of the body', async () => {
		onCreate({ type: 'cutConnection' });
		await expect(create(simulator)).rejects.toThrow(/aborted|hang up/);
		expect(simulator.purchases).toBe(1);
	});

	it('delays', async () => {
		simulator.fault({ action: { type: 'delay', milliseconds: 120 } });
		const start = Date.now();
		expect((await create(simulator)).status).toBe(200);
		expect(Date.now() - start).toBeGreaterThanOrEqual(115);
	});

	it('a delay "during" a create keeps its key running, one "after" lets it replay', async () => {
		onCreate({ type: 'delay', milliseconds: 1_500, when: 'during' });
		const keyed = (key: string) => create(simulator, anyInput, { 'idempotency-key': key });
		const [first, second] = await Promise.all([
			keyed('a'),
			new Promise((resolve) => setTimeout(resolve, 50)).then(() => keyed('a')),
		]);
		expect([first.status, second.status]).toEqual([200, 409]);
		onCreate({ type: 'delay', milliseconds: 1_500, when: 'after' });
		const [slow, fast] = await Promise.all([
			keyed('b'),
			new Promise((resolve) => setTimeout(resolve, 50)).then(() => keyed('b')),
		]);
		expect([slow.status, fast.headers['idempotent-replay']]).toEqual([200, 'true']);
	});
});

describe('bodies', () => {
	it('sends JSON that is none, or ends too early, after buying', async () => {
		onCreate({ type: 'malformedJson' });
		const malformed = await create(simulator);
		expect(malformed.status).toBe(200);
		expect(() => malformed.json).toThrow();
		onCreate({ type: 'truncatedJson' });
		const truncated = await create(simulator);
		expect(truncated.status).toBe(200);
		expect(() => truncated.json).toThrow();
		expect(truncated.bytes.length).toBeGreaterThan(10);
		expect(simulator.purchases).toBe(2);
	});

	it('sends an error with HTTP 200', async () => {
		onCreate({ type: 'errorInSuccess' });
		const gateway = await create(simulator);
		expect([gateway.status, gateway.json.error.code]).toEqual([200, 'permission_denied']);
		onCreate({ type: 'errorInSuccess', envelope: 'E5', code: 503, message: 'busy', when: 'after' });
		const envelope = await create(simulator);
		expect([envelope.status, envelope.json]).toEqual([
			200,
			{ code: 503, message: 'busy', data: null },
		]);
		expect(simulator.purchases).toBe(1);
	});

	it('sends whatever it is told', async () => {
		onCreate({ type: 'reply', status: 418, body: 'tea', headers: { 'x-pot': '1' } });
		const answer = await create(simulator);
		expect([answer.status, answer.bytes.toString(), answer.headers['x-pot']]).toEqual([
			418,
			'tea',
			'1',
		]);
		expect(answer.headers['content-type']).toContain('text/plain');
	});
});

describe('which requests', () => {
	it('counts: after so many, so many times', async () => {
		simulator.fault({
			path: '/v1/tasks',
			after: 1,
			times: 2,
			action: { type: 'status', status: 500 },
		});
		const statuses: number[] = [];
		for (let count = 0; count < 4; count += 1) statuses.push((await create(simulator)).status);
		expect(statuses).toEqual([200, 500, 500, 200]);
	});

	it('matches by method, path, prefix or pattern', async () => {
		const endless = (path: string | RegExp, status: number, method?: string) =>
			simulator.fault({ method, path, times: Infinity, action: { type: 'status', status } });
		endless('/v1/tasks', 501, 'get');
		endless('/v1/tasks/*', 502);
		endless(/name=z-/, 503);
		expect((await create(simulator)).status).toBe(200);
		expect((await call(simulator, 'GET', '/v1/tasks?size=1')).status).toBe(501);
		expect((await call(simulator, 'GET', '/v1/tasks/x')).status).toBe(502);
		expect((await call(simulator, 'GET', '/api/models/content?name=z-image')).status).toBe(503);
		expect((await call(simulator, 'GET', '/api/models/content?name=qwen-image-2.0')).status).toBe(
			200,
		);
	});

	it('strikes files, too', async () => {
		simulator.plan({ seconds: 0 });
		const taskId = await createdId(simulator);
		simulator.fault({ path: '/files/*', action: { type: 'drop' } });
		const url = `${simulator.origin}/files/tasks/${taskId}/0.png`;
		await expect(fetchRaw(url)).rejects.toThrow();
		expect((await fetchRaw(url)).status).toBe(200);
	});
});

describe('scripts', () => {
	it('answer instead, or leave it', async () => {
		simulator.script((request) =>
			request.path.endsWith('?own') ? { status: 299, body: { own: true } } : undefined,
		);
		expect((await call(simulator, 'GET', '/v1/tasks?own')).json).toEqual({ own: true });
		expect((await call(simulator, 'GET', '/v1/tasks')).status).toBe(200);
	});

	it('as a list are used in order, the last one repeats', async () => {
		simulator.script(
			[
				{ status: 503, body: '' },
				{ status: 0, drop: true },
				{ status: 200, body: { code: 200 } },
			],
			{ path: '/v1/tasks/x' },
		);
		expect((await call(simulator, 'GET', '/v1/tasks/x')).status).toBe(503);
		await expect(call(simulator, 'GET', '/v1/tasks/x')).rejects.toThrow();
		for (let count = 0; count < 2; count += 1)
			expect((await call(simulator, 'GET', '/v1/tasks/x')).json).toEqual({ code: 200 });
		expect((await call(simulator, 'GET', '/v1/tasks')).json.data.total).toBe(0);
	});

	it('that throw are answered with 500, not with silence', async () => {
		simulator.script(() => {
			throw new Error('oops');
		});
		const answer = await call(simulator, 'GET', '/v1/tasks');
		expect([answer.status, answer.json.error_code]).toEqual([500, 'SIMULATOR_BUG']);
	});
});
