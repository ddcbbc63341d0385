import { startSimulator, type Simulator } from '../../simulator/index.cts';
import { anyInput, call, create, createdId, fetchRaw, readTask } from './support/http.cts';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const happyhorse = (input: Record<string, unknown>) => ({
	model: 'happyhorse-1.1/text-to-video',
	input,
});

async function refusal(body: unknown): Promise<{ status: number; code: unknown; message: string }> {
	const answer = await create(simulator, body);
	expect(simulator.purchases).toBe(0);
	return { status: answer.status, code: answer.json.error_code, message: answer.json.message };
}

describe('authentication', () => {
	it.each([
		['no header', null],
		['an unknown key', 'sk-other'],
	])('refuses %s with 401 E1 without error_code', async (_, key) => {
		const answer = await call(simulator, 'POST', '/v1/tasks', { body: anyInput, key });
		expect(answer.status).toBe(401);
		expect(answer.json).toEqual({ code: 401, message: expect.any(String), data: null });
	});

	it.each(['bearer sk-simulator', 'Bearer  sk-simulator', 'sk-simulator', 'Bearer sk-simulator x'])(
		'refuses "%s"',
		async (authorization) => {
			expect(
				(await call(simulator, 'GET', '/v1/tasks', { key: null, headers: { authorization } }))
					.status,
			).toBe(401);
		},
	);

	it('can answer with E2 and a status, or with HTTP 200', async () => {
		simulator.switches.authEnvelope = 'E2';
		simulator.switches.authStatus = 403;
		const gateway = await call(simulator, 'GET', '/v1/tasks', { key: 'no' });
		expect(gateway.status).toBe(403);
		expect(gateway.json.error).toMatchObject({
			code: 'permission_denied',
			type: 'hiapi_error',
			request_id: expect.any(String),
		});
		expect(gateway.headers['x-request-id']).toBe(gateway.json.error.request_id);
		simulator.switches.authEnvelope = 'E3';
		const disguised = await call(simulator, 'GET', '/v1/tasks', { key: 'no' });
		expect(disguised.status).toBe(200);
		expect(disguised.json.error.code).toBe('permission_denied');
	});

	it('keeps the tasks of another account from view', async () => {
		simulator.switches.otherApiKeys = ['sk-second'];
		const taskId = await createdId(simulator);
		const other = await call(simulator, 'GET', `/v1/tasks/${taskId}`, { key: 'sk-second' });
		expect(other.status).toBe(404);
		expect(other.json).toEqual({ code: 404, message: expect.any(String), data: null });
		expect((await call(simulator, 'GET', '/v1/tasks', { key: 'sk-second' })).json.data.total).toBe(
			0,
		);
	});
});

describe('content type and body', () => {
	it('accepts JSON with parameters, and none at all', async () => {
		const headers = { authorization: `Bearer ${simulator.apiKey}` };
		const json = await call(simulator, 'POST', '/v1/tasks', {
			body: anyInput,
			headers: { 'content-type': 'Application/JSON; charset=utf-8' },
		});
		expect(json.status).toBe(200);
		const none = await fetchRaw(`${simulator.baseUrl}/tasks`, 'POST', {
			body: JSON.stringify(anyInput),
			headers,
		});
		expect(none.status).toBe(200);
	});

	it.each(['text/plain', 'application/x-www-form-urlencoded', 'nonsense'])(
		'answers 415 to %s, after the key was checked',
		async (type) => {
			const headers = { 'content-type': type };
			expect((await call(simulator, 'POST', '/v1/tasks', { body: 'x', headers })).status).toBe(415);
			expect(
				(await call(simulator, 'POST', '/v1/tasks', { body: 'x', headers, key: 'no' })).status,
			).toBe(401);
		},
	);

	it('answers 413 to a body over the limit', async () => {
		simulator.switches.maxBodyBytes = 100;
		expect((await create(simulator, { ...anyInput, filler: 'x'.repeat(200) })).status).toBe(413);
	});

	it('logs the raw bytes, the path with its query and the status', async () => {
		const body = '{ "model":"m" ,"input":{"prompt":"\u00fc\u753b"}}\n';
		await call(simulator, 'POST', '/v1/tasks?a=%20b', { body, headers: { 'X-Own': 'v' } });
		const [logged] = simulator.requests;
		expect(logged).toMatchObject({
			method: 'POST',
			path: '/v1/tasks?a=%20b',
			pathname: '/v1/tasks',
			query: { a: ' b' },
			status: 200,
		});
		expect(logged.rawBody.equals(Buffer.from(body))).toBe(true);
		expect(logged.headers['x-own']).toBe('v');
		expect(logged.taskId).toBe(simulator.tasks[0].taskId);
	});

	it.each([
		['text', 'nonsense'],
		['an array', []],
		['no model', { input: {} }],
		['an empty model', { model: ' ', input: {} }],
		['no input', { model: 'm' }],
		['input as text', { model: 'm', input: '{}' }],
		['input as array', { model: 'm', input: [] }],
	])('answers "invalid request" to %s', async (_, body) => {
		expect(await refusal(body)).toEqual({
			status: 400,
			code: 'INVALID_REQUEST',
			message: 'invalid request',
		});
	});
});

describe('callback and storage', () => {
	it.each([
		['as text', 'https://example.com'],
		['null', null],
		['without URL', {}],
		['with another scheme', { url: 'ftp://example.com/x' }],
		['without host', { url: 'https:///x' }],
	])('refuses a callback %s', async (_, callback) => {
		expect(await refusal({ ...anyInput, callback })).toMatchObject({
			status: 400,
			message: expect.stringContaining('invalid callback'),
		});
	});

	it('refuses any moment but "final", in the words of the API', async () => {
		const callback = { url: 'https://example.com/x', when: 'progress' };
		expect((await refusal({ ...anyInput, callback })).message).toBe(
			"invalid callback.when: only 'final' is supported",
		);
	});

	it('takes http unless https is demanded', async () => {
		const body = { ...anyInput, callback: { url: 'http://127.0.0.1:1/x', when: 'final' } };
		simulator.switches.callbackRequireHttps = true;
		expect((await refusal(body)).status).toBe(400);
		simulator.switches.callbackRequireHttps = false;
		expect((await create(simulator, body)).status).toBe(200);
	});

	it('refuses an unknown storage, and shows the one that counts', async () => {
		expect((await refusal({ ...anyInput, storage: 'forever' })).status).toBe(400);
		simulator.plan({ storageFallback: true }, { times: 1 });
		const fallen = await createdId(simulator, { ...anyInput, storage: 'persistent' });
		const kept = await createdId(simulator, { ...anyInput, storage: 'persistent' });
		expect((await readTask(simulator, fallen)).storage).toBe('temp');
		expect((await readTask(simulator, kept)).storage).toBe('persistent');
	});
});

describe('models and routes', () => {
	it('answers to an unknown model with MODEL_UNAVAILABLE or model_not_found', async () => {
		expect(await refusal({ model: 'nope', input: {} })).toMatchObject({
			status: 400,
			code: 'MODEL_UNAVAILABLE',
		});
		simulator.switches.unknownModelEnvelope = 'E2';
		const gateway = await create(simulator, { model: 'nope', input: {} });
		expect(gateway.status).toBe(404);
		expect(gateway.json.error).toMatchObject({
			code: 'model_not_found',
			type: 'invalid_request_error',
		});
	});

	it('lists the routes when one is unknown', async () => {
		const { status, message } = await refusal({
			model: 'gpt-image-2/text-to-image',
			route: 'pro',
			input: { prompt: 'p' },
		});
		expect(status).toBe(400);
		expect(message).toMatch(/'pro'.*default, beta, ext/);
		expect((await refusal({ model: 'gpt-image-2@pro', input: { prompt: 'p' } })).message).toMatch(
			/default, beta, ext/,
		);
	});

	it.each([
		[
			{ route: 'ext', input: { prompt: 'p', resolution: '1K', quality: 'low' } },
			{ model: 'gpt-image-2/text-to-image@ext', route: 'ext' },
		],
		[
			{ route: 'beta', input: { prompt: 'p', size: 'auto' } },
			{ model: 'gpt-image-2/text-to-image@beta', route: 'beta' },
		],
		[
			{ route: '', input: { prompt: 'p' } },
			{ model: 'gpt-image-2/text-to-image', route: undefined },
		],
		[
			{ route: 'default', input: { prompt: 'p' } },
			{ model: 'gpt-image-2/text-to-image', route: 'default' },
		],
		[{ input: { prompt: 'p' } }, { model: 'gpt-image-2/text-to-image', route: undefined }],
	])('shows the route of %j', async (part, shown) => {
		const task = await readTask(
			simulator,
			await createdId(simulator, { model: 'gpt-image-2/text-to-image', ...part }),
		);
		expect({ model: task.model, route: task.route }).toEqual(shown);
	});

	it('takes the route from the name, shows it in the model only, and lets the field win', async () => {
		const suffixed = await createdId(simulator, {
			model: 'gpt-image-2/text-to-image@beta',
			input: { prompt: 'p', size: 'auto' },
		});
		const task = await readTask(simulator, suffixed);
		expect(task.model).toBe('gpt-image-2/text-to-image@beta');
		expect(task).not.toHaveProperty('route');
		const both = {
			model: 'gpt-image-2/text-to-image@beta',
			route: 'ext',
			input: { prompt: 'p', resolution: '1K', quality: 'low' },
		};
		expect((await readTask(simulator, await createdId(simulator, both))).model).toBe(
			'gpt-image-2/text-to-image@ext',
		);
	});

	it('checks the input against the schema of the route', async () => {
		const { message } = await refusal({
			model: 'gpt-image-2/text-to-image',
			route: 'beta',
			input: { prompt: 'p', aspect_ratio: '1:1' },
		});
		expect(message).toBe("invalid input: additional properties 'aspect_ratio' not allowed");
	});

	it.each([
		'wan2.7-video/text-to-video@pro',
		'z-image',
		'qwen-image-2.0',
		'gpt-image-2',
		'gpt-image-2.5-flare/text-to-image',
		'seedance-2.0',
		'minimax-music-2.6',
		'happyhorse-1-0',
		'gpt-image-2.5-flare@pro',
	])('has %s', async (model) => {
		expect((await create(simulator, { model, input: { prompt: 'a prompt' } })).status).toBe(200);
	});

	it.each(['any-model', 'm', 'any-model@whatever'])('lets %s take anything', async (model) => {
		expect((await create(simulator, { model, input: { x: [1, { y: null }] } })).status).toBe(200);
	});
});

describe('input problems', () => {
	it('reports all of them at once, as quoted from the live API', async () => {
		const { message } = await refusal(
			happyhorse({ prompt: 'p', aspect_ratio: 'square', resolution: '4K', duration: 99 }),
		);
		expect(message).toBe(
			"invalid input: aspect_ratio: value must be one of '16:9', '9:16', '3:4', '4:3', '4:5', '5:4', '1:1', '9:21', '21:9'; resolution: value must be one of '720p', '1080p'; duration: maximum: got 99, want 15",
		);
	});

	it('refuses a callback inside the input', async () => {
		const { message } = await refusal(
			happyhorse({ prompt: 'p', callback: { url: 'https://example.com' } }),
		);
		expect(message).toBe("invalid input: additional properties 'callback' not allowed");
	});

	it('can report them the other way round', async () => {
		simulator.switches.problemOrder = 'reversed';
		const { message } = await refusal(happyhorse({ seed: 1, duration: 2 }));
		expect(message).toBe(
			"invalid input: duration: minimum: got 2, want 3; missing property 'prompt'; additional properties 'seed' not allowed",
		);
	});
});

describe('money', () => {
	it('answers 402 when the estimate is not covered, and buys nothing', async () => {
		Object.assign(simulator.switches, { balance: 0.05, taskCost: 0.03 });
		simulator.plan({ seconds: 1, outcome: 'fail' });
		expect((await create(simulator)).status).toBe(200);
		const refused = await create(simulator);
		expect(refused.status).toBe(402);
		expect(refused.json).toEqual({ code: 402, message: 'insufficient balance', data: null });
		simulator.advance(2); // the failed task gives its reserve back
		expect((await create(simulator)).status).toBe(200);
		simulator.advance(3);
		expect((await create(simulator)).status).toBe(402); // the successful one does not
		expect(simulator.purchases).toBe(2);
	});

	it('charges what it really cost', async () => {
		Object.assign(simulator.switches, {
			balance: 0.05,
			taskCost: 0.03,
			insufficientBalanceCode: 'INSUFFICIENT_QUOTA',
		});
		simulator.plan({ seconds: 1, costUsd: 0.01 });
		await create(simulator);
		expect((await create(simulator)).json.error_code).toBe('INSUFFICIENT_QUOTA');
		simulator.advance(2);
		expect((await create(simulator)).status).toBe(200);
	});
});
