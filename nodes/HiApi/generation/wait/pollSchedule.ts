/**
 * How long tasks of a model have taken lately: the shortest and the longest of them in seconds, and how many they were.
 * Only a guide for when to poll, so a wrong one costs a little time or a request, never a task.
 */
export interface ExpectedDuration {
	shortest: number;
	longest: number;
	tasks: number;
}

/** When polling a task is worth a request: not for so many seconds yet, or from now on this many seconds apart. */
export type PollNeed = { kind: 'early'; seconds: number } | { kind: 'due'; interval: number };

/** A running task. Times in seconds. */
export interface RunningTask {
	/** Since it was created. */
	age: number;
	/** Since it was polled last, or else created. */
	unseen: number;
	/** What its like took, when known. */
	expected?: ExpectedDuration;
	/** How long it must not be polled yet, because the user asked for a longer interval. */
	notBefore: number;
}

/** How a poll answers for the tasks that are waited for together. */
export interface SharedPoll {
	/** How many requests it takes. */
	requests: number;
	/** Whether several tasks are, or were, waited for together. */
	shared: boolean;
	/** Seconds since the last one; Infinity before the first. */
	sinceLast: number;
}

const SHORTEST_INTERVAL = 2;
const FACTOR_OF_ROOT = 0.88;
const SHORTEST_UNKNOWN_INTERVAL = 2.5;
const LONGEST_UNKNOWN_INTERVAL = 7.8;
// A very long task is seen late by no more than this share of its age, and by no more than LONGEST_INTERVAL.
const SHARE_OF_AGE = 1 / 30;
const LONGEST_INTERVAL = 45;
// One list answers for all of them, so tasks waited for together are seen earlier than a single one.
const LONGEST_SHARED_INTERVAL = 5;
const LONGEST_KNOWN_INTERVAL = 4;
const POLLS_OVER_KNOWN_SPAN = 7;
// Durations further apart than this say little about the next one.
const WIDEST_SPAN = 4;
// So long past its expected end a task is still polled as if it could end at any moment.
const OVERDUE_FACTOR = 1.3;
// However long tasks usually take, one that ends early is not left unseen for longer than this.
const LONGEST_UNSEEN = 120;

function unknownInterval(age: number): number {
	const root = Math.max(FACTOR_OF_ROOT * Math.sqrt(age), SHORTEST_UNKNOWN_INTERVAL);
	const capped = Math.min(root, LONGEST_UNKNOWN_INTERVAL);
	return Math.min(Math.max(capped, age * SHARE_OF_AGE), LONGEST_INTERVAL);
}

/**
 * What polling one running task calls for.
 *
 * Without knowledge: first at 2 s, then 0.88 √age seconds apart, 2.5 s at least and 7.8 s at most (a thirtieth of the age
 * from 234 s on). The best interval is proportional to 1/√h, where h is the chance to end in the next second (Barlow,
 * Hunter and Proschan, Optimum Checking Procedures, 1963); where nothing is known, a task is as likely to take 5–10 s as
 * 50–100 s, and h is 1/age. A task of 300 s takes 46 polls. Tasks of 5–300 s are seen late by 4 % of their duration on
 * average; 40 polls cannot do that without more than one task in 100 being over 8 s late.
 *
 * With knowledge: nothing before the first one is likely to end, then about seven polls over the span in which the others
 * ended, at most 4 s apart. Of n + 1 tasks each is as likely to be the shortest or the longest, so the span is widened by
 * longest / (n + 1) at both ends: by half after one task, by a seventeenth after 16.
 *
 * However long its like take, a task is polled after two minutes without a poll: it may have failed early.
 *
 * @param age seconds since the task was created
 * @param unseen seconds since it was polled last, or else created
 */
export function pollNeed(age: number, unseen: number, expected?: ExpectedDuration): PollNeed {
	const margin = expected === undefined ? 0 : expected.longest / (expected.tasks + 1);
	const first = Math.max((expected?.shortest ?? 0) - margin, SHORTEST_INTERVAL);
	if (age < first)
		return unseen < LONGEST_UNSEEN
			? { kind: 'early', seconds: Math.min(first - age, LONGEST_UNSEEN - unseen) }
			: { kind: 'due', interval: LONGEST_UNSEEN };
	const unknown = unknownInterval(age);
	if (expected === undefined || expected.longest > expected.shortest * WIDEST_SPAN)
		return { kind: 'due', interval: unknown };
	const end = expected.longest + margin;
	const known = Math.max((end - first) / POLLS_OVER_KNOWN_SPAN, SHORTEST_INTERVAL);
	if (age < end) return { kind: 'due', interval: Math.min(known, LONGEST_KNOWN_INTERVAL, unknown) };
	return {
		kind: 'due',
		interval: age < end * OVERDUE_FACTOR ? Math.min(LONGEST_KNOWN_INTERVAL, unknown) : unknown,
	};
}

/**
 * In how many seconds to poll all tasks that are waited for together. Tasks with intervals g₁, g₂, … have the chances
 * 1/g₁², 1/g₂², … to end (see {@link pollNeed}), which add up, and a poll that takes r requests has to be worth r times as
 * much: they are polled √(r / (1/g₁² + 1/g₂² + …)) apart, and at most 5 s where several share their polls. Polls are
 * never closer together than 2 s.
 *
 * @returns 0 when it is time; Infinity when there is no task
 */
export function pollDelay(
	tasks: Iterable<RunningTask>,
	{ requests, shared, sinceLast }: SharedPoll,
): number {
	let chance = 0;
	let early = Number.POSITIVE_INFINITY;
	for (const { age, unseen, expected, notBefore } of tasks) {
		const need = pollNeed(age, unseen, expected);
		if (need.kind === 'due' && notBefore <= 0) chance += need.interval ** -2;
		else early = Math.min(early, Math.max(need.kind === 'early' ? need.seconds : 0, notBefore));
	}
	const longest = shared ? LONGEST_SHARED_INTERVAL : Number.POSITIVE_INFINITY;
	const due = chance > 0 ? Math.min(Math.sqrt(requests / chance), longest) - sinceLast : early;
	return Math.max(Math.min(due, early), SHORTEST_INTERVAL - sinceLast, 0);
}
