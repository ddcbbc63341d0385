import fc from 'fast-check';

import {
	pollDelay,
	pollNeed,
	type ExpectedDuration,
	type RunningTask,
} from '../../../../../nodes/HiApi/generation/wait/pollSchedule';

const SINGLE = { requests: 1, shared: false, sinceLast: 0 };

/** Seconds until a task of this age that was polled just now is polled again. */
function delay(age: number, expected?: ExpectedDuration, notBefore = 0): number {
	return pollDelay([{ age, unseen: 0, expected, notBefore }], SINGLE);
}

/** Polls until a task of the given duration is seen finished. Seconds. */
function follow(duration: number, expected?: ExpectedDuration): { polls: number; late: number } {
	let age = 0;
	for (let polls = 1; ; polls++) {
		age += delay(age, expected);
		if (age >= duration) return { polls, late: age - duration };
	}
}

const age = fc.double({ min: 0, max: 4000, noNaN: true });
const expectation = fc
	.tuple(age, age, fc.integer({ min: 1, max: 16 }))
	.map(([a, b, tasks]) => ({ shortest: Math.min(a, b), longest: Math.max(a, b), tasks }));
const maybe = fc.option(expectation, { nil: undefined });
const task: fc.Arbitrary<RunningTask> = fc.record({
	age,
	unseen: fc.double({ min: 0, max: 200, noNaN: true }),
	expected: maybe,
	notBefore: fc.double({ min: -100, max: 100, noNaN: true }),
});
const tasks = fc.array(task, { minLength: 1, maxLength: 20 });
const poll = fc.record({
	requests: fc.integer({ min: 1, max: 20 }),
	shared: fc.boolean(),
	sinceLast: fc.double({ min: 0, max: 100, noNaN: true }),
});

test('a quick task is seen at most 2.5 s late', () => {
	fc.assert(
		fc.property(
			fc.double({ min: 0, max: 9, noNaN: true }),
			(duration) => follow(duration).late <= 2.5,
		),
	);
});

test('a task of 300 s takes at most 46 polls and is seen at most 10 s late', () => {
	const { polls, late } = follow(300);
	expect(polls).toBeLessThanOrEqual(46);
	expect(late).toBeLessThanOrEqual(10);
});

test('the older a task of unknown duration, the further apart are its polls', () => {
	fc.assert(
		fc.property(age, age, (a, b) => delay(Math.min(a, b) + 2) <= delay(Math.max(a, b) + 2)),
	);
});

test('no task of unknown duration is seen later than 8 s or a thirtieth of its age, nor than 45 s', () => {
	fc.assert(
		fc.property(age, (duration) => {
			expect(follow(duration).late).toBeLessThanOrEqual(Math.min(Math.max(8, duration / 30), 45));
		}),
	);
});

test.each<[ExpectedDuration, number]>([
	[{ shortest: 100, longest: 110, tasks: 1 }, 45],
	[{ shortest: 100, longest: 110, tasks: 9 }, 89],
	[{ shortest: 60, longest: 85, tasks: 16 }, 55],
	[{ shortest: 1, longest: 1, tasks: 1 }, 2],
])('with %j the first poll comes after %d s, and none before', (expected, seconds) => {
	expect(delay(0, expected)).toBeCloseTo(seconds);
	expect(pollNeed(seconds - 1, 0, expected).kind).toBe('early');
	expect(pollNeed(seconds, 0, expected).kind).toBe('due');
});

test('between the quickest and the slowest known duration a task is seen at most 4 s late', () => {
	fc.assert(
		fc.property(
			expectation.filter(({ shortest, longest }) => shortest > 5 && longest < shortest * 4),
			fc.double({ min: 0, max: 1, noNaN: true }),
			(expected, share) => {
				const { shortest, longest } = expected;
				expect(follow(shortest + share * (longest - shortest), expected).late).toBeLessThanOrEqual(
					4,
				);
			},
		),
	);
});

test('knowledge that is wrong never hides a task for more than two minutes, and always lets it be seen', () => {
	fc.assert(
		fc.property(age, expectation, (duration, expected) => {
			expect(follow(duration, expected).late).toBeLessThanOrEqual(120);
		}),
	);
});

test('once a task is due, knowledge never makes it wait longer for the next poll', () => {
	fc.assert(
		fc.property(age, expectation, (seconds, expected) => {
			const need = pollNeed(seconds, 0, expected);
			fc.pre(need.kind === 'due' && seconds >= 2);
			expect(delay(seconds, expected)).toBeLessThanOrEqual(delay(seconds));
		}),
	);
});

test('a task is not polled before the interval the user asks for', () => {
	fc.assert(
		fc.property(
			age,
			maybe,
			fc.double({ min: 0, max: 100, noNaN: true }),
			(seconds, expected, least) => {
				expect(delay(seconds, expected, least)).toBeGreaterThanOrEqual(least);
			},
		),
	);
});

test('polls are never closer together than 2 s, whatever is waited for', () => {
	fc.assert(
		fc.property(tasks, poll, (all, how) => {
			expect(pollDelay(all, how) + how.sinceLast).toBeGreaterThanOrEqual(2 - 1e-9);
		}),
	);
});

test('there is a next poll within 2 minutes, or as soon as the user allows it', () => {
	fc.assert(
		fc.property(tasks, poll, (all, how) => {
			const allowed = Math.max(...all.map(({ notBefore }) => notBefore));
			const requests = Math.sqrt(how.requests) * 45;
			expect(pollDelay(all, how)).toBeLessThanOrEqual(Math.max(120, allowed, requests));
		}),
	);
	expect(pollDelay([], { ...SINGLE, sinceLast: Number.POSITIVE_INFINITY })).toBe(
		Number.POSITIVE_INFINITY,
	);
});

test('the more tasks there are, the sooner they are polled; the more requests it takes, the later', () => {
	fc.assert(
		fc.property(tasks, task, poll, (all, more, how) => {
			expect(pollDelay([...all, more], how)).toBeLessThanOrEqual(pollDelay(all, how));
			expect(pollDelay(all, { ...how, requests: how.requests + 1 })).toBeGreaterThanOrEqual(
				pollDelay(all, how),
			);
		}),
	);
});

test('four tasks of one age are polled twice as often as one, four requests half as often', () => {
	const four = Array.from({ length: 4 }, () => ({ age: 64, unseen: 0, notBefore: 0 }));
	expect(pollDelay(four, SINGLE)).toBeCloseTo(delay(64) / 2);
	expect(pollDelay(four, { ...SINGLE, requests: 4 })).toBeCloseTo(delay(64));
});

test('tasks that share their polls are seen at most 5 s late once they are due', () => {
	fc.assert(
		fc.property(tasks, poll, (all, how) => {
			fc.pre(
				all.some(({ age: seconds, unseen, expected, notBefore }) => {
					return notBefore <= 0 && pollNeed(seconds, unseen, expected).kind === 'due';
				}),
			);
			expect(pollDelay(all, { ...how, shared: true })).toBeLessThanOrEqual(5);
		}),
	);
});
