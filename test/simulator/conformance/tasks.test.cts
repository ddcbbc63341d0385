/**
 * What HiAPI's official Java and Python SDKs are tested against (hiapi-java TasksTest, hiapi-python tests/), asked of the
 * simulator: each case is what the service does in it.
 */
import {
	errorReply,
	startSimulator,
	successReply,
	type Simulator,
} from '../../../simulator/index.cts';
import { call, create, createdId, readTask, until, type Answer } from '../support/http.cts';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator({ apiKey: 'sk-test', taskSeconds: 100 });
});
beforeEach(() => {
	simulator.reset();
	simulator.switches.oldModelIds = true; // the SDKs' tests use seedance-2-0
});
afterAll(() => simulator.close());

const order = { model: 'seedance-2-0', input: { prompt: 'a sunset' } };
const keyed = { 'idempotency-key': 'wf-1:submit' };
const CREATE = { method: 'POST', path: '/v1/tasks' };
const posts = () => simulator.requests.filter(({ method }) => method === 'POST');

/** An SDK's create: as many tries as it makes, never longer than it waits between them in a test. */
async function createWithRetries(
	headers: Record<string, string> = {},
	retries = 2,
): Promise<Answer | 'connection lost'> {
	const isKeyed = 'idempotency-key' in headers;
	let last: Answer | 'connection lost' = 'connection lost';
	for (let attempt = 0; attempt <= retries; attempt += 1) {
		last = await create(simulator, order, headers).catch(() => 'connection lost' as const);
		const isRetried =
			last === 'connection lost'
				? isKeyed
				: [429, 503].includes(last.status) || (last.status === 409 && isKeyed);
		if (!isRetried) return last;
	}
	return last;
}
const statusOf = (answer: Answer | 'connection lost') =>
	answer === 'connection lost' ? answer : answer.status;

describe('create', () => {
	it('answers with the task id, and sees key, agent and body as they were sent', async () => {
		const answer = await create(simulator, order, { 'user-agent': 'hiapi-java/0.2' });
		expect([answer.status, answer.json.code, answer.json.message]).toEqual([200, 200, 'success']);
		expect(answer.json.data.taskId).toMatch(/^tk-hiapi-.{26}$/);
		const [request] = posts();
		expect(request.path).toBe('/v1/tasks');
		expect(request.headers).toMatchObject({
			authorization: 'Bearer sk-test',
			'user-agent': 'hiapi-java/0.2',
		});
		expect(request.json).toEqual(order);
	});

	it('takes a callback next to the model', async () => {
		const callback = { url: 'https://example.com/cb', when: 'final' };
		const taskId = await createdId(simulator, { ...order, callback });
		expect(simulator.tasks[0]).toMatchObject({ taskId, callbackUrl: callback.url });
	});

	it('takes a route next to the model, and shows it', async () => {
		const body = { model: 'gpt-image-2/text-to-image', route: 'ext' };
		const input = { prompt: 'p', resolution: '1K', quality: 'low' };
		const taskId = await createdId(simulator, { ...body, input });
		expect(await readTask(simulator, taskId)).toMatchObject({
			route: 'ext',
			model: 'gpt-image-2/text-to-image@ext',
		});
	});

	it.each([[undefined], ['']])('shows no route for %j', async (route) => {
		const taskId = await createdId(simulator, { ...order, ...(route === '' && { route }) });
		expect(await readTask(simulator, taskId)).not.toHaveProperty('route');
	});

	it('without a key, or with one, sees just that', async () => {
		const plain = await create(simulator, order);
		const first = await create(simulator, order, keyed);
		expect(posts().map(({ headers }) => headers['idempotency-key'])).toEqual([
			undefined,
			'wf-1:submit',
		]);
		for (const { headers } of [plain, first])
			expect(headers).not.toHaveProperty('idempotent-replay');
	});

	it('says of a repeated one that it is a replay, and sells nothing', async () => {
		const first = await create(simulator, order, keyed);
		const second = await create(simulator, order, keyed);
		expect([second.status, second.headers['idempotent-replay']]).toEqual([200, 'true']);
		expect(second.json.data).toEqual(first.json.data);
		expect(simulator.purchases).toBe(1);
	});

	it.each([
		['null', null],
		['missing', undefined],
	] as const)('refuses another body under the same key, data %s', async (errorData, data) => {
		simulator.switches.errorData = errorData;
		await create(simulator, order, keyed);
		const other = await create(simulator, { ...order, storage: 'persistent' }, keyed);
		expect(other.status).toBe(422);
		expect(other.json).toMatchObject({ code: 422, error_code: 'IDEMPOTENCY_KEY_MISMATCH' });
		expect(other.json.data).toBe(data);
		expect(simulator.purchases).toBe(1);
	});

	it('refuses while the first is under way with 409, and replays it afterwards', async () => {
		Object.assign(simulator.switches, {
			createMilliseconds: 1_000,
			idempotencyRetryAfterSeconds: 0,
		});
		const first = create(simulator, order, keyed);
		await until(() => posts().length === 1, 'the first create');
		const early = await create(simulator, order, keyed);
		expect([early.status, early.headers['retry-after'], early.json.error_code]).toEqual([
			409,
			'0',
			'IDEMPOTENCY_KEY_PROCESSING',
		]);
		await first;
		const late = await create(simulator, order, keyed);
		expect([late.status, late.headers['idempotent-replay']]).toEqual([200, 'true']);
	});

	it('can name the task in a 409', async () => {
		const { data } = (await create(simulator, order, keyed)).json;
		simulator.switches.idempotencyReplay = 'conflict';
		const again = await create(simulator, order, keyed);
		expect([again.status, again.json.data]).toEqual([409, data]);
	});
});

describe('create goes wrong', () => {
	it.each([
		['connection lost without a key: once', {}, 'drop', 'connection lost', 1],
		['connection lost with a key: as often as the SDK tries', keyed, 'drop', 'connection lost', 3],
		['409 for ever with a key: as often as the SDK tries', keyed, 409, 409, 3],
		['409 without a key: once', {}, 409, 409, 1],
		['422: once', keyed, 422, 422, 1],
		['503 for ever: as often as the SDK tries', {}, 503, 503, 3],
	] as const)('%s', async (_name, headers, fault, expected, tries) => {
		const action =
			fault === 'drop'
				? ({ type: 'drop' } as const)
				: ({ type: 'status', status: fault, retryAfter: 0 } as const);
		simulator.fault({ ...CREATE, times: Infinity, action });
		expect(statusOf(await createWithRetries(headers))).toBe(expected);
		expect(posts()).toHaveLength(tries);
		expect(simulator.purchases).toBe(0);
	});

	it('busy once, then accepted: two requests, one purchase', async () => {
		simulator.fault({ ...CREATE, action: { type: 'status', status: 503 } });
		expect(statusOf(await createWithRetries())).toBe(200);
		expect([posts().length, simulator.purchases]).toEqual([2, 1]);
	});

	it('409 first, then the replay of what was stored', async () => {
		simulator.fault({ ...CREATE, action: { type: 'drop', when: 'after' } });
		simulator.fault({ ...CREATE, action: { type: 'status', status: 409, retryAfter: 0 } });
		const answer = await createWithRetries(keyed);
		expect((answer as Answer).headers['idempotent-replay']).toBe('true');
		expect([posts().length, simulator.purchases]).toEqual([3, 1]);
	});

	it.each([
		[400, 'INVALID_REQUEST'],
		[400, 'MODEL_UNAVAILABLE'],
		[400, undefined],
		[401, undefined],
		[404, undefined],
		[503, undefined],
	])('an error of status %i with code %s comes in one form', async (status, code) => {
		simulator.script([errorReply(status, 'nope', code)]);
		const { status: got, json } = await call(simulator, 'GET', '/v1/tasks/tk-x');
		expect(got).toBe(status);
		expect(json).toEqual({
			code: status,
			message: 'nope',
			data: null,
			...(code && { error_code: code }),
		});
	});

	it('by itself too: bad input, unknown model, wrong key, unknown task', async () => {
		const bad = await create(simulator, { ...order, input: { prompt: 'a sunset', seed: 1 } });
		expect([bad.status, bad.json.error_code]).toEqual([400, 'INVALID_REQUEST']);
		const unknown = await create(simulator, { ...order, model: 'no-such' });
		expect([unknown.status, unknown.json.error_code]).toEqual([400, 'MODEL_UNAVAILABLE']);
		const key = await call(simulator, 'GET', '/v1/tasks', { key: 'sk-other' });
		const task = await call(simulator, 'GET', '/v1/tasks/tk-hiapi-abc123');
		expect([key.status, task.status]).toEqual([401, 404]);
		expect([key, task].map(({ json }) => 'error_code' in json)).toEqual([false, false]);
	});
});

describe('reading tasks', () => {
	it('shows status, times, storage and output of a finished one', async () => {
		const taskId = await createdId(simulator, order);
		simulator.advance(101);
		const task = await readTask(simulator, taskId);
		expect(task).toMatchObject({ taskId, model: 'seedance-2-0', status: 'success' });
		expect(task).toMatchObject({ storage: 'temp', completed: task.created + 100 });
		expect(task.output).toEqual([
			{ url: expect.any(String), type: 'video', expireAt: task.completed + 7 * 86_400 },
		]);
	});

	it('passes through queued, handling and archiving', async () => {
		const taskId = await createdId(simulator, order);
		const seen: string[] = [];
		for (const seconds of [0, 20, 65, 16]) {
			simulator.advance(seconds);
			seen.push((await readTask(simulator, taskId)).status);
		}
		expect(seen).toEqual(['queued', 'handling', 'archiving', 'success']);
	});

	it.each([
		'INVALID_REQUEST',
		'MODEL_UNAVAILABLE',
		'TASK_FAILED',
		'TASK_TIMEOUT',
		'STORAGE_UNAVAILABLE',
	] as const)('fails with %s under HTTP 200', async (error) => {
		simulator.plan({ outcome: 'fail', error, seconds: 0 });
		const answer = await call(simulator, 'GET', `/v1/tasks/${await createdId(simulator)}`);
		expect([answer.status, answer.json.code, answer.json.data.status]).toEqual([200, 200, 'fail']);
		expect(answer.json.data.error).toEqual({ code: error, message: expect.any(String) });
		expect(answer.json.data).not.toHaveProperty('output');
	});

	it('can stay unfinished for ever', async () => {
		simulator.plan({ outcome: 'stuck' });
		const taskId = await createdId(simulator);
		simulator.advance(30 * 86_400);
		expect((await readTask(simulator, taskId)).status).toBe('handling');
	});

	it('lists a page with its place and the total', async () => {
		for (let count = 0; count < 5; count += 1) await createdId(simulator);
		const { data } = (await call(simulator, 'GET', '/v1/tasks?page=2&size=2')).json;
		expect(data).toMatchObject({ page: 2, size: 2, total: 5 });
		expect(data.tasks.map(({ taskId }: { taskId: string }) => taskId)).toEqual(
			[2, 1].map((index) => simulator.tasks[index].taskId),
		);
	});

	it('a lost connection or silence is over with the next try', async () => {
		simulator.fault({ path: '/v1/tasks', times: 2, action: { type: 'drop' } });
		const read = () => call(simulator, 'GET', '/v1/tasks');
		await expect(read()).rejects.toThrow();
		await expect(read()).rejects.toThrow();
		expect((await read()).status).toBe(200);
		simulator.fault({ path: '/v1/tasks', action: { type: 'noAnswer' } });
		const silent = call(simulator, 'GET', '/v1/tasks', { timeoutMilliseconds: 100 });
		await expect(silent).rejects.toThrow('timeout');
	});
});

/** hiapi-java ModelTest: shapes a client has to bear. */
describe('shapes', () => {
	const reported = async (plan: Parameters<Simulator['plan']>[0]) => {
		simulator.plan({ seconds: 0, ...plan });
		return await readTask(simulator, await createdId(simulator));
	};

	it('a created task has an id of 35 characters', async () => {
		expect(await createdId(simulator)).toHaveLength(35);
	});

	it('whole seconds, and completed 0 before the end', async () => {
		const task = await readTask(simulator, await createdId(simulator));
		expect([Number.isInteger(task.created), task.completed]).toEqual([true, 0]);
	});

	it('outputs that are none are passed on: null, a text, and a good one', async () => {
		const { output } = await reported({
			outputs: [{ raw: null }, { raw: 'https://example.com/a.png' }, { type: 'image' }],
		});
		expect(output.slice(0, 2)).toEqual([null, 'https://example.com/a.png']);
		expect(output[2]).toMatchObject({ type: 'image', url: expect.any(String) });
	});

	it('fields nobody knows are passed on, and a status nobody knows', async () => {
		expect(await reported({ reported: { later: { x: 1 } } })).toMatchObject({ later: { x: 1 } });
		expect((await reported({ reported: { status: 'paused' } })).status).toBe('paused');
	});

	it.each(['tasks', 'items', 'list', 'data', 'records'])(
		'a list may come under %s',
		async (name) => {
			const page = { page: 1, size: 20, total: 1, [name]: [{ taskId: 'tk-1' }] };
			simulator.script([successReply(page)], { path: '/v1/tasks' });
			expect((await call(simulator, 'GET', '/v1/tasks')).json.data).toEqual(page);
		},
	);

	it('of two lists both are sent, which tests that tasks counts', async () => {
		const page = { tasks: [{ taskId: 'tk-1' }], items: [{ taskId: 'tk-2' }] };
		simulator.script([successReply(page)], { path: '/v1/tasks' });
		expect((await call(simulator, 'GET', '/v1/tasks')).json.data).toEqual(page);
	});
});

/** hiapi-java TransportTest, hiapi-python test_client: every form of Retry-After reaches the client as it is. */
describe('Retry-After', () => {
	it.each([
		['a number', 2, '2'],
		['a negative number', -5, '-5'],
		['a huge number', 86_400, '86400'],
		['a date', 'Wed, 21 Oct 2099 07:28:00 GMT', 'Wed, 21 Oct 2099 07:28:00 GMT'],
		['a date gone by', 'Wed, 21 Oct 2015 07:28:00 GMT', 'Wed, 21 Oct 2015 07:28:00 GMT'],
		['nothing readable', 'soon', 'soon'],
		['nothing at all', undefined, undefined],
	])('%s', async (_name, retryAfter, expected) => {
		simulator.fault({ ...CREATE, action: { type: 'status', status: 429, retryAfter } });
		expect((await create(simulator, order)).headers['retry-after']).toBe(expected);
	});

	it('a 429 of its own says it in seconds or as a date', async () => {
		Object.assign(simulator.switches, { rateLimitPerMinute: 1, rateLimitRetryAfterSeconds: 30 });
		await create(simulator, order);
		expect((await create(simulator, order)).headers['retry-after']).toBe('30');
		simulator.switches.rateLimitRetryAfter = 'date';
		const date = Date.parse((await create(simulator, order)).headers['retry-after']!);
		expect(Math.abs(date - Date.now() - 30_000)).toBeLessThan(3_000);
	});
});
