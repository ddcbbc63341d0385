import { startSimulator, type Simulator } from '../../simulator/index.cts';
import { call, create, createdId, readTask } from './support/http.cts';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator({ taskSeconds: 100 });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const list = async (query = '') => (await call(simulator, 'GET', `/v1/tasks${query}`)).json.data;

it('goes through queued, handling and archiving to success, with the documented fields', async () => {
	const taskId = await createdId(simulator);
	expect(taskId).toMatch(/^tk-hiapi-[0-9A-HJKMNP-TV-Z]{26}$/);
	const queued = await readTask(simulator, taskId);
	expect(queued).toEqual({
		taskId,
		model: 'any-model',
		status: 'queued',
		created: expect.any(Number),
		completed: 0,
		storage: 'temp',
	});
	simulator.advance(20);
	expect(await readTask(simulator, taskId)).toMatchObject({ status: 'handling', completed: 0 });
	simulator.advance(65);
	const archiving = await readTask(simulator, taskId);
	expect(archiving).toMatchObject({ status: 'archiving', completed: 0 });
	expect(archiving).not.toHaveProperty('output');
	simulator.advance(16);
	const success = await readTask(simulator, taskId);
	expect(success).toMatchObject({ status: 'success', completed: queued.created + 100 });
	expect(success.output).toEqual([
		{ url: expect.stringMatching(/^http/), type: 'image', expireAt: success.completed + 604800 },
	]);
	expect(success).not.toHaveProperty('error');
});

it('fails with its error and without output', async () => {
	simulator.plan(
		{ outcome: 'fail', error: { code: 'TASK_TIMEOUT', message: 'too slow' } },
		{ times: 1 },
	);
	const told = await createdId(simulator);
	simulator.plan({ outcome: 'fail' });
	const usual = await createdId(simulator);
	simulator.advance(101);
	expect(await readTask(simulator, told)).toMatchObject({
		status: 'fail',
		error: { code: 'TASK_TIMEOUT', message: 'too slow' },
	});
	const task = await readTask(simulator, usual);
	expect(task.error.code).toBe('TASK_FAILED');
	expect(task).not.toHaveProperty('output');
});

it.each(['queued', 'handling', 'archiving'] as const)(
	'can stay %s for ever, until it is ended by hand',
	async (stuckIn) => {
		simulator.plan({ outcome: 'stuck', stuckIn });
		const taskId = await createdId(simulator);
		simulator.advance(1_000_000);
		expect(await readTask(simulator, taskId)).toMatchObject({ status: stuckIn, completed: 0 });
		simulator.finish(taskId);
		expect((await readTask(simulator, taskId)).status).toBe('success');
		expect(() => simulator.finish(taskId)).toThrow('already ended');
		expect(() => simulator.finish('tk-none')).toThrow('no task');
	},
);

it('ends a task by hand as told', async () => {
	const taskId = await createdId(simulator);
	simulator.finish(taskId, { outcome: 'fail', error: { code: 'X', message: 'y' } });
	expect(await readTask(simulator, taskId)).toMatchObject({
		status: 'fail',
		error: { code: 'X', message: 'y' },
	});
});

it('shows statuses and fields no documentation knows', async () => {
	simulator.plan({
		unknownStatus: 'pondering',
		reported: { completed: undefined, extra: 1, output: null },
	});
	const taskId = await createdId(simulator);
	simulator.advance(50);
	const task = await readTask(simulator, taskId);
	expect(task).toMatchObject({ status: 'pondering', extra: 1, output: null });
	expect(task).not.toHaveProperty('completed');
});

it('shows the outputs asked for, malformed ones as well', async () => {
	simulator.plan({
		seconds: 0,
		outputs: [
			{ type: 'video' },
			{ type: 'first_frame', expireAt: null },
			{ raw: null },
			{ raw: 'text' },
			{ type: 'audio', url: 'https://e.com/x' },
		],
	});
	const { output } = await readTask(simulator, await createdId(simulator));
	expect(output).toEqual([
		{ url: expect.stringMatching(/0\.mp4$/), type: 'video', expireAt: expect.any(Number) },
		{ url: expect.stringMatching(/1\.png$/), type: 'first_frame', expireAt: null },
		null,
		'text',
		{ url: 'https://e.com/x', type: 'audio', expireAt: expect.any(Number) },
	]);
	simulator.plan({ seconds: 0, outputs: 3 });
	expect((await readTask(simulator, await createdId(simulator))).output).toHaveLength(3);
	simulator.plan({ seconds: 0, outputs: 0 });
	expect((await readTask(simulator, await createdId(simulator))).output).toEqual([]);
});

it('gives videos and sound their types, and a last frame on demand', async () => {
	simulator.plan({ seconds: 0 }, { times: Infinity });
	const types = async (body: unknown) =>
		(await readTask(simulator, await createdId(simulator, body))).output.map(
			({ type }: { type: string }) => type,
		);
	expect(
		await types({ model: 'seedance-2.0', input: { prompt: 'abc', return_last_frame: true } }),
	).toEqual(['video', 'last_frame']);
	expect(await types({ model: 'minimax-music-2.6', input: { prompt: 'abc' } })).toEqual(['audio']);
});

it.each([
	['milliseconds', (end: number) => (end + 604800) * 1000],
	['iso', (end: number) => new Date((end + 604800) * 1000).toISOString()],
	['zero', () => 0],
	['missing', () => undefined],
] as const)('writes expireAt as %s', async (format, expected) => {
	simulator.plan({ seconds: 0, switches: { expireAtFormat: format } });
	const task = await readTask(simulator, await createdId(simulator));
	expect(task.output[0].expireAt).toEqual(expected(task.completed));
});

it('uses the plan that fits model and prompt', async () => {
	simulator.plan({ seconds: 1 }, { model: 'z-image' });
	simulator.plan({ seconds: 2 }, { prompt: /^b/ });
	simulator.plan({ seconds: 3 }, { prompt: 'needle' });
	for (const [prompt, model] of [
		['needle', 'm'],
		['bee', 'm'],
		['x', 'z-image'],
		['x', 'z-image'],
	]) {
		await createdId(simulator, { model, input: { prompt } });
	}
	expect(simulator.tasks.map(({ plan }) => plan.seconds)).toEqual([3, 2, 1, undefined]);
});

it('answers 404 to unknown, empty and strange ids', async () => {
	for (const path of ['tk-hiapi-none', '', encodeURIComponent('a/b'), 'x'.repeat(1000)]) {
		const answer = await call(simulator, 'GET', `/v1/tasks/${path}`);
		expect(answer.status).toBe(404);
		expect(answer.json).toMatchObject({ code: 404, data: null });
	}
});

describe('the list', () => {
	it('is newest first, ten a page, with the total', async () => {
		const ids: string[] = [];
		for (let count = 0; count < 23; count += 1) ids.unshift(await createdId(simulator));
		const first = await list();
		expect(first).toMatchObject({ page: 1, size: 10, total: 23 });
		expect(first.tasks.map(({ taskId }: { taskId: string }) => taskId)).toEqual(ids.slice(0, 10));
		const last = await list('?page=3&size=10');
		expect(last.tasks.map(({ taskId }: { taskId: string }) => taskId)).toEqual(ids.slice(20));
		expect((await list('?page=4')).tasks).toEqual([]);
		expect((await list('?size=100')).tasks).toHaveLength(23);
		expect(first.tasks[0]).toEqual(await readTask(simulator, ids[0]));
	});

	it.each(['?page=0&size=0', '?page=-1&size=101', '?page=x&size=1.5', '?page=&size='])(
		'replaces %s by the defaults',
		async (query) => {
			expect(await list(query)).toMatchObject({ page: 1, size: 10 });
		},
	);

	it('can be some seconds old: newer tasks missing, older ones in their former state', async () => {
		const taskId = await createdId(simulator);
		simulator.advance(105);
		await createdId(simulator);
		simulator.switches.listLagSeconds = 30;
		const { total, tasks } = await list();
		expect(total).toBe(1);
		expect(tasks[0]).toMatchObject({ taskId, status: 'handling', completed: 0 });
		expect((await readTask(simulator, taskId)).status).toBe('success');
	});
});

it('can hide a new task from its readers for a while', async () => {
	simulator.switches.detailLagSeconds = 5;
	const taskId = await createdId(simulator);
	expect((await call(simulator, 'GET', `/v1/tasks/${taskId}`)).status).toBe(404);
	simulator.advance(5);
	expect((await call(simulator, 'GET', `/v1/tasks/${taskId}`)).status).toBe(200);
});

it('holds a thousand tasks and answers each of them', async () => {
	for (let batch = 0; batch < 20; batch += 1)
		await Promise.all(Array.from({ length: 50 }, () => create(simulator)));
	expect(simulator.purchases).toBe(1000);
	expect(new Set(simulator.tasks.map(({ taskId }) => taskId)).size).toBe(1000);
	simulator.advance(101);
	const pages = await Promise.all(
		Array.from({ length: 10 }, (_, page) => list(`?size=100&page=${page + 1}`)),
	);
	const tasks = pages.flatMap((page) => page.tasks);
	expect(new Set(tasks.map(({ taskId }) => taskId)).size).toBe(1000);
	expect(tasks.every(({ status }) => status === 'success')).toBe(true);
});
