import { startSimulator, type Simulator } from '../../simulator/index.cts';
import { call, create, createdId, readTask, type Answer } from './support/http.cts';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator({ taskSeconds: 100, switches: { listLagSeconds: 1 } });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const control = (method: string, path: string, body?: unknown): Promise<Answer> =>
	call(simulator, method, `/_simulator${path}`, { body, key: null });

it('tells what it is and what happened, without logging itself', async () => {
	await create(simulator);
	expect((await control('GET', '')).json).toMatchObject({
		baseUrl: simulator.baseUrl,
		otherOrigin: simulator.otherOrigin,
		taskSeconds: 100,
		timeScale: 1,
		purchases: 1,
		requests: 1,
		deliveries: 0,
	});
	expect((await control('GET', '/purchases')).json).toEqual({ purchases: 1 });
	expect(simulator.requests).toHaveLength(1);
});

it('reads and changes switches, refusing unknown ones and wrong types', async () => {
	expect((await control('GET', '/switches')).json).toMatchObject({
		authEnvelope: 'E1',
		listLagSeconds: 1,
		balance: null,
	});
	const changed = await control('PATCH', '/switches', { balance: 0, callbackAttempts: [0, 1] });
	expect(changed.json).toMatchObject({ balance: 0, callbackAttempts: [0, 1] });
	expect((await create(simulator)).status).toBe(402);
	expect((await control('PATCH', '/switches', { balnce: 1 })).status).toBe(400);
	expect((await control('PATCH', '/switches', { listLagSeconds: '3' })).status).toBe(400);
	expect((await control('PATCH', '/switches', [1])).status).toBe(400);
	expect(simulator.switches.listLagSeconds).toBe(1);
});

it('sets faults by path and by pattern, and clears them', async () => {
	await control('POST', '/faults', {
		method: 'POST',
		path: '/v1/tasks',
		times: 2,
		action: { type: 'status', status: 503 },
	});
	await control('POST', '/faults', {
		pathPattern: '^/v1/tasks/tk-',
		times: null,
		action: { type: 'drop' },
	});
	expect((await create(simulator)).status).toBe(503);
	expect((await control('GET', '/faults')).json.faults).toEqual([
		{ method: 'POST', path: '/v1/tasks', left: 1, action: { type: 'status', status: 503 } },
		{ path: '^\\/v1\\/tasks\\/tk-', left: null, action: { type: 'drop' } },
	]);
	for (let count = 0; count < 2; count += 1)
		await expect(readTask(simulator, 'tk-x')).rejects.toThrow();
	await control('DELETE', '/faults');
	expect((await create(simulator)).status).toBe(200);
	expect((await control('POST', '/faults', { action: {} })).status).toBe(400);
	expect((await control('POST', '/faults', 'no json')).status).toBe(400);
});

it('sets plans and scripts', async () => {
	await control('POST', '/plans', {
		plan: { seconds: 0, outcome: 'fail', reported: { storage: '$remove' } },
		match: { promptPattern: '^special' },
	});
	const plain = await createdId(simulator);
	const special = await createdId(simulator, { model: 'm', input: { prompt: 'special one' } });
	expect((await readTask(simulator, plain)).status).toBe('queued');
	const task = await readTask(simulator, special);
	expect(task.status).toBe('fail');
	expect(task).not.toHaveProperty('storage');
	await control('POST', '/plans', { plan: { seconds: 0 } });
	await control('DELETE', '/plans');
	expect((await readTask(simulator, await createdId(simulator))).status).toBe('queued');
	await control('POST', '/scripts', {
		method: 'GET',
		path: '/v1/tasks',
		replies: [{ status: 299, body: { a: 1 } }],
	});
	expect((await call(simulator, 'GET', '/v1/tasks')).status).toBe(299);
	await control('DELETE', '/scripts');
	expect((await call(simulator, 'GET', '/v1/tasks')).status).toBe(200);
	expect((await control('POST', '/scripts', {})).status).toBe(400);
});

it('shows requests with their bytes, from a position on', async () => {
	await create(simulator, { model: 'm', input: { prompt: 'ü' } });
	await create(simulator);
	const all = (await control('GET', '/requests')).json;
	expect(all.total).toBe(2);
	expect(
		Buffer.from(all.requests[0].rawBodyBase64, 'base64').equals(simulator.requests[0].rawBody),
	).toBe(true);
	expect(all.requests[0]).toMatchObject({
		method: 'POST',
		path: '/v1/tasks',
		status: 200,
		bought: true,
		json: { model: 'm' },
		taskId: simulator.tasks[0].taskId,
	});
	expect((await control('GET', '/requests?since=1')).json.requests).toHaveLength(1);
});

it('drops the oldest requests beyond the limit and keeps counting', async () => {
	simulator.switches.logLimit = 10;
	for (let count = 0; count < 15; count += 1)
		await call(simulator, 'GET', `/v1/tasks?page=${count + 1}`);
	expect(simulator.requests.length).toBeLessThanOrEqual(11);
	expect(simulator.requests.at(-1)!.query.page).toBe('15');
	const { total, requests } = (await control('GET', '/requests?since=14')).json;
	expect(total).toBe(15);
	expect(requests.map(({ query }: { query: { page: string } }) => query.page)).toEqual(['15']);
});

it('shows, ends and hurries tasks', async () => {
	const taskId = await createdId(simulator, { model: 'm', input: { prompt: 'p' } });
	expect((await control('GET', '/tasks')).json.tasks).toEqual([
		expect.objectContaining({
			taskId,
			status: 'queued',
			requestedModel: 'm',
			requestBody: { model: 'm', input: { prompt: 'p' } },
		}),
	]);
	await control('POST', `/tasks/${taskId}/finish`, { outcome: 'fail' });
	expect((await control('GET', `/tasks/${taskId}`)).json.status).toBe('fail');
	expect((await control('POST', `/tasks/${taskId}/finish`)).status).toBe(400);
	expect((await control('GET', '/tasks/none')).status).toBe(400);
	const second = await createdId(simulator);
	const { now } = (await control('POST', '/advance', { seconds: 101 })).json;
	expect(now).toBe(simulator.now);
	expect((await readTask(simulator, second)).status).toBe('success');
	expect((await control('POST', '/advance', {})).status).toBe(400);
});

it('forgets everything', async () => {
	await createdId(simulator);
	simulator.switches.balance = 0;
	simulator.fault({ action: { type: 'drop' } });
	simulator.plan({ outcome: 'fail' });
	simulator.script(() => ({ status: 299 }));
	await control('POST', '/reset');
	expect([simulator.purchases, simulator.tasks.length, simulator.requests.length]).toEqual([
		0, 0, 0,
	]);
	expect(simulator.switches).toMatchObject({ balance: null, listLagSeconds: 1 });
	const taskId = await createdId(simulator);
	simulator.advance(101);
	expect((await readTask(simulator, taskId)).status).toBe('success');
	expect((await control('GET', '/deliveries')).json).toEqual({ deliveries: [] });
});
