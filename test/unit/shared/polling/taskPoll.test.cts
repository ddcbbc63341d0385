import { HiApiFailure } from '../../../../nodes/shared/api/failure';
import { parseTask } from '../../../../nodes/shared/api/task';
import { POLLING_LIMITS } from '../../../../nodes/shared/polling/limits';
import type { PollingState } from '../../../../nodes/shared/polling/pollingState';
import { runPoll } from '../../../../nodes/shared/polling/runPoll';
import { TaskPoll } from '../../../../nodes/shared/polling/taskPoll';
import { FakeAccount, SMALL_LIMITS, stored } from './fakeAccount.cts';

const OVERLAP = SMALL_LIMITS.overlapSeconds;

/** A trigger on an account, poll after poll. */
class Trigger {
	state?: PollingState;
	forgotten = 0;
	limits = SMALL_LIMITS;

	constructor(readonly account: FakeAccount) {}

	async poll(mayBeAnotherAccount = false): Promise<string[]> {
		this.account.requests = [];
		const result = await runPoll(new TaskPoll(stored(this.state), this.account.now, mayBeAnotherAccount, this.limits), this.account.reader());
		this.state = result.state ?? this.state;
		this.forgotten = result.forgotten;
		return result.finished.map(({ taskId }) => taskId);
	}
}

const newTrigger = () => new Trigger(new FakeAccount());
const create = (account: FakeAccount, count: number, seconds = 0, apart = 1) =>
	Array.from({ length: count }, () => {
		account.now += apart;
		return account.create(seconds);
	});

describe('the first poll', () => {
	test('lets nothing out, remembers what is running, and reads no further than needed', async () => {
		const trigger = newTrigger();
		const { account } = trigger;
		create(account, 6);
		account.now += 100;
		const [running] = create(account, 2, 50);
		account.now += 100;
		expect(await trigger.poll()).toEqual([]);
		expect(account.requests).toEqual(['page 1']);
		account.now += 100;
		expect(await trigger.poll()).toEqual([]);
		const slow = account.create(30);
		account.now += 31;
		expect(await trigger.poll()).toEqual([slow]);
		expect(running).toBeDefined();
	});

	test('goes through pages with unfinished tasks, at most as far as one poll reads', async () => {
		const trigger = newTrigger();
		const { account } = trigger;
		const running = create(account, 20, 1_000, 30);
		expect(await trigger.poll()).toEqual([]);
		expect(account.requests).toEqual(['page 1', 'page 2', 'page 3', 'page 4']);
		expect(new Set(trigger.state?.pending.map(([taskId]) => taskId))).toEqual(new Set(running.slice(8)));
		account.now += 2_000;
		const finished = new Set<string>();
		for (let polls = 0; polls < 6; polls += 1) for (const taskId of await trigger.poll()) finished.add(taskId);
		expect(finished).toEqual(new Set(running.slice(8)));
	});

	test('with more tasks within the overlap than it reads: those further down are old, too', async () => {
		const trigger = newTrigger();
		const { account } = trigger;
		create(account, 30, 0, 0.5);
		for (let polls = 0; polls < 5; polls += 1) {
			expect(await trigger.poll()).toEqual([]);
			account.now += OVERLAP;
		}
	});

	test('that fails in the middle knows nothing, and the next one is the first again', async () => {
		const trigger = newTrigger();
		const { account } = trigger;
		create(account, 10);
		account.succeeding = 1;
		expect(await trigger.poll()).toEqual([]);
		expect(trigger.state).toBeUndefined();
		account.succeeding = Infinity;
		expect(await trigger.poll()).toEqual([]);
		expect(await trigger.poll()).toEqual([]);
	});

	test('of an empty account: everything after it is new', async () => {
		const trigger = newTrigger();
		expect(await trigger.poll()).toEqual([]);
		const tasks = create(trigger.account, 2);
		expect(await trigger.poll()).toEqual(tasks);
	});
});

test('tasks come in the order in which they finished', async () => {
	const trigger = newTrigger();
	const { account } = trigger;
	await trigger.poll();
	const [slow, quick, same] = [account.create(9), account.create(3), account.create(9)];
	account.now += 20;
	expect(await trigger.poll()).toEqual([quick, same, slow]);
});

describe('pending tasks', () => {
	test('few are asked about one by one, many by reading on', async () => {
		const trigger = newTrigger();
		const { account } = trigger;
		await trigger.poll();
		const old = create(account, 5, 10_000);
		await trigger.poll();
		account.now += 200;
		create(account, 3);
		await trigger.poll();
		account.now += 200;
		await trigger.poll();
		await trigger.poll();
		expect(account.requests).toEqual(['page 1', 'page 2', 'page 3']);
		account.now += 10_000;
		expect((await trigger.poll()).sort()).toEqual(old);

		const last = account.create(50);
		await trigger.poll();
		account.now += 25;
		create(account, 3);
		await trigger.poll();
		account.now += 200;
		await trigger.poll();
		await trigger.poll();
		expect(account.requests).toEqual(['page 1']);
		expect(last).toBeDefined();
	});

	test('beyond the look-ups of one poll, each gets its turn', async () => {
		const trigger = newTrigger();
		const { account } = trigger;
		trigger.limits = { ...SMALL_LIMITS, readOnFrom: 100 };
		await trigger.poll();
		const old = create(account, 5, 10_000);
		await trigger.poll();
		account.now += 200;
		create(account, 3);
		await trigger.poll();
		account.now += 200;
		await trigger.poll();
		const asked: string[] = [];
		for (let polls = 0; polls < 3; polls += 1) {
			await trigger.poll();
			asked.push(...account.requests.filter((request) => request.startsWith('tk')));
		}
		expect(asked).toHaveLength(6);
		expect(new Set(asked)).toEqual(new Set(old));
	});

	test('one that HiAPI no longer knows is forgotten, but not one just created', () => {
		const state: PollingState = { floor: 500, settled: [], pending: [['tk-gone', 400], ['tk-young', 590]] };
		const poll = new TaskPoll(state, 600, false, SMALL_LIMITS);
		poll.takePage({ tasks: [], entries: 0, total: 0 });
		expect(poll.nextStep()).toEqual({ kind: 'task', taskId: 'tk-gone' });
		poll.takeTask(undefined);
		expect(poll.nextStep()).toEqual({ kind: 'task', taskId: 'tk-young' });
		poll.takeTask(undefined);
		expect(poll.nextStep()).toBeUndefined();
		poll.takeTask(undefined);
		expect(poll.end().state?.pending).toEqual([['tk-young', 590]]);
	});

	test('of too many the oldest are forgotten, and too old ones; it is told', async () => {
		const trigger = newTrigger();
		const { account } = trigger;
		trigger.limits = { ...SMALL_LIMITS, mostPending: 2 };
		await trigger.poll();
		const tasks = create(account, 4, 100);
		await trigger.poll();
		expect(trigger.forgotten).toBe(2);
		expect(trigger.state?.pending.map(([taskId]) => taskId).sort()).toEqual(tasks.slice(2));
		trigger.limits = { ...SMALL_LIMITS, pendingSeconds: 1_000 };
		account.now += 990;
		account.tasks.forEach((task) => Object.assign(task, { endsAt: Infinity }));
		await trigger.poll();
		account.now += 20;
		await trigger.poll();
		expect(trigger.state?.pending).toEqual([]);
	});

	test('a forgotten one still comes when it finishes before the floor has passed it', async () => {
		const trigger = newTrigger();
		const { account } = trigger;
		trigger.limits = { ...SMALL_LIMITS, mostPending: 1 };
		await trigger.poll();
		const tasks = create(account, 3, 5, 0);
		expect(await trigger.poll()).toEqual([]);
		account.now += 6;
		expect((await trigger.poll()).sort()).toEqual(tasks);
	});
});

describe('the floor', () => {
	test('rises to the newest task within twice the overlap, so that quiet polls read one page', async () => {
		const trigger = newTrigger();
		const { account } = trigger;
		await trigger.poll();
		create(account, 12, 0, 1);
		for (let polls = 0; polls < 9; polls += 1) {
			await trigger.poll();
			account.now += OVERLAP / 4;
		}
		await trigger.poll();
		expect(account.requests).toEqual(['page 1']);
		expect(trigger.state?.settled).toHaveLength(1);
	});

	test('stays below a task that appears late, however often and however far apart is polled meanwhile', async () => {
		for (const seconds of [1, 4, OVERLAP - 1]) {
			const trigger = newTrigger();
			const { account } = trigger;
			create(account, 1);
			await trigger.poll();
			account.now += 100;
			const late = account.create(0, { lag: OVERLAP });
			const appears = account.now + OVERLAP;
			const emitted: string[] = [];
			while (account.now <= appears + seconds) {
				account.now += seconds;
				account.create(1_000);
				emitted.push(...(await trigger.poll()));
			}
			expect(emitted).toEqual([late]);
		}
	});

	test('a clock put back only takes it longer; nothing comes twice or not at all', async () => {
		const trigger = newTrigger();
		const { account } = trigger;
		create(account, 3);
		await trigger.poll();
		const before = account.now;
		const next = create(account, 2);
		const poll = new TaskPoll(stored(trigger.state), before - 100_000, false, SMALL_LIMITS);
		const result = await runPoll(poll, account.reader());
		expect(result.finished.map(({ taskId }) => taskId)).toEqual(next);
		expect(result.state?.mark?.at).toBe(before - 100_000);
		trigger.state = result.state;
		expect(await trigger.poll()).toEqual([]);
	});

	test('with more finished tasks than can be remembered nothing comes twice', async () => {
		const trigger = newTrigger();
		const { account } = trigger;
		trigger.limits = { ...SMALL_LIMITS, mostSettled: 4, pagesPerPoll: 20 };
		await trigger.poll();
		const tasks = create(account, 15);
		expect(await trigger.poll()).toEqual(tasks);
		expect(trigger.state?.settled.length).toBeLessThanOrEqual(4);
		expect(await trigger.poll()).toEqual([]);
		const [next] = create(account, 1);
		expect(await trigger.poll()).toEqual([next]);
	});
});

describe('a sweep too long for one poll', () => {
	test('goes on where it stopped, also when an older copy of the list answers, then reads the top', async () => {
		const trigger = newTrigger();
		const { account } = trigger;
		create(account, 1);
		await trigger.poll();
		account.now += 100;
		const tasks = create(account, 30, 0, 30);
		const emitted = await trigger.poll();
		expect(emitted).toHaveLength(12);
		expect(trigger.state?.sweep).toMatchObject({ page: 4, entriesBefore: 9 });
		const [late] = create(account, 1);
		account.age = 40;
		emitted.push(...(await trigger.poll()));
		account.age = 0;
		for (let polls = 0; polls < 5; polls += 1) emitted.push(...(await trigger.poll()));
		expect(emitted).toHaveLength(31);
		expect(new Set(emitted)).toEqual(new Set([...tasks, late]));
		expect(trigger.state?.sweep).toBeUndefined();
	});

	test('a list that ends before the place is read from further up', async () => {
		const trigger = newTrigger();
		const { account } = trigger;
		create(account, 1);
		await trigger.poll();
		account.now += 100;
		const tasks = create(account, 14, 0, 30);
		const emitted = await trigger.poll();
		// Only the oldest are shown for a moment.
		account.age = account.now - (account.tasks[3].createdAt + 1);
		emitted.push(...(await trigger.poll()));
		account.age = 0;
		for (let polls = 0; polls < 4; polls += 1) emitted.push(...(await trigger.poll()));
		expect(emitted).toHaveLength(14);
		expect(new Set(emitted)).toEqual(new Set(tasks));
	});

	test('stops where its time is over', async () => {
		const trigger = newTrigger();
		const { account } = trigger;
		create(account, 1);
		await trigger.poll();
		account.now += 100;
		const tasks = create(account, 9, 0, 30);
		let reads = 0;
		const poll = new TaskPoll(stored(trigger.state), account.now, false, SMALL_LIMITS);
		const result = await runPoll(poll, account.reader(() => (reads += 1) > 2));
		expect(result.failure).toBeUndefined();
		expect(result.finished).toHaveLength(6);
		trigger.state = result.state;
		expect((await trigger.poll()).sort()).toEqual(tasks.slice(0, 3));
	});
});

describe('what may be another account', () => {
	test('one whose newest tasks are strangers starts anew', async () => {
		const trigger = newTrigger();
		create(trigger.account, 3);
		await trigger.poll();
		const other = new Trigger(new FakeAccount());
		other.account.tasks.push({ taskId: 'other', createdAt: other.account.now + 50, visibleAt: 0, endsAt: 0, outcome: 'success' });
		other.account.now += 60;
		other.state = trigger.state;
		expect(await other.poll(true)).toEqual([]);
		expect(other.state?.settled).toEqual([['other', 1_700_000_050]]);
	});

	test('the same one goes on, in the middle of a sweep too', async () => {
		const trigger = newTrigger();
		const { account } = trigger;
		create(account, 1);
		await trigger.poll();
		account.now += 100;
		const tasks = create(account, 20, 0, 3);
		const emitted = [...(await trigger.poll())];
		expect(trigger.state?.sweep).toBeDefined();
		emitted.push(...(await trigger.poll(true)));
		for (let polls = 0; polls < 4; polls += 1) emitted.push(...(await trigger.poll()));
		expect(emitted).toHaveLength(20);
		expect(new Set(emitted)).toEqual(new Set(tasks));
	});

	test('when nothing can be read, nobody knows', async () => {
		const trigger = newTrigger();
		await trigger.poll();
		const { state } = trigger;
		trigger.account.succeeding = 0;
		const poll = new TaskPoll(state, 0, true, SMALL_LIMITS);
		const result = await runPoll(poll, trigger.account.reader());
		expect(result).toMatchObject({ finished: [], failure: { message: 'gone' } });
		expect(result.state).toBeUndefined();
	});
});

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
		for (const [round, expected] of [[1, ['timeless']], [2, []], [3, []]] as const) {
			state = new TaskPoll(stored(next), 1_000 + round * 100, false, SMALL_LIMITS);
			state.takePage({ tasks: [task('timeless', undefined), task(`n${round}`, 900 + round * 100, 'queued'), task('a', 900)], entries: 3, total: 3 });
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
			readPage: async () => await Promise.resolve({ ok: true as const, value: { tasks: [], entries: 5 } }),
			readTask: async () => await Promise.reject(new Error('not asked')),
			isOver: () => false,
		};
		const result = await runPoll(new TaskPoll(undefined, 0, false, SMALL_LIMITS), reader);
		expect(result).toMatchObject({ finished: [], failure: { message: "None of the tasks in HiAPI's list could be read" } });
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
			const reader = { ...account.reader(), readPage: async () => await Promise.resolve({ ok: true as const, value: { ...account.readPage(1, 3), total: undefined } }) };
			const result = await runPoll(new TaskPoll(stored(state), account.now, false, SMALL_LIMITS), reader);
			state = result.state;
			emitted.push(...result.finished.map(({ taskId }) => taskId));
			if (polls === 1) account.create(0);
		}
		expect(emitted).toEqual(['tk-4']);
	});
});

test('a look-up that fails ends the poll with what was found; one that HiAPI does not know does not', async () => {
	const failing = (status: number) => async () =>
		await Promise.resolve({ ok: false as const, failure: new HiApiFailure(`status ${status}`, '', {}, { kind: 'answer' as const, status }) });
	const state: PollingState = { floor: 500, settled: [], pending: [['tk-1', 400], ['tk-2', 400]] };
	const account = new FakeAccount();
	account.now = 600;
	account.create(0);
	account.tasks[0].taskId = 'tk-new';
	const poll = () => new TaskPoll(stored(state), 600, false, SMALL_LIMITS);
	const failed = await runPoll(poll(), { ...account.reader(), readTask: failing(500) });
	expect(failed).toMatchObject({ failure: { message: 'status 500' }, finished: [{ taskId: 'tk-new' }], state: { pending: state.pending } });
	const unknown = await runPoll(poll(), { ...account.reader(), readTask: failing(404) });
	expect(unknown.failure).toBeUndefined();
	expect(unknown.state?.pending).toEqual([]);
});

test('the limits fit into the rate limit HiAPI documents: 60 requests a minute', () => {
	expect(POLLING_LIMITS.pagesPerPoll + POLLING_LIMITS.lookUpsPerPoll).toBeLessThanOrEqual(20);
	expect(POLLING_LIMITS.pageSize).toBe(100);
});
