import { startSimulator, type Simulator } from '../../simulator/index.cts';
import { anyInput, create, createdId, readTask } from './support/http.cts';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

// Whatever HiAPI turns out to do, the simulator can do it: each guess has a switch that takes it back.
it('refuses unknown fields when told so', async () => {
	const body = { ...anyInput, priority: 1 };
	expect((await create(simulator, body)).status).toBe(200);
	simulator.switches.rejectUnknownTopLevelFields = true;
	const answer = await create(simulator, body);
	expect([answer.status, answer.json.message]).toEqual([400, expect.stringContaining('priority')]);
	expect(simulator.purchases).toBe(1);
});

it('takes an unknown storage for temporary when told so', async () => {
	const body = { ...anyInput, storage: 'forever' };
	expect((await create(simulator, body)).status).toBe(400);
	simulator.switches.rejectInvalidStorage = false;
	expect((await readTask(simulator, await createdId(simulator, body))).storage).toBe('temp');
});

it.each([
	['missing', undefined],
	['null', null],
	['zero', 0],
	['number', expect.any(Number)],
] as const)("writes the end of persistent files as '%s'", async (persistentExpireAt, expected) => {
	simulator.switches.persistentExpireAt = persistentExpireAt;
	simulator.plan({ seconds: 0 });
	const taskId = await createdId(simulator, { ...anyInput, storage: 'persistent' });
	expect((await readTask(simulator, taskId)).output[0].expireAt).toEqual(expected);
});
