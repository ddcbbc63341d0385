import { HiApiClient } from '../../../../nodes/shared/api/client';
import { createTask, getTask, listTasks } from '../../../../nodes/shared/api/tasks';
import { VirtualTiming } from '../../../support/virtualTiming.cts';
import { CREATED, FakeHiApi, refusal, type Reaction } from './fakeHiApi.cts';

function setUp(...reactions: Reaction[]) {
	const api = new FakeHiApi(reactions);
	const timing = new VirtualTiming();
	const client = new HiApiClient(api.context, 'https://api.hiapi.ai/v1', timing);
	return { api, client, budget: { deadlineMs: timing.monotonic() + 600_000 } };
}

const data = (value: unknown): Reaction => ({
	status: 200,
	body: { code: 200, message: 'success', data: value },
});

describe('buying', () => {
	test('gives the task id', async () => {
		const { api, client, budget } = setUp(CREATED);
		expect(await createTask(client, '{}', 'key-1', budget)).toEqual({
			ok: true,
			value: { taskId: 'tk-1', replayed: false },
		});
		expect(api.requests[0]).toMatchObject({
			method: 'POST',
			url: 'https://api.hiapi.ai/v1/tasks',
			body: '{}',
		});
		expect(api.header('Idempotency-Key')).toEqual(['key-1']);
	});

	test('says when nothing new was bought', async () => {
		const { client, budget } = setUp({ ...CREATED, headers: { 'idempotent-replay': 'True' } });
		expect(await createTask(client, '{}', 'key-1', budget)).toMatchObject({
			value: { replayed: true },
		});
	});

	test.each([
		{},
		{ taskId: '' },
		{ taskId: ' ' },
		{ task_id: 'tk-1' },
		{ id: 'tk-1' },
		[],
		'tk-1',
		null,
	])('a success with %j has no task: asked for again, and open in the end', async (reply) => {
		const { api, client, budget } = setUp(data(reply));
		const result = await createTask(client, '{}', 'key-1', budget);
		expect(result).toMatchObject({
			ok: false,
			failure: { request: { kind: 'unreadable', outcomeUnknown: true } },
		});
		expect(api.requests.length).toBeGreaterThan(1);
		expect(new Set(api.header('Idempotency-Key'))).toEqual(new Set(['key-1']));
	});

	test.each([
		{ status: 200, body: { error: { code: 'permission_denied', message: 'no' } } },
		{ status: 200, body: { code: 402, message: 'insufficient balance', data: null } },
	])('%j is a refusal', async (reaction) => {
		const { api, client, budget } = setUp(reaction);
		expect(await createTask(client, '{}', 'key-1', budget)).toMatchObject({
			ok: false,
			failure: { request: { kind: 'answer', outcomeUnknown: false } },
		});
		expect(api.requests).toHaveLength(1);
	});

	test('takes a task id that is a number as text', async () => {
		const { client, budget } = setUp({
			status: 200,
			body: '{"code":200,"data":{"taskId":12345678901234567890}}',
		});
		expect(await createTask(client, '{}', 'key-1', budget)).toMatchObject({
			ok: true,
			value: { taskId: '12345678901234567890' },
		});
	});

	test('a 409 that names a task is our task: asked once, nothing new was bought', async () => {
		const { api, client, budget } = setUp({
			status: 409,
			body: { code: 409, error_code: 'IDEMPOTENCY_KEY_PROCESSING', data: { taskId: 'tk-5' } },
		});
		expect(await createTask(client, '{}', 'key-1', budget)).toEqual({
			ok: true,
			value: { taskId: 'tk-5', replayed: true },
		});
		expect(api.requests).toHaveLength(1);
	});

	test('a code that nobody knows, next to a task id, leaves it open and names the task', async () => {
		const { client, budget } = setUp({
			status: 200,
			body: { code: 0, message: 'ok?', data: { taskId: 'tk-9' } },
		});
		const result = await createTask(client, '{}', 'key-1', budget);
		expect(result).toMatchObject({
			ok: false,
			failure: { details: { taskId: 'tk-9' }, request: { outcomeUnknown: true } },
		});
	});
});

describe('reading one', () => {
	test('gives the task', async () => {
		const { api, client, budget } = setUp(data({ taskId: 'tk-1', status: 'success' }));
		expect(await getTask(client, 'tk-1', budget)).toMatchObject({
			ok: true,
			value: { taskId: 'tk-1', state: 'success' },
		});
		expect(api.requests[0]).toMatchObject({
			method: 'GET',
			url: 'https://api.hiapi.ai/v1/tasks/tk-1',
		});
	});

	test.each([
		['a/../b?x=1#y', 'a%2F..%2Fb%3Fx%3D1%23y'],
		['tk 1', 'tk%201'],
		['tk-\uD800', 'tk-%EF%BF%BD'],
	])('sends the id %j as one segment', async (taskId, segment) => {
		const { api, client, budget } = setUp(data({ taskId: 'tk-1' }));
		await getTask(client, taskId, budget);
		expect(api.requests[0].url).toBe(`https://api.hiapi.ai/v1/tasks/${segment}`);
	});

	test('a task that failed is a task', async () => {
		const { client, budget } = setUp(
			data({ taskId: 'tk-1', status: 'fail', error: { code: 'TASK_FAILED', message: 'no' } }),
		);
		expect(await getTask(client, 'tk-1', budget)).toMatchObject({
			ok: true,
			value: { state: 'fail', failure: { code: 'TASK_FAILED' } },
		});
	});

	test('names the task in every failure', async () => {
		for (const reaction of [refusal(404), refusal(401), { status: 200, body: '' }]) {
			const { client, budget } = setUp(reaction);
			const result = await getTask(client, 'tk-7', budget);
			expect(result).toMatchObject({
				ok: false,
				failure: {
					details: { taskId: 'tk-7' },
					description: expect.stringContaining('tk-7') as string,
				},
			});
		}
	});
});

describe('reading a page', () => {
	const tasks = [{ taskId: 'tk-1', status: 'success' }, null, { taskId: '' }, { taskId: 'tk-2' }];

	test('gives the readable tasks and counts all entries', async () => {
		const { api, client, budget } = setUp(data({ page: 2, size: 4, total: 42, tasks }));
		const result = await listTasks(client, 2, 4, budget);
		expect(result).toMatchObject({
			ok: true,
			value: { total: 42, entries: 4, tasks: [{ taskId: 'tk-1' }, { taskId: 'tk-2' }] },
		});
		expect(api.requests[0]).toMatchObject({
			url: 'https://api.hiapi.ai/v1/tasks',
			qs: { page: 2, size: 4 },
		});
	});

	test.each([tasks, { items: tasks }, { list: tasks }, { data: tasks }, { records: tasks }])(
		'finds the list in %j',
		async (reply) => {
			const { client, budget } = setUp(data(reply));
			expect(await listTasks(client, 1, 4, budget)).toMatchObject({
				ok: true,
				value: { entries: 4 },
			});
		},
	);

	test.each(['42', null, undefined])('a total of %p is none', async (total) => {
		const { client, budget } = setUp(data({ tasks, total }));
		const result = await listTasks(client, 1, 4, budget);
		expect(result).toMatchObject({ ok: true });
		expect(result.ok && result.value.total).toBeUndefined();
	});

	test.each([{}, { tasks: null }, null, 'text'])('%j holds no list', async (reply) => {
		const { client, budget } = setUp(data(reply));
		expect(await listTasks(client, 1, 4, budget)).toMatchObject({
			ok: false,
			failure: { request: { kind: 'unreadable' } },
		});
	});
});
