import fc from 'fast-check';

import { PollBudget } from '../../../../../nodes/HiApi/generation/wait/pollBudget';

const MINUTE = 60_000;

/** Spends whatever the budget gives for so long, starting at `from`; the times of the requests in milliseconds. */
function spendAll(budget: PollBudget, from: number, milliseconds: number): number[] {
	const sent: number[] = [];
	for (let now = from; now < from + milliseconds; ) {
		const delay = budget.delay(now);
		if (delay === 0) {
			budget.spend(now);
			sent.push(now);
		}
		now += delay;
	}
	return sent;
}

function mostPerMinute(sent: number[]): number {
	return Math.max(
		...sent.map((from) => sent.filter((at) => at >= from && at < from + MINUTE).length),
	);
}

test('15 requests a minute, and 10 at once', () => {
	const sent = spendAll(new PollBudget(0), 0, 10 * MINUTE);
	expect(sent.filter((at) => at === 0)).toHaveLength(10);
	expect(sent).toHaveLength(10 + 150 - 1);
	expect(mostPerMinute(sent)).toBeLessThanOrEqual(25);
});

test('what is not spent does not grow beyond ten requests', () => {
	const sent = spendAll(new PollBudget(0), 60 * MINUTE, 5 * MINUTE);
	expect(sent.filter((at) => at === 60 * MINUTE)).toHaveLength(10);
	expect(mostPerMinute(sent)).toBeLessThanOrEqual(25);
});

test('it is never exceeded, in whatever steps it is asked', () => {
	fc.assert(
		fc.property(
			fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 200 }),
			(steps) => {
				const budget = new PollBudget(0);
				const sent: number[] = [];
				let now = 0;
				for (const step of steps) {
					now += step;
					if (budget.delay(now) > 0) continue;
					budget.spend(now);
					sent.push(now);
				}
				expect(sent.length === 0 ? 0 : mostPerMinute(sent)).toBeLessThanOrEqual(26);
			},
		),
	);
});

test.each([
	[100, 15],
	[150, 18.75],
	[1000, 125],
	[10_000, 300],
])('%d tasks created within a minute allow %d requests a minute', (tasks, perMinute) => {
	const budget = new PollBudget(0);
	for (let index = 0; index < tasks; index++) budget.noteCreated((index * 20_000) / tasks);
	expect(budget.perMinute).toBe(perMinute);
});

test('only what was created within one minute counts', () => {
	const budget = new PollBudget(0);
	for (let index = 0; index < 1000; index++) budget.noteCreated(index * 1000);
	expect(budget.perMinute).toBe(15);
});

test('after a 429 the run keeps to what every account may do', () => {
	const budget = new PollBudget(0);
	for (let index = 0; index < 1000; index++) budget.noteCreated(index);
	budget.noteRefused(1000);
	for (let index = 0; index < 1000; index++) budget.noteCreated(2000 + index);
	expect(budget.perMinute).toBe(15);
	expect(mostPerMinute(spendAll(budget, 3000, 5 * MINUTE))).toBeLessThanOrEqual(25);
});
