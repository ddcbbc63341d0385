import { HiApiError } from '../../../../../nodes/shared/errors/apiError';
import type { RequestFailure } from '../../../../../nodes/shared/errors/requestFailure';
import { parseTask, type Task } from '../../../../../nodes/shared/api/task';
import type { ApiResult, TaskPage } from '../../../../../nodes/shared/api/tasks';
import {
	TaskPoller,
	type AwaitedTask,
	type TaskPollerPorts,
} from '../../../../../nodes/HiApi/generation/wait/taskPoller';
import { VirtualTiming } from '../../../../support/virtualTiming.cts';

interface FakeTask {
	taskId: string;
	createdMs: number;
	/** null: never. */
	durationMs: number | null;
	outcome: 'success' | 'fail';
}

/** A HiAPI whose list may lag behind, with a count of what it was asked. */
class FakeApi {
	readonly tasks: FakeTask[] = [];
	gets: string[] = [];
	pages: number[] = [];
	listLagMs = 0;
	open = 0;
	mostOpen = 0;
	failures: RequestFailure[] = [];

	constructor(readonly timing: VirtualTiming) {}

	add(
		count: number,
		durationMs: (index: number) => number | null,
		outcome: FakeTask['outcome'] = 'success',
	): AwaitedTask[] {
		return Array.from({ length: count }, (_, index) => {
			const task = {
				taskId: `t${this.tasks.length}`,
				createdMs: this.timing.now(),
				durationMs: durationMs(index),
				outcome,
			};
			this.tasks.push(task);
			return {
				taskId: task.taskId,
				model: 'm',
				createdMs: task.createdMs,
				deadlineMs: task.createdMs + 1_800_000,
				leastIntervalMs: 0,
			};
		});
	}

	private view(task: FakeTask, atMs: number): Task {
		const done = task.durationMs !== null && atMs - task.createdMs >= task.durationMs;
		return parseTask({
			taskId: task.taskId,
			model: 'm',
			status: done ? task.outcome : 'handling',
			created: Math.floor(task.createdMs / 1000),
			completed: done ? Math.floor((task.createdMs + (task.durationMs ?? 0)) / 1000) : 0,
		}) as Task;
	}

	private async request<T>(answer: () => ApiResult<T>): Promise<ApiResult<T>> {
		this.mostOpen = Math.max(this.mostOpen, ++this.open);
		await this.timing.pause(20);
		this.open -= 1;
		const failure = this.failures.shift();
		return failure ? { ok: false, failure: new HiApiError('m', 'd', {}, failure) } : answer();
	}

	tools(extra: Partial<TaskPollerPorts> = {}): TaskPollerPorts {
		return {
			readTask: async (taskId) => {
				this.gets.push(taskId);
				return await this.request(() => {
					const task = this.tasks.find((candidate) => candidate.taskId === taskId);
					const notFound = new HiApiError('m', 'd', {}, { kind: 'answer', status: 404 });
					return task
						? { ok: true, value: this.view(task, this.timing.now()) }
						: { ok: false, failure: notFound };
				});
			},
			readPage: async (page, size) => {
				this.pages.push(page);
				return await this.request<TaskPage>(() => {
					const asOf = this.timing.now() - this.listLagMs;
					const shown = this.tasks
						.filter((task) => task.createdMs <= asOf)
						.reverse()
						.slice((page - 1) * size, page * size);
					return {
						ok: true,
						value: { tasks: shown.map((task) => this.view(task, asOf)), entries: shown.length },
					};
				});
			},
			timing: this.timing,
			expected: () => undefined,
			...extra,
		};
	}
}

function setUp(extra: Partial<TaskPollerPorts> = {}) {
	const timing = new VirtualTiming();
	const api = new FakeApi(timing);
	return { timing, api, set: new TaskPoller(api.tools(extra)) };
}

test('a few tasks are read one by one and each result goes to the one who waits for it', async () => {
	const { api, set } = setUp();
	const [quick, slow] = api.add(2, (index) => [3_000, 60_000][index]);
	const results = await Promise.all([set.wait(quick), set.wait(slow)]);
	expect(results.map((result) => result.kind === 'finished' && result.task.taskId)).toEqual([
		't0',
		't1',
	]);
	expect(api.pages).toEqual([]);
	expect(set.pendingTaskIds).toEqual([]);
});

test('one slow task of 300 s takes at most 24 requests', async () => {
	const { api, set } = setUp();
	const [task] = api.add(1, () => 300_000);
	await set.wait(task);
	expect(api.gets.length).toBeLessThanOrEqual(24);
});

test('100 tasks take less than one request each, one at a time, and none is late by more than 20 s', async () => {
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
	expect(Math.max(...late)).toBeLessThanOrEqual(21_000);
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

test('a list that lags by 30 s delays, but loses nothing and reads singly only a few at each look', async () => {
	const { api, set } = setUp();
	api.listLagMs = 30_000;
	const tasks = api.add(40, (index) => 5_000 + index * 500);
	const results = await Promise.all(tasks.map(async (task) => await set.wait(task)));
	expect(results.every((result) => result.kind === 'finished')).toBe(true);
	expect(api.gets.length).toBeLessThanOrEqual(80);
});

test('no time-out is declared on the word of the list alone', async () => {
	const { api, set } = setUp();
	api.listLagMs = 3_600_000;
	const tasks = api
		.add(10, () => 55_000)
		.map((task) => ({ ...task, deadlineMs: task.createdMs + 60_000, leastIntervalMs: 50_000 }));
	const results = await Promise.all(tasks.map(async (task) => await set.wait(task)));
	expect(results.map((result) => result.kind)).toEqual(tasks.map(() => 'finished'));
});

test('time runs out per task, the rest of the set goes on', async () => {
	const { api, set } = setUp();
	const [stuck] = api.add(1, () => null);
	const [slow] = api.add(1, () => 100_000);
	const [stuckResult, slowResult] = await Promise.all([
		set.wait({ ...stuck, deadlineMs: stuck.createdMs + 30_000 }),
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
])('a look that did not work out does not end the waiting: %j', async (failure) => {
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
	const now = timing.now();
	const result = await set.wait({
		taskId: 'nobody',
		model: 'm',
		createdMs: now,
		deadlineMs: now + 1_800_000,
		leastIntervalMs: 0,
		lookAtOnce: true,
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
