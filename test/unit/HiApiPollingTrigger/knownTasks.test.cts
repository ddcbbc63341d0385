import { HiApiError } from '../../../nodes/shared/errors/apiError';
import type { PollingState } from '../../../nodes/HiApiPollingTrigger/state';
import { TaskPoll } from '../../../nodes/HiApiPollingTrigger/taskPoll';
import { SMALL_LIMITS } from './fakeAccount.cts';
import { create, newTrigger, type FakeTrigger } from './fakeTrigger.cts';

test('tasks come in the order in which they finished', async () => {
	const { trigger, account } = newTrigger();
	await trigger.poll();
	const [slow, quick, same] = [account.create(9), account.create(3), account.create(9)];
	account.now += 20;
	expect(await trigger.poll()).toEqual([quick, same, slow]);
});

/** Tasks that run on, below a page of later ones and below the watermark; their ids. */
async function pushDown(trigger: FakeTrigger, count: number): Promise<string[]> {
	const { account } = trigger;
	await trigger.poll();
	const old = create(account, count, 10_000);
	await trigger.poll();
	account.now += 200;
	create(account, 3);
	await trigger.poll();
	account.now += 200;
	await trigger.poll();
	return old;
}

describe('pending tasks', () => {
	test('few are asked about one by one, many by reading on', async () => {
		const { trigger, account } = newTrigger();
		const old = await pushDown(trigger, 5);
		await trigger.poll();
		expect(account.requests).toEqual(['page 1', 'page 2', 'page 3']);
		account.now += 10_000;
		expect((await trigger.poll()).sort()).toEqual(old);

		const [last] = await pushDown(trigger, 1);
		expect(await trigger.poll()).toEqual([]);
		expect(account.requests).toEqual(['page 1', last]);
		account.now += 10_000;
		expect(await trigger.poll()).toEqual([last]);
		await trigger.poll();
		expect(account.requests).toEqual(['page 1']);
	});

	test('beyond the look-ups of one poll, each gets its turn', async () => {
		const { trigger, account } = newTrigger();
		trigger.limits = { ...SMALL_LIMITS, readOnFrom: 100 };
		const old = await pushDown(trigger, 5);
		const asked: string[] = [];
		for (let polls = 0; polls < 3; polls += 1) {
			await trigger.poll();
			asked.push(...account.requests.filter((request) => request.startsWith('tk')));
		}
		expect(asked).toHaveLength(6);
		expect(new Set(asked)).toEqual(new Set(old));
	});

	test('one that HiAPI no longer knows is forgotten, but not one just created', async () => {
		const state: PollingState = {
			watermark: 500,
			readTo: 500,
			seenFinished: [],
			pending: [
				['tk-gone', 400],
				['tk-young', 590],
			],
		};
		const poll = new TaskPoll(state, 600, false, SMALL_LIMITS);
		const asked: string[] = [];
		const failure = new HiApiError('no', '', {}, { kind: 'answer', status: 404 });
		const result = await poll.run({
			readPage: async () =>
				await Promise.resolve({ ok: true, value: { tasks: [], entries: 0, total: 0 } }),
			readTask: async (taskId) => {
				asked.push(taskId);
				return await Promise.resolve({ ok: false, failure });
			},
			isOver: () => false,
		});
		expect(asked).toEqual(['tk-gone', 'tk-young']);
		expect(result.state?.pending).toEqual([['tk-young', 590]]);
	});

	test('of too many the oldest are forgotten, and too old ones; it is told', async () => {
		const { trigger, account } = newTrigger();
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

	test('a forgotten one still comes when it finishes before the watermark has passed it', async () => {
		const { trigger, account } = newTrigger();
		trigger.limits = { ...SMALL_LIMITS, mostPending: 1 };
		await trigger.poll();
		const tasks = create(account, 3, 5, 0);
		expect(await trigger.poll()).toEqual([]);
		account.now += 6;
		expect((await trigger.poll()).sort()).toEqual(tasks);
	});
});
