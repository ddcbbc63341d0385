import fc from 'fast-check';

import type { PollingLimits } from '../../../nodes/HiApiPollingTrigger/limits';
import { readState, type PollingState } from '../../../nodes/HiApiPollingTrigger/state';
import { TaskPoll, type PollResult } from '../../../nodes/HiApiPollingTrigger/taskPoll';
import { FakeAccount, SMALL_LIMITS, stored } from './fakeAccount.cts';

type Action =
	| { do: 'create'; durations: number[]; lags: number[] }
	| { do: 'wait'; seconds: number }
	| { do: 'poll'; succeeding?: number; age: number; meanwhile: number[] }
	| { do: 'restart' };

const OVERLAP = SMALL_LIMITS.overlapSeconds;
const duration = fc.oneof(
	fc.constant(0),
	fc.integer({ min: 0, max: 30 }),
	fc.integer({ min: 0, max: 500 }),
);

const action: fc.Arbitrary<Action> = fc.oneof(
	{
		weight: 4,
		arbitrary: fc.record({
			do: fc.constant('create' as const),
			durations: fc.array(duration, { minLength: 1, maxLength: 25 }),
			lags: fc.array(fc.oneof(fc.constant(0), fc.nat(OVERLAP / 2)), { minLength: 1, maxLength: 5 }),
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			do: fc.constant('wait' as const),
			seconds: fc.oneof(
				fc.double({ min: 0, max: 3, noNaN: true }),
				fc.integer({ min: 1, max: 5 }),
				fc.nat(3 * OVERLAP),
			),
		}),
	},
	{
		weight: 5,
		arbitrary: fc.record({
			do: fc.constant('poll' as const),
			succeeding: fc.option(fc.nat(8), { nil: undefined }),
			age: fc.oneof(fc.constant(0), fc.nat(OVERLAP / 2)),
			meanwhile: fc.array(fc.nat(3), { maxLength: 6 }),
		}),
	},
	{ weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
);

/** The trigger's side: what it holds in memory, what is in n8n's database, and what went out. */
class Story {
	readonly account = new FakeAccount();
	readonly emitted: string[] = [];
	private memory?: PollingState;
	private database?: PollingState;
	/** When the trigger first knew its place. */
	startedAt?: number;
	/** Tasks to be seen finished when the first poll began. */
	old = new Set<string>();
	/** Tasks to be seen finished only when it ended: whether they are old is the luck of the moment. */
	undecided = new Set<string>();
	/** Spans of time whose tasks were left out. */
	readonly unread: Array<NonNullable<PollResult['unread']>> = [];

	constructor(private readonly limits: PollingLimits) {}

	/** What went out, without what is undecided; nothing of it twice. */
	emittedOnce(): Set<string> {
		expect(this.startedAt).toBeDefined();
		expect(new Set(this.emitted).size).toBe(this.emitted.length);
		return new Set(this.emitted.filter((taskId) => !this.undecided.has(taskId)));
	}

	/** Tasks that have to come, of those created at times that count. */
	certain(counts: (createdAt: number) => boolean): Set<string> {
		const tasks = this.account.tasks.filter(
			({ taskId, createdAt }) =>
				!this.old.has(taskId) && !this.undecided.has(taskId) && counts(createdAt),
		);
		return new Set(tasks.map(({ taskId }) => taskId));
	}

	async poll({ succeeding = Infinity, age = 0, meanwhile = [] as number[] } = {}): Promise<void> {
		const { account } = this;
		Object.assign(account, { succeeding, age, requests: [] });
		const arrivals = [...meanwhile];
		account.beforeRequest = () => {
			for (let left = arrivals.shift() ?? 0; left > 0; left -= 1) account.create(left * 7);
			account.now += 0.4;
		};
		const isFirst = this.memory === undefined;
		const finishedNow = () =>
			new Set(
				account
					.readPage(1, Infinity)
					.tasks.filter(({ state }) => state !== 'running')
					.map(({ taskId }) => taskId),
			);
		const finishedBefore = isFirst ? finishedNow() : new Set<string>();
		const { limits } = this;
		const poll = new TaskPoll(this.memory, Math.floor(account.now), false, limits);
		const result = await poll.run(account.reader());
		expect(account.requests.length).toBeLessThanOrEqual(
			limits.pagesPerPoll + limits.lookUpsPerPoll,
		);
		account.beforeRequest = undefined;
		if (result.state === undefined) return;
		this.memory = readState(stored(result.state));
		expect(this.memory).toEqual(result.state);
		this.emitted.push(...result.finished.map(({ taskId }) => taskId));
		if (result.unread) this.unread.push(result.unread);
		if (isFirst) {
			expect(result.finished).toEqual([]);
			this.startedAt = account.now;
			this.old = finishedBefore;
			this.undecided = new Set([...finishedNow()].filter((taskId) => !this.old.has(taskId)));
		}
		// n8n stores the place of a poll that starts nothing only when the workflow is published or starts.
		if (isFirst || result.finished.length > 0) this.database = stored(result.state);
	}

	restart(): void {
		this.memory = readState(stored(this.database));
	}
}

async function play(actions: Action[], sendsTotal: boolean, limits: PollingLimits): Promise<Story> {
	const story = new Story(limits);
	const { account } = story;
	account.sendsTotal = sendsTotal;
	for (const step of actions) {
		if (step.do === 'create')
			step.durations.forEach((seconds, index) =>
				account.create(seconds, { lag: step.lags[index % step.lags.length] }),
			);
		if (step.do === 'wait') account.now += step.seconds;
		if (step.do === 'poll') await story.poll(step);
		if (step.do === 'restart') story.restart();
	}
	// Everything ends, and polls go on undisturbed.
	account.now += 1_000;
	for (let round = 0; round < account.tasks.length / 2 + 40; round += 1) {
		account.now += OVERLAP / 4;
		await story.poll();
	}
	return story;
}

/** Reads everything in one poll, whatever happens. */
const ROOMY = { ...SMALL_LIMITS, pagesPerPoll: 1_000 };

const withHistory = (past: number[], actions: Action[]): Action[] => [
	{ do: 'create', durations: past.length > 0 ? past : [0], lags: [0] },
	{ do: 'wait', seconds: 60 },
	{ do: 'poll', age: 0, meanwhile: [] },
	...actions,
];

const numRuns = Number(process.env.POLLING_RUNS ?? 100);

test('whatever is created, finishes late, appears late, fails to be read or is forgotten by a restart: every task once', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.nat(200), { maxLength: 10 }),
			fc.array(action, { maxLength: 30 }),
			fc.boolean(),
			async (past, actions, sendsTotal) => {
				const story = await play(withHistory(past, actions), sendsTotal, ROOMY);
				expect(story.unread).toEqual([]);
				expect(story.emittedOnce()).toEqual(story.certain(() => true));
			},
		),
		{ numRuns },
	);
}, 600_000);

test('with more tasks than one poll reads: every task once, but those created in the spans of time it names', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.nat(200), { maxLength: 10 }),
			fc.array(action, { maxLength: 30 }),
			fc.boolean(),
			async (past, actions, sendsTotal) => {
				const inTime = actions.map((step) =>
					step.do === 'create' ? { ...step, lags: [0] } : step,
				);
				const story = await play(withHistory(past, inTime), sendsTotal, SMALL_LIMITS);
				const emitted = story.emittedOnce();
				const wasRead = (createdAt: number) => {
					const second = Math.floor(createdAt);
					return !story.unread.some(({ from, to }) => second >= from && second <= to);
				};
				const missing = [...story.certain(wasRead)].filter((taskId) => !emitted.has(taskId));
				const unexpected = [...emitted].filter((id) => !story.certain(() => true).has(id));
				expect({ missing, unexpected }).toEqual({ missing: [], unexpected: [] });
			},
		),
		{ numRuns },
	);
}, 600_000);
