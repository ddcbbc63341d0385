import type { RequestFailure } from '../../../../../nodes/shared/errors/requestFailure';
import {
	TaskPoller,
	type TaskPollerPorts,
} from '../../../../../nodes/HiApi/generation/wait/taskPoller';
import { FakeTaskApi } from '../../../../support/fakeTaskApi.cts';
import { VirtualTiming } from '../../../../support/virtualTiming.cts';

function setUp(extra: Partial<TaskPollerPorts> = {}) {
	const timing = new VirtualTiming();
	const api = new FakeTaskApi(timing);
	return { timing, api, set: new TaskPoller(api.tools(extra)) };
}

test('each result goes to the one who waits for it', async () => {
	const { api, set } = setUp();
	const [quick, slow] = api.add(2, (index) => [3_000, 60_000][index]);
	const results = await Promise.all([set.wait(quick), set.wait(slow)]);
	expect(results.map((result) => result.kind === 'finished' && result.task.taskId)).toEqual([
		't0',
		't1',
	]);
	expect(set.pendingTaskIds).toEqual([]);
});

test('a single task is asked for by name, never looked for in the list', async () => {
	const { api, set } = setUp();
	const [task] = api.add(1, () => 60_000);
	await set.wait(task);
	expect(api.pages).toEqual([]);
});

test('a few tasks whose list is behind are seen all the same, because each fourth time they are asked for by name', async () => {
	const { api, set, timing } = setUp();
	api.listLagMs = 3_600_000;
	const tasks = api.add(2, () => 60_000);
	await timing.pause(10);
	await Promise.all(tasks.map(async (task) => await set.wait(task)));
	expect(timing.now() - tasks[0].createdMs).toBeLessThanOrEqual(85_000);
});

test('a few tasks of which only the list’s last pages know are asked for by name', async () => {
	const { api, set } = setUp();
	const tasks = api.add(2, () => 60_000);
	api.add(2000, () => null);
	await Promise.all(tasks.map(async (task) => await set.wait(task)));
	expect(api.pages.length).toBeLessThanOrEqual(21);
	expect(api.gets.length).toBeGreaterThanOrEqual(2);
});

test('polls are never closer together than the user asks, also of tasks that came later', async () => {
	const { api, set, timing } = setUp();
	await Promise.all(
		Array.from({ length: 20 }, async (_, index) => {
			await timing.pause(index * 700);
			const [task] = api.add(1, () => 200_000 + index * 10_000);
			await set.wait({ ...task, leastIntervalMs: 30_000 });
		}),
	);
	const [first, ...later] = api.sentMs;
	expect(first).toBeGreaterThanOrEqual(30_000);
	const gaps = later.map((at, index) => at - api.sentMs[index]);
	// The last few of a poll may be asked for one after the other.
	expect(gaps.filter((gap) => gap > 1_000 && gap < 30_000)).toEqual([]);
});

test('one slow task of 300 s takes at most 45 requests', async () => {
	const { api, set } = setUp();
	const [task] = api.add(1, () => 300_000);
	await set.wait(task);
	expect(api.gets.length).toBeLessThanOrEqual(45);
});

test('100 tasks take less than one request each, one at a time, and none is late by more than 10 s', async () => {
	const { api, set, timing } = setUp();
	const tasks = api.add(100, (index) => 8_000 + index * 2_950);
	const late = await Promise.all(
		tasks.map(async (task, index) => {
			const result = await set.wait(task);
			expect(result.kind).toBe('finished');
			return timing.now() - task.createdMs - (8_000 + index * 2_950);
		}),
	);
	expect(api.gets.length + api.pages.length).toBeLessThanOrEqual(100);
	expect(api.mostOpen).toBe(1);
	expect(Math.max(...late)).toBeLessThanOrEqual(10_000);
});

test('pages are read no further than the oldest pending task', async () => {
	const { api, set, timing } = setUp();
	api.add(1000, () => 1);
	await timing.pause(3_600_000);
	const tasks = api.add(10, () => 5_000);
	await Promise.all(tasks.map(async (task) => await set.wait(task)));
	expect(Math.max(...api.pages)).toBe(1);
});

test('250 pending tasks are found on three pages', async () => {
	const { api, set } = setUp();
	const tasks = api.add(250, () => 1_000);
	const results = await Promise.all(tasks.map(async (task) => await set.wait(task)));
	expect(results.every((result) => result.kind === 'finished')).toBe(true);
	expect(api.pages).toEqual([1, 2, 3]);
});

test('a list that lags by 30 s delays, but loses nothing and reads singly only a few at each poll', async () => {
	const { api, set } = setUp();
	api.listLagMs = 30_000;
	const tasks = api.add(40, (index) => 5_000 + index * 500);
	const results = await Promise.all(tasks.map(async (task) => await set.wait(task)));
	expect(results.every((result) => result.kind === 'finished')).toBe(true);
	expect(api.gets.length).toBeLessThanOrEqual(80);
});

test.each([
	['one by one, as the list is behind', { count: 100, listLagMs: 3_600_000 }],
	['page by page', { count: 500, listLagMs: 0 }],
])(
	'a poll of many requests, %s, keeps to 25 within any minute',
	async (_, { count, listLagMs }) => {
		const { api, set } = setUp();
		api.listLagMs = listLagMs;
		// not created by this run, which therefore has not shown that the account may do more
		const tasks = api.add(count, () => 600_000).map((task) => ({ ...task, pollAtOnce: true }));
		await Promise.all(tasks.map(async (task) => await set.wait(task)));
		expect(api.sentMs.length).toBeGreaterThan(100);
		expect(api.mostPerMinute).toBeLessThanOrEqual(25);
	},
);

test('no time-out is declared on the word of the list alone', async () => {
	const { api, set, timing } = setUp();
	api.listLagMs = 3_600_000;
	const tasks = api
		.add(10, () => 55_000)
		.map((task) => ({ ...task, deadlineMs: timing.monotonic() + 60_000, leastIntervalMs: 50_000 }));
	const results = await Promise.all(tasks.map(async (task) => await set.wait(task)));
	expect(results.map((result) => result.kind)).toEqual(tasks.map(() => 'finished'));
});

test.each([-3_600_000, 3_600_000])(
	'a clock set by %d ms while tasks are waited for changes nothing',
	async (setBy) => {
		const { api, set, timing } = setUp();
		const tasks = api
			.add(5, (index) => (index === 1 ? null : 60_000 - index * 10_000))
			.map((task) => ({ ...task, deadlineMs: timing.monotonic() + 90_000 }));
		void timing.pause(10_000).then(() => (timing.clockErrorMs = setBy));
		const results = await Promise.all(tasks.map(async (task) => await set.wait(task)));
		expect(results.map(({ kind }) => kind)).toEqual([
			'finished',
			'timedOut',
			...Array.from({ length: 3 }, () => 'finished'),
		]);
		expect(timing.monotonic()).toBeLessThan(91_000);
		expect((results[0] as { waitedMs: number }).waitedMs).toBeLessThan(70_000);
	},
);

test('a task that ends long before its like is not left unseen for more than two minutes', async () => {
	const { api, set, timing } = setUp({
		expected: () => ({ shortest: 900, longest: 1000, tasks: 16 }),
	});
	const [task] = api.add(1, () => 130_000);
	await set.wait(task);
	expect(timing.monotonic()).toBeLessThanOrEqual(241_000);
	expect(api.gets.length).toBe(2);
});

test('time runs out per task, the rest of the set goes on', async () => {
	const { api, set, timing } = setUp();
	const [stuck] = api.add(1, () => null);
	const [slow] = api.add(1, () => 100_000);
	const [stuckResult, slowResult] = await Promise.all([
		set.wait({ ...stuck, deadlineMs: timing.monotonic() + 30_000 }),
		set.wait(slow),
	]);
	expect(stuckResult).toMatchObject({
		kind: 'timedOut',
		task: { taskId: 't0', status: 'handling' },
	});
	expect(slowResult.kind).toBe('finished');
});

test('abort ends all waiting at once', async () => {
	const stop = new AbortController();
	const { api, set, timing } = setUp({ signal: stop.signal });
	const tasks = api.add(5, () => null);
	const waiting = Promise.all(tasks.map(async (task) => await set.wait(task)));
	await timing.pause(5_000);
	const stoppedAt = timing.now();
	stop.abort();
	const results = await waiting;
	expect(results.map((result) => result.kind)).toEqual(tasks.map(() => 'stopped'));
	expect(timing.now() - stoppedAt).toBeLessThanOrEqual(1_000);
	expect((await set.wait(tasks[0])).kind).toBe('stopped');
});

test('abort ends waiting also while HiAPI has not answered', async () => {
	const stop = new AbortController();
	const { api, set } = setUp({
		signal: stop.signal,
		readTask: async () => {
			stop.abort();
			return await new Promise<never>(() => undefined);
		},
	});
	const [task] = api.add(1, () => null);
	expect((await set.wait(task)).kind).toBe('stopped');
});

test.each<RequestFailure>([
	{ kind: 'network', networkCode: 'ECONNRESET' },
	{ kind: 'answer', status: 500 },
	{ kind: 'answer', status: 503 },
	{ kind: 'answer', status: 429 },
	{ kind: 'answer', status: 404 },
	{ kind: 'answer', code: 'SOMETHING_NEW' },
	{ kind: 'unreadable' },
])('a poll that failed does not end the waiting: %j', async (failure) => {
	const { api, set } = setUp();
	api.failures = [failure, failure];
	const [task] = api.add(1, () => 6_000);
	expect((await set.wait(task)).kind).toBe('finished');
});

test.each<RequestFailure>([
	{ kind: 'answer', status: 401 },
	{ kind: 'answer', status: 403 },
])('a refusal that will not change ends it: %j', async (failure) => {
	const { api, set } = setUp();
	api.failures = [failure];
	const [task] = api.add(1, () => 6_000);
	expect(await set.wait(task)).toMatchObject({ kind: 'failed', failure: { request: failure } });
});

test('a task that stays unknown is given up after a few looks', async () => {
	const { api, set, timing } = setUp();
	const result = await set.wait({
		taskId: 'nobody',
		model: 'm',
		createdMs: timing.now(),
		deadlineMs: timing.monotonic() + 1_800_000,
		leastIntervalMs: 0,
		pollAtOnce: true,
	});
	expect(result.kind).toBe('failed');
	expect(api.gets).toHaveLength(4);
});

test('the same task given twice is asked for once and both get it', async () => {
	const { api, set } = setUp();
	const [task] = api.add(1, () => 1_000);
	const results = await Promise.all([set.wait(task), set.wait(task)]);
	expect(results.map((result) => result.kind)).toEqual(['finished', 'finished']);
	expect(api.gets).toHaveLength(1);
});

test('each status is told once, in order', async () => {
	const told: string[] = [];
	const { api, set } = setUp({ onStatus: (task) => told.push(task.status) });
	const [task] = api.add(1, () => 20_000, 'fail');
	await set.wait(task);
	expect(told).toEqual(['handling', 'fail']);
});

test('tasks may be added while others are waited for', async () => {
	const { api, set, timing } = setUp();
	const [first] = api.add(1, () => 200_000);
	const waiting = set.wait(first);
	await timing.pause(100_000);
	const [second] = api.add(1, () => 3_000);
	const seen = await set.wait(second);
	expect(seen.kind).toBe('finished');
	expect(timing.now() - second.createdMs).toBeLessThanOrEqual(6_000);
	expect((await waiting).kind).toBe('finished');
});

test('a poll of all tasks ends the wait for those that have finished, due or not', async () => {
	const { api, set, timing } = setUp();
	const [quick, slow] = api.add(2, (index) => (index === 0 ? 100 : 60_000));
	const waits = [set.wait(quick), set.wait(slow)];
	await timing.pause(200);
	const { readTask, readPage } = api.tools();
	await set.pollAll({ readTask, readPage });
	expect(set.pendingTaskIds).toEqual([slow.taskId]);
	expect(await waits[0]).toMatchObject({ kind: 'finished', waitedMs: expect.any(Number) });
	expect(timing.now() - quick.createdMs).toBeLessThan(1_000);
	expect((await waits[1]).kind).toBe('finished');
});
