// What no schedule can reach: benchmarks/README.md quotes it beside the goal of 40 requests. Times in seconds.
const SHORTEST = 5;
const LONGEST = 300;
const LATE = 8;
const LATE_SHARE = 0.01;
const STEP = 0.25;
const LONGEST_INTERVAL = 30;

// Durations are spread evenly by their logarithms.
const SPREAD = Math.log(LONGEST / SHORTEST);
const MEAN_DURATION = (LONGEST - SHORTEST) / SPREAD;

/** What an interval between two polls adds to the mean lateness, and to the share of tasks late by more than 8 s. */
function interval(from: number, to: number) {
	return {
		lateness: (to * Math.log(to / from) - (to - from)) / SPREAD,
		lateShare: to - LATE > from ? Math.log((to - LATE) / from) / SPREAD : 0,
	};
}

/**
 * The least mean lateness, as a share of the mean duration, of any schedule with at most so many polls from 5 to 300 s (on a grid
 * of 0.25 s) that is late by more than 8 s for at most one task in 100. Lagrange: for any prices of a poll and of that share, the
 * cheapest schedule, found by dynamic programming, costs no more than one that keeps to both limits.
 */
function leastLateness(polls: number, pricePerPoll: number, priceOfLateShare: number): number {
	const times = Array.from(
		{ length: (LONGEST - SHORTEST) / STEP + 1 },
		(_, index) => SHORTEST + index * STEP,
	);
	const cheapest = [0];
	for (let to = 1; to < times.length; to += 1) {
		cheapest[to] = Infinity;
		for (let from = Math.max(0, to - LONGEST_INTERVAL / STEP); from < to; from += 1) {
			const { lateness, lateShare } = interval(times[from], times[to]);
			const cost = cheapest[from] + lateness + priceOfLateShare * lateShare + pricePerPoll;
			cheapest[to] = Math.min(cheapest[to], cost);
		}
	}
	const paidForLimits = pricePerPoll * polls + priceOfLateShare * LATE_SHARE;
	return (cheapest[times.length - 1] - paidForLimits) / MEAN_DURATION;
}

test('40 polls of tasks of 5–300 s are late by more than 4 %, 40 requests with one before 5 s by more still', () => {
	expect(leastLateness(40, 0.125, 11)).toBeCloseTo(0.0415, 4);
	expect(leastLateness(39, 0.145, 14)).toBeCloseTo(0.0434, 4);
});
