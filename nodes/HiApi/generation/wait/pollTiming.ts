import type { AwaitedEntry } from './awaitedTasks';
import { pollDelay, pollNeed, type ExpectedDuration, type RunningTask } from './pollSchedule';

/** What is known of the polls so far. */
export interface PollHistory {
	/** When the last one ended, in milliseconds of the monotonic clock; -Infinity before the first. */
	polledMs: number;
	/** How many pages the last list took that was read to its end. */
	pages: number;
	/** Whether several tasks are, or were, waited for together. */
	shared: boolean;
}

type Expected = (model: string) => ExpectedDuration | undefined;

// Waking up a little early must not leave a poll with nothing to do.
const ROUNDING_SECONDS = 0.001;
// Tasks due this soon are polled together with those due now.
const TOGETHER_MS = 400;

/** When to poll, were these the tasks to wait for and requests not limited. In milliseconds from now. */
export function msToNextPoll(
	entries: Iterable<AwaitedEntry>,
	history: PollHistory,
	nowMs: number,
	expected: Expected,
): number {
	const expectedOnce = remembering(expected);
	const running: RunningTask[] = [];
	let atOnce = false;
	for (const entry of entries) {
		atOnce ||= entry.pollAtOnce;
		running.push({
			age: ageOf(entry, nowMs),
			unseen: unseenFor(entry, nowMs),
			expected: expectedOnce(entry.model),
			notBefore: secondsTooEarly(entry, history, nowMs),
		});
	}
	const delay = pollDelay(running, {
		requests: Math.min(running.length, history.pages),
		shared: history.shared,
		sinceLast: (nowMs - history.polledMs) / 1000,
	});
	return atOnce ? 0 : delay * 1000;
}

/** Those of the tasks that a poll now is for. */
export function dueEntries(
	entries: AwaitedEntry[],
	history: PollHistory,
	nowMs: number,
	expected: Expected,
): AwaitedEntry[] {
	const laterMs = nowMs + TOGETHER_MS;
	const expectedOnce = remembering(expected);
	const isDue = (entry: AwaitedEntry) =>
		secondsTooEarly(entry, history, nowMs) < ROUNDING_SECONDS &&
		pollNeed(ageOf(entry, laterMs), unseenFor(entry, laterMs), expectedOnce(entry.model)).kind ===
			'due';
	return entries.filter((entry) => entry.deadlineMs > nowMs && (entry.pollAtOnce || isDue(entry)));
}

function ageOf({ beganMs }: AwaitedEntry, nowMs: number): number {
	return (nowMs - beganMs) / 1000;
}

function unseenFor({ polledMs }: AwaitedEntry, nowMs: number): number {
	return (nowMs - polledMs) / 1000;
}

/** The user's interval counts from any poll: the list answers for tasks that are not due as well. */
function secondsTooEarly(
	{ polledMs, leastIntervalMs }: AwaitedEntry,
	history: PollHistory,
	nowMs: number,
): number {
	if (leastIntervalMs <= 0) return 0;
	return (Math.max(polledMs, history.polledMs) + leastIntervalMs - nowMs) / 1000;
}

/** What to expect of a model, found out once for all of its tasks. */
function remembering(expected: Expected): Expected {
	const found = new Map<string, ExpectedDuration | undefined>();
	return (model) => {
		if (!found.has(model)) found.set(model, expected(model));
		return found.get(model);
	};
}
