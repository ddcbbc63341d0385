import fc from 'fast-check';

import { readState, type PollingState } from '../../../nodes/HiApiPollingTrigger/pollingState';
import { runPoll } from '../../../nodes/HiApiPollingTrigger/runPoll';
import { TaskPoll } from '../../../nodes/HiApiPollingTrigger/taskPoll';
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

	async poll({
		succeeding = Infinity,
		age = 0,
		meanwhile = [] as number[],
	} = {}): Promise<boolean> {
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
		const result = await runPoll(
			new TaskPoll(this.memory, Math.floor(account.now), false, SMALL_LIMITS),
			account.reader(),
		);
		expect(account.requests.length).toBeLessThanOrEqual(
			SMALL_LIMITS.pagesPerPoll + SMALL_LIMITS.lookUpsPerPoll,
		);
		account.beforeRequest = undefined;
		if (result.state === undefined) return false;
		this.memory = readState(stored(result.state));
		expect(this.memory).toEqual(result.state);
		this.emitted.push(...result.finished.map(({ taskId }) => taskId));
		if (isFirst) {
			expect(result.finished).toEqual([]);
			this.startedAt = account.now;
			this.old = finishedBefore;
			this.undecided = new Set([...finishedNow()].filter((taskId) => !this.old.has(taskId)));
		}
		// n8n stores the place of a poll that starts nothing only when the workflow is published or starts.
		if (isFirst || result.finished.length > 0) this.database = stored(result.state);
		return result.failure === undefined && this.memory?.sweep === undefined;
	}

	restart(): void {
		this.memory = readState(stored(this.database));
	}
}

async function play(actions: Action[], sendsTotal: boolean): Promise<Story> {
	const story = new Story();
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
	for (let round = 0; round < account.tasks.length + 60; round += 1) {
		account.now += OVERLAP / 4;
		await story.poll();
	}
	return story;
}

// A long sweep stops in the middle of a second, below which a task of that second has been asked for by name; then an
// older copy of the list answers.
const LOOKED_UP_BELOW_THE_PLACE: Action[] = [
	{ do: 'create', durations: [0, 0, 0, 0, 0], lags: [1, 0] },
	{ do: 'poll', age: 0, meanwhile: [1, 1] },
	{ do: 'wait', seconds: 20 },
	{ do: 'create', durations: [0, 0, 0, 0], lags: [0] },
	{ do: 'poll', age: 0, meanwhile: [2, 1] },
	{ do: 'poll', age: 3, meanwhile: [] },
];

test('whatever is created, finishes late, appears late, fails to be read or is forgotten by a restart: every task once', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.nat(200), { maxLength: 10 }),
			fc.array(action, { maxLength: 30 }),
			fc.boolean(),
			async (past, actions, sendsTotal) => {
				const history: Action[] = [
					{ do: 'create', durations: past.length > 0 ? past : [0], lags: [0] },
					{ do: 'wait', seconds: 60 },
					{ do: 'poll', age: 0, meanwhile: [] },
				];
				const { account, emitted, old, undecided, startedAt } = await play(
					[...history, ...actions],
					sendsTotal,
				);
				expect(new Set(emitted).size).toBe(emitted.length);
				expect(startedAt).toBeDefined();
				const certain = account.tasks
					.map(({ taskId }) => taskId)
					.filter((taskId) => !old.has(taskId) && !undecided.has(taskId));
				expect(new Set(emitted.filter((taskId) => !undecided.has(taskId)))).toEqual(
					new Set(certain),
				);
			},
		),
		{
			numRuns: Number(process.env.POLLING_RUNS ?? 150),
			examples: [[[], LOOKED_UP_BELOW_THE_PLACE, false]],
		},
	);
}, 600_000);
