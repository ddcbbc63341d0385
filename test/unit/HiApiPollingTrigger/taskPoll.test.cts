import { POLLING_LIMITS } from '../../../nodes/HiApiPollingTrigger/limits';
import { runPoll } from '../../../nodes/HiApiPollingTrigger/runPoll';
import { TaskPoll } from '../../../nodes/HiApiPollingTrigger/taskPoll';
import { FakeAccount, SMALL_LIMITS, stored } from './fakeAccount.cts';
import { create, FakeTrigger, newTrigger } from './fakeTrigger.cts';

const OVERLAP = SMALL_LIMITS.overlapSeconds;

describe('the first poll', () => {
	test('lets nothing out and reads no further than needed', async () => {
		const { trigger, account } = newTrigger();
		create(account, 6);
		account.now += 100;
		create(account, 2, 50);
		account.now += 100;
		expect(await trigger.poll()).toEqual([]);
		expect(account.requests).toEqual(['page 1']);
		account.now += 100;
		expect(await trigger.poll()).toEqual([]);
		const slow = account.create(30);
		account.now += 31;
		expect(await trigger.poll()).toEqual([slow]);
	});

	test('remembers what is running', async () => {
		const { trigger, account } = newTrigger();
		create(account, 6);
		account.now += 100;
		const running = create(account, 2, 150);
		account.now += 100;
		expect(await trigger.poll()).toEqual([]);
		account.now += 100;
		expect(await trigger.poll()).toEqual(running);
	});

	test('goes through pages with unfinished tasks, at most as far as one poll reads', async () => {
		const { trigger, account } = newTrigger();
		const running = create(account, 20, 1_000, 30);
		expect(await trigger.poll()).toEqual([]);
		expect(account.requests).toEqual(['page 1', 'page 2', 'page 3', 'page 4']);
		expect(new Set(trigger.state?.pending.map(([taskId]) => taskId))).toEqual(
			new Set(running.slice(8)),
		);
		account.now += 2_000;
		const finished = new Set<string>();
		for (let polls = 0; polls < 6; polls += 1)
			for (const taskId of await trigger.poll()) finished.add(taskId);
		expect(finished).toEqual(new Set(running.slice(8)));
	});

	test('with more tasks within the overlap than it reads: those further down are old, too', async () => {
		const { trigger, account } = newTrigger();
		create(account, 30, 0, 0.5);
		for (let polls = 0; polls < 5; polls += 1) {
			expect(await trigger.poll()).toEqual([]);
			account.now += OVERLAP;
		}
	});

	test('that fails in the middle knows nothing, and the next one is the first again', async () => {
		const { trigger, account } = newTrigger();
		create(account, 10);
		account.succeeding = 1;
		expect(await trigger.poll()).toEqual([]);
		expect(trigger.state).toBeUndefined();
		account.succeeding = Infinity;
		expect(await trigger.poll()).toEqual([]);
		expect(await trigger.poll()).toEqual([]);
	});

	test('of an empty account: everything after it is new', async () => {
		const { trigger } = newTrigger();
		expect(await trigger.poll()).toEqual([]);
		const tasks = create(trigger.account, 2);
		expect(await trigger.poll()).toEqual(tasks);
	});
});

describe('the floor', () => {
	test('rises to the newest task within twice the overlap, so that quiet polls read one page', async () => {
		const { trigger, account } = newTrigger();
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
			const { trigger, account } = newTrigger();
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
		const { trigger, account } = newTrigger();
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
		const { trigger, account } = newTrigger();
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
		const { trigger, account } = newTrigger();
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
		const { trigger, account } = newTrigger();
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
		const { trigger, account } = newTrigger();
		create(account, 1);
		await trigger.poll();
		account.now += 100;
		const tasks = create(account, 9, 0, 30);
		let reads = 0;
		const poll = new TaskPoll(stored(trigger.state), account.now, false, SMALL_LIMITS);
		const result = await runPoll(
			poll,
			account.reader(() => (reads += 1) > 2),
		);
		expect(result.failure).toBeUndefined();
		expect(result.finished).toHaveLength(6);
		trigger.state = result.state;
		expect((await trigger.poll()).sort()).toEqual(tasks.slice(0, 3));
	});
});

describe('what may be another account', () => {
	test('one whose newest tasks are strangers starts anew', async () => {
		const { trigger } = newTrigger();
		create(trigger.account, 3);
		await trigger.poll();
		const other = new FakeTrigger(new FakeAccount());
		other.account.tasks.push({
			taskId: 'other',
			createdAt: other.account.now + 50,
			visibleAt: 0,
			endsAt: 0,
			outcome: 'success',
		});
		other.account.now += 60;
		other.state = trigger.state;
		expect(await other.poll(true)).toEqual([]);
		expect(other.state?.settled).toEqual([['other', 1_700_000_050]]);
	});

	test('the same one goes on, in the middle of a sweep too', async () => {
		const { trigger, account } = newTrigger();
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
		const { trigger } = newTrigger();
		await trigger.poll();
		const { state } = trigger;
		trigger.account.succeeding = 0;
		const poll = new TaskPoll(state, 0, true, SMALL_LIMITS);
		const result = await runPoll(poll, trigger.account.reader());
		expect(result).toMatchObject({ finished: [], failure: { message: 'gone' } });
		expect(result.state).toBeUndefined();
	});
});

test('the limits fit into the rate limit HiAPI documents: 60 requests a minute', () => {
	expect(POLLING_LIMITS.pagesPerPoll + POLLING_LIMITS.lookUpsPerPoll).toBeLessThanOrEqual(20);
	expect(POLLING_LIMITS.pageSize).toBe(100);
});
