/**
 * How long tasks of a model have taken lately, in seconds: the shortest and the longest of the last few. Only a guide for
 * when to look, so a wrong one costs a little time or a request, never a task.
 */
export interface ExpectedDuration {
	shortest: number;
	longest: number;
}

// Up to this age a task is looked at often, because people wait for pictures in front of the screen. In seconds.
const FAST_AGE = 12;
const FAST_INTERVAL = 2;
const LONGEST_INTERVAL = 20;
// Tasks this old are hung or very long; nobody waits for them by the second.
const VERY_SLOW_AGE = 900;
const VERY_SLOW_INTERVAL = 45;
// A little before the shortest known duration: a task is rarely quicker than its quickest predecessor by more.
const EARLY_FACTOR = 0.9;
// However long tasks usually take, one that ends early is not left unseen for longer than this.
const LONGEST_FIRST_LOOK = 120;

function intervalWithoutKnowledge(age: number): number {
	if (age < FAST_AGE) return FAST_INTERVAL;
	return age < VERY_SLOW_AGE ? Math.min(age / 3, LONGEST_INTERVAL) : VERY_SLOW_INTERVAL;
}

function intervalWithKnowledge(age: number, { shortest, longest }: ExpectedDuration): number {
	const firstLook = Math.min(shortest * EARLY_FACTOR, LONGEST_FIRST_LOOK);
	if (age < firstLook) return Math.max(firstLook - age, FAST_INTERVAL);
	const unknown = intervalWithoutKnowledge(age);
	if (age >= longest * 1.1) return unknown;
	// A dozen looks over the span in which it should end, but no fewer than without knowledge: a wide span says little.
	return Math.max(
		FAST_INTERVAL,
		Math.min((longest * 1.1 - firstLook) / 12, LONGEST_INTERVAL, unknown),
	);
}

/**
 * How many seconds after now a running task should be looked at (again).
 *
 * Without knowledge: every 2 s up to 12 s of age, so that a quick task is seen at most 2 s late; then a third of the age
 * up to 20 s, so that a task of 300 s takes 24 looks. With knowledge the first look comes when the task is likely to be
 * done.
 *
 * @param age seconds since the task was created
 * @param expected what tasks of the same model took, when known
 * @param least the user's own interval in seconds: looks are never closer together than that
 */
export function pollDelay(age: number, expected?: ExpectedDuration, least = 0): number {
	const known = Math.max(0, age);
	const interval =
		expected === undefined
			? intervalWithoutKnowledge(known)
			: intervalWithKnowledge(known, expected);
	return Math.max(interval, least);
}
