import { POLLING_LIMITS } from '../../../nodes/HiApiPollingTrigger/limits';
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

describe('the watermark', () => {
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
		expect(trigger.state?.seenFinished).toHaveLength(1);
	});

	test('stays below a task that appears late, however often and however far apart is polled meanwhile', async () => {
		for (const seconds of [1, 4, OVERLAP - 1]) {
			const { trigger, account } = newTrigger();
			trigger.limits = { ...SMALL_LIMITS, pagesPerPoll: 20 };
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
		const result = await poll.run(account.reader());
		expect(result.finished.map(({ taskId }) => taskId)).toEqual(next);
		expect(result.state?.checkpoint?.at).toBe(before - 100_000);
		trigger.state = result.state;
		expect(await trigger.poll()).toEqual([]);
	});

	test('with more finished tasks than can be remembered nothing comes twice', async () => {
		const { trigger, account } = newTrigger();
		trigger.limits = { ...SMALL_LIMITS, mostSeenFinished: 4, pagesPerPoll: 20 };
		await trigger.poll();
		const tasks = create(account, 15);
		expect(await trigger.poll()).toEqual(tasks);
		expect(trigger.state?.seenFinished.length).toBeLessThanOrEqual(4);
		expect(await trigger.poll()).toEqual([]);
		const [next] = create(account, 1);
		expect(await trigger.poll()).toEqual([next]);
	});
});

describe('more tasks than one poll reads', () => {
	test('the newest come, and a span of time covers exactly the others', async () => {
		const { trigger, account } = newTrigger();
		create(account, 1);
		await trigger.poll();
		account.now += 100;
		const tasks = create(account, 30, 0, 30);
		expect(await trigger.poll()).toEqual(tasks.slice(18));
		expect(account.requests).toEqual(['page 1', 'page 2', 'page 3', 'page 4']);
		const { from, to } = trigger.unread ?? { from: 0, to: 0 };
		const covered = account.tasks.filter(({ createdAt }) => createdAt >= from && createdAt <= to);
		expect(tasks.slice(0, 18)).toEqual(
			expect.arrayContaining(covered.slice(1, -1).map(({ taskId }) => taskId)),
		);
		expect(covered.map(({ taskId }) => taskId)).toEqual(expect.arrayContaining(tasks.slice(0, 18)));
		const [next] = create(account, 1);
		expect(await trigger.poll()).toEqual([next]);
		expect(trigger.unread).toBeUndefined();
	});

	test('nothing is said where the others were read by the poll before', async () => {
		const { trigger, account } = newTrigger();
		await trigger.poll();
		for (let polls = 0; polls < 8; polls += 1) {
			const tasks = create(account, 5, 0, 1);
			expect(await trigger.poll()).toEqual(tasks);
			expect(trigger.unread).toBeUndefined();
		}
	});

	test('the first time nothing is said: all of them are old', async () => {
		const { trigger, account } = newTrigger();
		create(account, 30, 0, 0.5);
		await trigger.poll();
		expect(trigger.unread).toBeUndefined();
	});
});

describe('a poll that ends early', () => {
	const pollWithin = async (trigger: FakeTrigger, steps: number) => {
		const { account, state } = trigger;
		let asked = 0;
		const poll = new TaskPoll(stored(state), account.now, false, SMALL_LIMITS);
		const result = await poll.run(account.reader(() => (asked += 1) > steps));
		trigger.state = result.state;
		return result;
	};

	test('gives what it found when its time is over, and the next one gives the rest', async () => {
		const { trigger, account } = newTrigger();
		create(account, 1);
		await trigger.poll();
		account.now += 100;
		const tasks = create(account, 9, 0, 30);
		const result = await pollWithin(trigger, 2);
		expect(result).toMatchObject({ outOfTime: true });
		expect(result.failure).toBeUndefined();
		expect(result.unread).toBeUndefined();
		expect(result.finished.map(({ taskId }) => taskId)).toEqual(tasks.slice(3));
		expect(await trigger.poll()).toEqual(tasks.slice(0, 3));
	});

	test('again and again, until more has come than can be remembered: then it names what was not read', async () => {
		const { trigger, account } = newTrigger();
		create(account, 1);
		await trigger.poll();
		account.now += 100;
		const missed = create(account, 3, 0, 30);
		const limits = { ...SMALL_LIMITS, mostSeenFinished: 4 };
		const spans: Array<{ from: number; to: number }> = [];
		for (let polls = 0; polls < 4; polls += 1) {
			const tasks = create(account, 3, 0, 30);
			let asked = 0;
			const poll = new TaskPoll(stored(trigger.state), account.now, false, limits);
			const result = await poll.run(account.reader(() => (asked += 1) > 1));
			expect(result.finished.map(({ taskId }) => taskId)).toEqual(tasks);
			expect(result.state?.seenFinished.length).toBeLessThanOrEqual(4);
			if (result.unread) spans.push(result.unread);
			trigger.state = result.state;
		}
		for (const id of missed) {
			const { createdAt } = account.tasks.find(({ taskId }) => taskId === id) ?? { createdAt: 0 };
			expect(spans.some(({ from, to }) => createdAt >= from && createdAt <= to)).toBe(true);
		}
	});

	test('without time for a single page it changes nothing', async () => {
		const { trigger, account } = newTrigger();
		create(account, 2);
		await trigger.poll();
		const { state } = trigger;
		const result = await pollWithin(trigger, 0);
		expect(result.state).toEqual(state);
		expect(account.requests).toEqual(['page 1']);
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
		expect(other.state?.seenFinished).toEqual([['other', 1_700_000_050]]);
	});

	test('the same one goes on', async () => {
		const { trigger, account } = newTrigger();
		create(account, 1);
		await trigger.poll();
		account.now += 100;
		const tasks = create(account, 2);
		expect(await trigger.poll(true)).toEqual(tasks);
		expect(await trigger.poll(true)).toEqual([]);
	});

	test('when nothing can be read, nobody knows', async () => {
		const { trigger } = newTrigger();
		await trigger.poll();
		const { state } = trigger;
		trigger.account.succeeding = 0;
		const poll = new TaskPoll(state, 0, true, SMALL_LIMITS);
		const result = await poll.run(trigger.account.reader());
		expect(result).toMatchObject({ finished: [], failure: { message: 'gone' } });
		expect(result.state).toBeUndefined();
	});
});

test('the limits fit into the rate limit HiAPI documents: 60 requests a minute', () => {
	expect(POLLING_LIMITS.pagesPerPoll + POLLING_LIMITS.lookUpsPerPoll).toBeLessThanOrEqual(60);
	expect(POLLING_LIMITS.pageSize).toBe(100);
});
