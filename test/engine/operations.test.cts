import { runInEngine, type EngineResult } from './support/engine.cts';
import {
	credentialFor,
	newSimulator,
	prompts,
	runAndWait,
	stopSimulators,
} from './support/hiApi.cts';

afterEach(stopSimulators);
jest.setTimeout(30_000);

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

describe('Create', () => {
	test('sends only what was set, with the key of the credential and an idempotency key', async () => {
		const simulator = await newSimulator();
		const { json, error } = await runInEngine({
			credential: credentialFor(simulator),
			parameters: {
				...runAndWait(),
				operation: 'create',
				input: '{ "seed": 7, "prompt": "replaced" }',
				callback: 'url',
				callbackUrl: 'https://example.com/hook',
				options: { storage: 'persistent' },
			},
			items: [{ prompt: 'a lake' }],
		});
		expect(error).toBeUndefined();
		expect(simulator.purchases).toBe(1);
		expect(json).toEqual([{ taskId: simulator.tasks[0].taskId, model: 'any-model' }]);
		const [request] = simulator.requests;
		expect(request.headers).toMatchObject({
			authorization: `Bearer ${simulator.apiKey}`,
			'content-type': 'application/json',
			'idempotency-key': expect.stringMatching(/^n8n-[0-9a-f]{64}$/) as string,
		});
		expect(JSON.parse(request.rawBody.toString())).toEqual({
			model: 'any-model',
			input: { seed: 7, prompt: 'a lake' },
			storage: 'persistent',
			callback: { url: 'https://example.com/hook', when: 'final' },
		});
	});

	test('a task ID that comes as a number is a task we paid for: its digits, all of them, as text', async () => {
		const simulator = await newSimulator();
		const body = '{"code":200,"message":"success","data":{"taskId":9007199254740993123}}';
		simulator.fault({
			method: 'POST',
			path: '/v1/tasks',
			action: { type: 'reply', status: 200, body, when: 'after' },
		});
		const { json, error } = await runInEngine({
			credential: credentialFor(simulator),
			parameters: { ...runAndWait(), operation: 'create' },
			items: prompts(1),
		});
		expect(error).toBeUndefined();
		expect(json).toEqual([{ taskId: '9007199254740993123', model: 'any-model' }]);
		expect(simulator.purchases).toBe(1);
	});

	test('after a HiAPI that could not be reached, a retry of the execution buys once', async () => {
		const simulator = await newSimulator();
		const credential = credentialFor(simulator);
		const run = async (baseUrl: string, timeout: number, retryOf?: EngineResult) =>
			await runInEngine({
				credential: { ...credential, baseUrl },
				parameters: runAndWait({ options: { timeout } }),
				items: prompts(1),
				retryOf,
			});
		const unreached = await run('http://127.0.0.1:1/v1', 0.02);
		expect(unreached.error?.description).toMatch(/No task was created and nothing was charged/);
		const { json, error } = await run(simulator.baseUrl, 1, unreached);
		expect(error).toBeUndefined();
		expect(json[0]).toMatchObject({ status: 'success' });
		expect(json[0]).not.toHaveProperty('replayed');
		expect(simulator.purchases).toBe(1);
	});

	test('the same key of the user in two executions buys one task and says so', async () => {
		const simulator = await newSimulator();
		const run = async (executionId: string) =>
			await runInEngine({
				credential: credentialFor(simulator),
				executionId,
				parameters: { ...runAndWait(), operation: 'create', options: { idempotencyKey: 'row-1' } },
				items: prompts(1),
			});
		expect((await run('1')).json[0].replayed).toBeUndefined();
		expect((await run('2')).json[0].replayed).toBe(true);
		expect(simulator.purchases).toBe(1);
	});

	test('two executions without a key of the user buy two tasks', async () => {
		const simulator = await newSimulator();
		for (const executionId of ['1', '2']) {
			await runInEngine({
				credential: credentialFor(simulator),
				executionId,
				parameters: { ...runAndWait(), operation: 'create' },
				items: prompts(1),
			});
		}
		expect(simulator.purchases).toBe(2);
	});
});

describe('Get', () => {
	test('simplified and raw', async () => {
		const simulator = await newSimulator();
		const credential = credentialFor(simulator);
		const { json } = await runInEngine({ credential, parameters: runAndWait(), items: prompts(1) });
		const taskId = json[0].taskId as string;
		const read = async (simplify: boolean) =>
			(
				await runInEngine({
					credential,
					parameters: { resource: 'task', operation: 'get', taskId: byId(taskId), simplify },
				})
			).json[0];
		const simplified = await read(true);
		expect(Object.keys(simplified).length).toBeLessThanOrEqual(10);
		expect(simplified).toMatchObject({
			taskId,
			model: 'any-model',
			status: 'success',
			url: expect.stringMatching(/^http/) as string,
		});
		expect(simplified.outputs).toEqual([
			{
				url: simplified.url,
				type: 'image',
				expiresAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
			},
		]);
		const raw = await read(false);
		expect(raw).toMatchObject({ taskId, status: 'success', output: [{ url: simplified.url }] });
		expect(typeof raw.created).toBe('number');
	});

	test('a failed task read as data has no top-level error, which n8n would take for a failed node', async () => {
		const simulator = await newSimulator();
		const credential = credentialFor(simulator);
		simulator.plan({ outcome: 'fail', error: { code: 'TASK_FAILED', message: 'blocked' } });
		await runInEngine({
			credential,
			parameters: { ...runAndWait(), operation: 'create' },
			items: prompts(1),
		});
		simulator.advance(10);
		for (const simplify of [true, false]) {
			const { json, error } = await runInEngine({
				credential,
				parameters: {
					resource: 'task',
					operation: 'get',
					taskId: byId(simulator.tasks[0].taskId),
					simplify,
				},
				settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 },
			});
			expect(error).toBeUndefined();
			expect(json[0]).toMatchObject({
				status: 'fail',
				failure: { code: 'TASK_FAILED', message: 'blocked' },
			});
			expect(json[0]).not.toHaveProperty('error');
		}
		expect(simulator.requests.filter(({ method }) => method === 'GET')).toHaveLength(2);
	});

	test('an unknown task says what happened, what to do, and names item and task', async () => {
		const simulator = await newSimulator();
		const { error } = await runInEngine({
			credential: credentialFor(simulator),
			parameters: { resource: 'task', operation: 'get', taskId: byId('tk-hiapi-nobody') },
		});
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '404' });
		expect(error?.message).toMatch(/does not know this task/);
		expect(error?.description).toMatch(/account that created the task.*tk-hiapi-nobody/);
		expect(error?.context).toMatchObject({ itemIndex: 0, taskId: 'tk-hiapi-nobody' });
	});

	test.each([
		['continueRegularOutput', 0],
		['continueErrorOutput', 1],
	] as const)(
		'under %s the failed item comes out at output %i and the good one at the first',
		async (onError, output) => {
			const simulator = await newSimulator();
			const credential = credentialFor(simulator);
			await runInEngine({
				credential,
				parameters: { ...runAndWait(), operation: 'create' },
				items: prompts(1),
			});
			const { outputs } = await runInEngine({
				credential,
				parameters: { resource: 'task', operation: 'get', taskId: byId('={{ $json.id }}') },
				items: [{ id: 'nobody' }, { id: simulator.tasks[0].taskId }],
				settings: { onError },
			});
			const failed = outputs[output].filter((item) => 'error' in item.json);
			expect(failed).toHaveLength(1);
			expect(failed[0].json).toMatchObject({
				error: expect.stringMatching(/does not know/) as string,
				details: expect.objectContaining({
					taskId: 'nobody',
					httpStatus: 404,
					description: expect.any(String) as string,
				}) as object,
			});
			expect(outputs[0].some((item) => item.json.taskId === simulator.tasks[0].taskId)).toBe(true);
		},
	);
});

describe('Get Many', () => {
	async function withTasks(count: number) {
		const simulator = await newSimulator();
		const credential = credentialFor(simulator);
		await runInEngine({
			credential,
			parameters: {
				...runAndWait(),
				operation: 'create',
				options: { maximumTasks: 0, concurrency: 50 },
			},
			items: prompts(count),
		});
		const getMany = async (parameters: object, timezone?: string) =>
			await runInEngine({
				credential,
				parameters: { resource: 'task', operation: 'getAll', ...parameters },
				workflowSettings: { timezone },
			});
		return { simulator, getMany };
	}

	test('limit, return all and pages', async () => {
		const { simulator, getMany } = await withTasks(12);
		expect((await getMany({ limit: 5 })).json).toHaveLength(5);
		expect((await getMany({ returnAll: true })).json.map(({ taskId }) => taskId).sort()).toEqual(
			simulator.tasks.map(({ taskId }) => taskId).sort(),
		);
		const [limited, all] = simulator.requests.filter(({ method }) => method === 'GET');
		expect(limited.query).toMatchObject({ page: '1', size: '5' });
		expect(all.query).toMatchObject({ page: '1', size: '100' });
	});

	test('filters by status, model and time', async () => {
		const { simulator, getMany } = await withTasks(3);
		simulator.advance(60);
		const since = new Date(simulator.now * 1000 - 5_000).toISOString();
		expect(
			(await getMany({ returnAll: true, filters: { status: ['success'] } })).json,
		).toHaveLength(3);
		expect((await getMany({ returnAll: true, filters: { status: ['fail'] } })).json).toHaveLength(
			0,
		);
		expect((await getMany({ returnAll: true, filters: { model: 'other' } })).json).toHaveLength(0);
		expect(
			(await getMany({ returnAll: true, filters: { createdAfter: since } })).json,
		).toHaveLength(0);
		expect(
			(await getMany({ returnAll: true, filters: { createdBefore: since } })).json,
		).toHaveLength(3);
		expect(
			(await getMany({ returnAll: true, filters: { createdAfter: 'nonsense' } })).error?.message,
		).toBe("'Created After' is not a date");
	});

	test('dates without a time zone mean that of the workflow, with and without a time', async () => {
		const { simulator, getMany } = await withTasks(1);
		const createdMs = Math.floor(simulator.tasks[0].createdAt / 1000) * 1000;
		// Without summer time, and never in the zone in which tests run.
		const zones = new Map([
			['Asia/Shanghai', 8],
			['Pacific/Pago_Pago', -11],
			['UTC', 0],
		]);
		for (const [zone, hours] of zones) {
			const wall = (instantMs: number) =>
				new Date(instantMs + hours * 3_600_000).toISOString().slice(0, 19);
			const count = async (filters: object) => (await getMany({ filters }, zone)).json.length;
			expect(await count({ createdAfter: wall(createdMs) })).toBe(1);
			expect(await count({ createdAfter: wall(createdMs + 1_000) })).toBe(0);
			expect(await count({ createdBefore: wall(createdMs) })).toBe(0);
			expect(await count({ createdBefore: wall(createdMs + 1_000) })).toBe(1);
			const today = wall(createdMs).slice(0, 10);
			const tomorrow = wall(createdMs + 86_400_000).slice(0, 10);
			expect(await count({ createdAfter: today, createdBefore: tomorrow })).toBe(1);
			expect(await count({ createdAfter: tomorrow })).toBe(0);
			expect(await count({ createdBefore: today })).toBe(0);
			expect(await count({ createdAfter: new Date(createdMs).toISOString() })).toBe(1);
		}
	});
});

describe('a workflow that was edited by hand', () => {
	test.each([
		['task', 'upscale', "operation 'upscale' for the resource 'task'"],
		['task', 'constructor', "operation 'constructor' for the resource 'task'"],
		['dance', 'runAndWait', "resource 'dance'"],
		['toString', 'call', "resource 'toString'"],
	])('resource %s, operation %s: a sentence', async (resource, operation, missing) => {
		const simulator = await newSimulator();
		const run = async (settings: object) =>
			await runInEngine({
				credential: credentialFor(simulator),
				parameters: { ...runAndWait(), resource, operation },
				items: prompts(2),
				settings,
			});
		const message = `This version of the node has no ${missing}`;
		const { error } = await run({});
		expect(error?.message).toBe(message);
		expect(error?.description).toMatch(/select 'Resource' and 'Operation' anew/);
		const { outputs } = await run({ onError: 'continueErrorOutput' });
		expect(outputs[0] ?? []).toEqual([]);
		expect(outputs[1].map(({ json }) => json.error)).toEqual([message, message]);
		expect(simulator.requests).toHaveLength(0);
	});
});
