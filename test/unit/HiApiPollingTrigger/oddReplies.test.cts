import { HiApiError } from '../../../nodes/shared/errors/apiError';
import { parseTask, type Task } from '../../../nodes/shared/api/task';
import type { ApiResult, TaskPage } from '../../../nodes/shared/api/tasks';
import type { PollingState } from '../../../nodes/HiApiPollingTrigger/state';
import { TaskPoll, type PollReader } from '../../../nodes/HiApiPollingTrigger/taskPoll';
import { FakeAccount, SMALL_LIMITS, stored } from './fakeAccount.cts';
import { create } from './fakeTrigger.cts';

/** Gives these pages, one after another, and knows no task by itself. */
function pagesOf(...pages: TaskPage[]) {
	const asked: number[] = [];
	const reader: PollReader = {
		readPage: async (page) => {
			asked.push(page);
			return await Promise.resolve({ ok: true, value: pages[page - 1] });
		},
		readTask: async () => await Promise.reject(new Error('not asked')),
		isOver: () => false,
	};
	return { reader, asked };
}

describe('what HiAPI should not send', () => {
	const task = (taskId: string, created: number | undefined, status = 'success') => {
		const parsed = parseTask({ taskId, model: 'm', status, created, completed: created ?? 0 });
		if (parsed === undefined) throw new Error('not a task');
		return parsed;
	};
	const poll = (state: PollingState | undefined, now: number) =>
		new TaskPoll(stored(state), now, false, SMALL_LIMITS);

	test('a task without a time counts as its neighbour’s, once', async () => {
		const { reader } = pagesOf({ tasks: [task('a', 900)], entries: 1, total: 1 });
		let { state } = await poll(undefined, 1_000).run(reader);
		for (const [round, expected] of [
			[1, ['timeless']],
			[2, []],
			[3, []],
		] as const) {
			const tasks = [
				task('timeless', undefined),
				task(`n${round}`, 900 + round * 100, 'queued'),
				task('a', 900),
			];
			const readTask = async (taskId: string): Promise<ApiResult<Task>> =>
				await Promise.resolve({ ok: true, value: task(taskId, 900, 'queued') });
			const result = await poll(state, 1_000 + round * 100).run({
				...pagesOf({ tasks, entries: 3, total: 3 }).reader,
				readTask,
			});
			expect(result.finished.map(({ taskId }) => taskId)).toEqual(expected);
			state = result.state;
		}
	});

	test('a page without any time, in an account never seen before', async () => {
		const { reader } = pagesOf({ tasks: [task('a', undefined)], entries: 1, total: 1 });
		const { state } = await poll(undefined, 1_000).run(reader);
		expect(state).toMatchObject({ watermark: 0, seenFinished: [['a', 0]] });
	});

	test('a page whose entries cannot be read is a failure, and nothing moves', async () => {
		const result = await poll(undefined, 0).run(pagesOf({ tasks: [], entries: 5 }).reader);
		expect(result).toMatchObject({
			finished: [],
			failure: { message: "None of the tasks in HiAPI's list could be read" },
		});
		expect(result.state).toBeUndefined();
	});

	test('pages some of whose entries cannot be read do not stop the reading', async () => {
		const state: PollingState = { watermark: 100, readTo: 100, seenFinished: [], pending: [] };
		const { reader, asked } = pagesOf(
			{ tasks: [task('a', 900)], entries: 3, total: 7 },
			{ tasks: [task('b', 800)], entries: 3, total: 7 },
			{ tasks: [task('c', 700)], entries: 1, total: 7 },
		);
		const { finished } = await poll(state, 1_000).run(reader);
		expect(finished.map(({ taskId }) => taskId)).toEqual(['c', 'b', 'a']);
		expect(asked).toEqual([1, 2, 3]);
	});

	test('the same page for ever: no more requests than one poll may make, and each task once', async () => {
		const account = new FakeAccount();
		create(account, 3);
		let state: PollingState | undefined;
		const emitted: string[] = [];
		for (let polls = 0; polls < 6; polls += 1) {
			account.now += 5;
			let requests = 0;
			const reader: PollReader = {
				...account.reader(),
				readPage: async () => {
					requests += 1;
					const value = { ...account.readPage(1, 3), total: undefined };
					return await Promise.resolve({ ok: true, value });
				},
			};
			const result = await poll(state, account.now).run(reader);
			expect(requests).toBeLessThanOrEqual(SMALL_LIMITS.pagesPerPoll);
			state = result.state;
			emitted.push(...result.finished.map(({ taskId }) => taskId));
			if (polls === 1) account.create(0);
		}
		expect(emitted).toEqual(['tk-4']);
	});
});

test('a look-up that fails ends the poll with what was found; one that HiAPI does not know does not', async () => {
	const failing = (status: number) => async () =>
		await Promise.resolve({
			ok: false as const,
			failure: new HiApiError(`status ${status}`, '', {}, { kind: 'answer' as const, status }),
		});
	const state: PollingState = {
		watermark: 500,
		readTo: 500,
		seenFinished: [],
		pending: [
			['tk-1', 400],
			['tk-2', 400],
		],
	};
	const account = new FakeAccount();
	account.now = 600;
	account.create(0);
	account.tasks[0].taskId = 'tk-new';
	const poll = () => new TaskPoll(stored(state), 600, false, SMALL_LIMITS);
	const failed = await poll().run({ ...account.reader(), readTask: failing(500) });
	expect(failed).toMatchObject({
		failure: { message: 'status 500' },
		finished: [{ taskId: 'tk-new' }],
		state: { pending: state.pending },
	});
	const unknown = await poll().run({ ...account.reader(), readTask: failing(404) });
	expect(unknown.failure).toBeUndefined();
	expect(unknown.state?.pending).toEqual([]);
});
