import { HiApiError } from '../../../nodes/shared/errors/apiError';
import { parseTask } from '../../../nodes/shared/api/task';
import type { PollingState } from '../../../nodes/HiApiPollingTrigger/pollingState';
import { runPoll } from '../../../nodes/HiApiPollingTrigger/runPoll';
import { TaskPoll } from '../../../nodes/HiApiPollingTrigger/taskPoll';
import { FakeAccount, SMALL_LIMITS, stored } from './fakeAccount.cts';
import { create } from './fakeTrigger.cts';

describe('what HiAPI should not send', () => {
	const task = (taskId: string, created: number | undefined, status = 'success') => {
		const parsed = parseTask({ taskId, model: 'm', status, created, completed: created ?? 0 });
		if (parsed === undefined) throw new Error('not a task');
		return parsed;
	};

	test('a task without a time counts as its neighbour’s, once', () => {
		let state = new TaskPoll(undefined, 1_000, false, SMALL_LIMITS);
		state.takePage({ tasks: [task('a', 900)], entries: 1, total: 1 });
		let next = state.end().state;
		for (const [round, expected] of [
			[1, ['timeless']],
			[2, []],
			[3, []],
		] as const) {
			state = new TaskPoll(stored(next), 1_000 + round * 100, false, SMALL_LIMITS);
			state.takePage({
				tasks: [
					task('timeless', undefined),
					task(`n${round}`, 900 + round * 100, 'queued'),
					task('a', 900),
				],
				entries: 3,
				total: 3,
			});
			const result = state.end();
			expect(result.finished.map(({ taskId }) => taskId)).toEqual(expected);
			next = result.state;
		}
	});

	test('a page without any time, in an account never seen before', () => {
		const poll = new TaskPoll(undefined, 1_000, false, SMALL_LIMITS);
		poll.takePage({ tasks: [task('a', undefined)], entries: 1, total: 1 });
		expect(poll.end().state).toMatchObject({ floor: 0, settled: [['a', 0]] });
	});

	test('a page whose entries cannot be read is a failure, and nothing moves', async () => {
		const reader = {
			readPage: async () =>
				await Promise.resolve({ ok: true as const, value: { tasks: [], entries: 5 } }),
			readTask: async () => await Promise.reject(new Error('not asked')),
			isOver: () => false,
		};
		const result = await runPoll(new TaskPoll(undefined, 0, false, SMALL_LIMITS), reader);
		expect(result).toMatchObject({
			finished: [],
			failure: { message: "None of the tasks in HiAPI's list could be read" },
		});
		expect(result.state).toBeUndefined();
	});

	test('pages some of whose entries cannot be read do not stop the sweep', () => {
		const state: PollingState = { floor: 100, settled: [], pending: [] };
		const poll = new TaskPoll(state, 1_000, false, SMALL_LIMITS);
		poll.takePage({ tasks: [task('a', 900)], entries: 3, total: 9 });
		expect(poll.nextStep()).toEqual({ kind: 'page', page: 2, size: 3 });
		poll.takePage({ tasks: [], entries: 3, total: 9 });
		expect(poll.nextStep()).toEqual({ kind: 'page', page: 3, size: 3 });
	});

	test('the same page for ever: no more requests than one poll may make, and each task once', async () => {
		const account = new FakeAccount();
		create(account, 3);
		let state: PollingState | undefined;
		const emitted: string[] = [];
		for (let polls = 0; polls < 6; polls += 1) {
			account.now += 5;
			const reader = {
				...account.reader(),
				readPage: async () =>
					await Promise.resolve({
						ok: true as const,
						value: { ...account.readPage(1, 3), total: undefined },
					}),
			};
			const result = await runPoll(
				new TaskPoll(stored(state), account.now, false, SMALL_LIMITS),
				reader,
			);
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
		floor: 500,
		settled: [],
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
	const failed = await runPoll(poll(), { ...account.reader(), readTask: failing(500) });
	expect(failed).toMatchObject({
		failure: { message: 'status 500' },
		finished: [{ taskId: 'tk-new' }],
		state: { pending: state.pending },
	});
	const unknown = await runPoll(poll(), { ...account.reader(), readTask: failing(404) });
	expect(unknown.failure).toBeUndefined();
	expect(unknown.state?.pending).toEqual([]);
});
