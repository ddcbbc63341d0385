import { startSimulator, type Simulator } from '../../simulator/index.cts';
import { call, createdId, fetchRaw, readTask } from './support/http.cts';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator({ taskSeconds: 10 });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const listed = async (query = '') =>
	(await call(simulator, 'GET', `/v1/storages${query}`)).json.data;
const post = (action: 'promote' | 'delete', body: unknown) =>
	call(simulator, 'POST', `/v1/storages/${action}`, { body });
const outcome = async (action: 'promote' | 'delete', ids: string[]) =>
	(await post(action, ids)).json.data;

async function storedId(): Promise<{ id: string; taskId: string }> {
	simulator.plan({ seconds: 0 });
	const taskId = await createdId(simulator);
	const { items } = await listed();
	return { id: items.find((item: { taskId: string }) => item.taskId === taskId).id, taskId };
}

it('lists outputs of finished tasks with id and tier, newest first', async () => {
	await createdId(simulator);
	simulator.plan({ seconds: 0, outcome: 'fail' });
	await createdId(simulator);
	simulator.plan({ seconds: 0, outputs: 3 });
	await createdId(simulator);
	const { items, total } = await listed();
	expect(total).toBe(3);
	expect(items.map(({ id }: { id: string }) => Number(id))).toEqual(
		[...items.map(({ id }: { id: string }) => Number(id))].sort((a, b) => b - a),
	);
	expect(items[0]).toMatchObject({
		id: expect.stringMatching(/^\d+$/),
		storage_tier: 'temp',
		url: expect.any(String),
		type: 'image',
	});
	expect((await listed('?page=2&size=2')).items).toHaveLength(1);
	simulator.switches.storageListKey = 'storages';
	expect((await listed()).storages).toHaveLength(3);
	simulator.switches.storageListKey = '';
	expect(await listed()).toHaveLength(3);
	expect((await call(simulator, 'GET', '/v1/storages', { key: null })).status).toBe(401);
});

it('promotes after a while: another host, same path, no end', async () => {
	const { id, taskId } = await storedId();
	const before = await readTask(simulator, taskId);
	expect(await outcome('promote', [id])).toEqual({ accepted: [id], rejected: [] });
	expect((await listed()).items[0].storage_tier).toBe('temp');
	expect(await outcome('promote', [id])).toEqual({
		accepted: [],
		rejected: [{ id, reason: 'storage_op_pending' }],
	});
	simulator.advance(3);
	expect((await listed()).items[0].storage_tier).toBe('persistent');
	const after = await readTask(simulator, taskId);
	expect(after.storage).toBe('persistent');
	const [from, to] = [before, after].map(({ output }) => new URL(output[0].url));
	expect(to.pathname).toBe(from.pathname);
	expect(to.host).not.toBe(from.host);
	simulator.advance(604800 * 2);
	expect((await fetchRaw(to.href)).status).toBe(200);
	expect(await outcome('promote', [id])).toEqual({
		accepted: [],
		rejected: [{ id, reason: 'not_promotable' }],
	});
});

it('refuses id by id, with the reason', async () => {
	const { id: mine } = await storedId();
	const { id: deleted } = await storedId();
	await outcome('delete', [deleted]);
	await createdId(simulator);
	const running = String(Number(deleted) + 1);
	expect(await outcome('promote', ['1', deleted, running, mine])).toEqual({
		accepted: [mine],
		rejected: [
			{ id: '1', reason: 'not_owned' },
			{ id: deleted, reason: 'already_deleted' },
			{ id: running, reason: 'not_promotable' },
		],
	});
	const { id: capped } = await storedId();
	simulator.switches.storageCapExceeded = true;
	expect((await outcome('promote', [capped])).rejected).toEqual([
		{ id: capped, reason: 'cap_exceeded' },
	]);
	simulator.switches.balance = 0;
	expect((await outcome('promote', [capped])).rejected).toEqual([
		{ id: capped, reason: 'insufficient' },
	]);
	simulator.switches.otherApiKeys = ['sk-second'];
	const foreign = await call(simulator, 'POST', '/v1/storages/promote', {
		body: [capped],
		key: 'sk-second',
	});
	expect(foreign.json.data.rejected).toEqual([{ id: capped, reason: 'not_owned' }]);
});

it('deletes: out of the list, the file gone, once', async () => {
	const { id, taskId } = await storedId();
	const { output } = await readTask(simulator, taskId);
	expect(await outcome('delete', [id])).toEqual({ accepted: [id], rejected: [] });
	expect((await listed()).total).toBe(0);
	expect((await fetchRaw(output[0].url)).status).toBe(404);
	expect((await outcome('delete', [id])).rejected).toEqual([{ id, reason: 'already_deleted' }]);
});

it.each([
	['an object', { ids: ['1'] }],
	['nothing', []],
	['too many', Array(51).fill('1')],
	['numbers', [1]],
	['no JSON', 'x'],
])('refuses %s as body', async (_, body) => {
	expect((await post('promote', body)).status).toBe(400);
	expect((await post('delete', body)).status).toBe(400);
});

it('gives ids anew to outputs planned anew', async () => {
	const taskId = await createdId(simulator);
	simulator.finish(taskId, { outputs: 2 });
	const { items } = await listed();
	expect(items.map((item: { taskId: string }) => item.taskId)).toEqual([taskId, taskId]);
});
