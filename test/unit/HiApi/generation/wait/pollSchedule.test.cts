import fc from 'fast-check';

import {
	pollDelay,
	type ExpectedDuration,
} from '../../../../../nodes/HiApi/generation/wait/pollSchedule';

/** Looks until a task of the given duration is seen finished. Seconds. */
function follow(
	duration: number,
	expected?: ExpectedDuration,
	least = 0,
): { looks: number; late: number } {
	let age = 0;
	for (let looks = 1; ; looks++) {
		age += pollDelay(age, expected, least);
		if (age >= duration) return { looks, late: age - duration };
	}
}

const expectation = fc
	.tuple(
		fc.double({ min: 0, max: 4000, noNaN: true }),
		fc.double({ min: 0, max: 4000, noNaN: true }),
	)
	.map(([a, b]) => ({ shortest: Math.min(a, b), longest: Math.max(a, b) }));

test('a quick task is seen at most 2 s late', () => {
	fc.assert(
		fc.property(
			fc.double({ min: 0, max: 12, maxExcluded: true, noNaN: true }),
			(duration) => follow(duration).late <= 2,
		),
	);
});

test('a task of 300 s takes at most 24 looks and is seen at most 15 s late', () => {
	const { looks, late } = follow(300);
	expect(looks).toBeLessThanOrEqual(24);
	expect(late).toBeLessThanOrEqual(15);
});

test('up to a quarter of an hour no task is seen more than 20 s late', () => {
	fc.assert(
		fc.property(
			fc.double({ min: 0, max: 900, noNaN: true }),
			(duration) => follow(duration).late <= 20,
		),
	);
});

test('with knowledge the first look comes shortly before the quickest known duration', () => {
	expect(pollDelay(0, { shortest: 100, longest: 110 })).toBeCloseTo(90);
	expect(follow(104, { shortest: 100, longest: 110 }).looks).toBeLessThanOrEqual(9);
	expect(follow(104, { shortest: 100, longest: 110 }).late).toBeLessThanOrEqual(3);
});

test('knowledge that is wrong never hides a task for more than two minutes, and always lets it be seen', () => {
	fc.assert(
		fc.property(
			fc.double({ min: 0, max: 3000, noNaN: true }),
			expectation,
			(duration, expected) => {
				expect(follow(duration, expected).late).toBeLessThanOrEqual(120);
			},
		),
	);
});

test('once the first look is due, knowledge never makes a task wait longer for the next one', () => {
	fc.assert(
		fc.property(
			fc.double({ min: 0, max: 900, maxExcluded: true, noNaN: true }),
			expectation,
			(age, expected) => {
				fc.pre(age >= expected.shortest * 0.9);
				expect(pollDelay(age, expected)).toBeLessThanOrEqual(pollDelay(age));
			},
		),
	);
	expect(follow(11, { shortest: 8, longest: 300 }).late).toBeLessThanOrEqual(2);
});

test('looks are never closer together than the user asks, nor than 2 s', () => {
	fc.assert(
		fc.property(
			fc.double({ min: -10, max: 5000, noNaN: true }),
			fc.option(expectation, { nil: undefined }),
			fc.double({ min: 0, max: 100, noNaN: true }),
			(age, expected, least) => {
				const seconds = pollDelay(age, expected, least);
				expect(seconds).toBeGreaterThanOrEqual(Math.max(2, least));
				expect(seconds).toBeLessThanOrEqual(Math.max(120, least));
			},
		),
	);
});
