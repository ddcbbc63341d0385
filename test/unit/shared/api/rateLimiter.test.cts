import fc from 'fast-check';

import { RateLimiter } from '../../../../nodes/shared/api/rateLimiter';

/** What the monotonic clock shows at the start, and what the machine's. */
const START = 7_000;
const START_DATE = 1_000_000_000_000;

const at = (nowMs: number, random = 0) => ({
	now: () => START_DATE + nowMs - START,
	monotonic: () => nowMs,
	random: () => random,
});

/** Sends as fast as the pacer allows for the given time and returns when each request went out, in ms from the start. */
function sendFor(
	pacer: RateLimiter,
	milliseconds: number,
	status = (_sent: number) => 200,
	from = START,
): number[] {
	const sent: number[] = [];
	for (let now = from; ; ) {
		now += pacer.reserve(now);
		if (now - from > milliseconds || sent.length > 5000) return sent;
		sent.push(now - from);
		pacer.observe({ status: status(sent.length), headers: {} }, at(now, 0.5));
		now += 1;
	}
}

test('starts with a short burst and then speeds up while nothing is refused', () => {
	const sent = sendFor(new RateLimiter(START), 6_000);
	expect(sent.filter((at) => at < 100)).toHaveLength(5);
	expect(sent.filter((at) => at <= 1_000).length).toBeLessThanOrEqual(15);
	const lastSecond = sent.filter((at) => at > 5_000).length;
	expect(lastSecond).toBeGreaterThan(30);
	expect(lastSecond).toBeLessThanOrEqual(51);
});

test('a 429 halves the pace, which then recovers', () => {
	const pacer = new RateLimiter(START);
	sendFor(pacer, 6_000);
	pacer.observe({ status: 429, headers: {} }, at(START + 6_001));
	const after = sendFor(pacer, 30_000, undefined, START + 6_001);
	expect(after[0]).toBeGreaterThanOrEqual(1_000);
	const perSecond = (from: number) => after.filter((at) => at > from && at <= from + 1_000).length;
	expect(perSecond(2_000)).toBeLessThanOrEqual(30);
	expect(perSecond(28_000)).toBeGreaterThan(perSecond(2_000));
});

test.each([
	['seconds', { 'retry-after': '7' }, 7_000],
	['a date', { 'retry-after': new Date(START_DATE + 9_000).toUTCString() }, 9_000],
	['the reset time', { 'x-ratelimit-reset': String((START_DATE + 12_000) / 1000) }, 12_000],
	['more than a minute', { 'retry-after': '3600' }, 60_000],
])('after a 429 nothing is sent for what the server asks: %s', (_name, headers, pause) => {
	const pacer = new RateLimiter(START);
	pacer.observe({ status: 429, headers }, at(START));
	expect(pacer.pauseLeft(START)).toBe(pause);
	expect(pacer.reserve(START)).toBeGreaterThanOrEqual(pause);
	expect(pacer.pauseLeft(START + pause)).toBe(0);
});

test('repeated refusals without advice pause longer and longer, up to a minute', () => {
	const pacer = new RateLimiter(START);
	let now = START;
	const pauses = Array.from({ length: 9 }, () => {
		pacer.observe({ status: 429, headers: {} }, at(now));
		const pause = pacer.pauseLeft(now);
		now += pause;
		return pause;
	});
	expect(pauses.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
	expect(Math.max(...pauses)).toBe(60_000);
});

test('an exhausted allowance is respected before it is refused', () => {
	const pacer = new RateLimiter(START);
	pacer.observe(
		{
			status: 200,
			headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(START_DATE / 1000 + 5) },
		},
		at(START, 0.5),
	);
	expect(pacer.pauseLeft(START)).toBeGreaterThanOrEqual(5_000);
	const generous = new RateLimiter(START);
	generous.observe(
		{
			status: 200,
			headers: {
				'x-ratelimit-remaining': '10',
				'x-ratelimit-reset': String(START_DATE / 1000 + 5),
			},
		},
		at(START, 0.5),
	);
	expect(generous.pauseLeft(START)).toBe(0);
});

test('no sequence of replies stops the requests for good or lets them run wild', () => {
	const reply = fc.record({
		status: fc.constantFrom(200, 200, 200, 429, 500, undefined),
		headers: fc.record({
			'retry-after': fc.option(
				fc.oneof(fc.integer({ min: 0, max: 1e9 }).map(String), fc.string()),
				{ nil: undefined },
			),
			'x-ratelimit-remaining': fc.option(fc.oneof(fc.integer().map(String), fc.string()), {
				nil: undefined,
			}),
			'x-ratelimit-reset': fc.option(fc.oneof(fc.integer().map(String), fc.string()), {
				nil: undefined,
			}),
		}),
		gap: fc.integer({ min: 0, max: 2_000 }),
	});
	fc.assert(
		fc.property(fc.array(reply, { maxLength: 60 }), (replies) => {
			const pacer = new RateLimiter(START);
			let now = START;
			for (const { status, headers, gap } of replies) {
				const delay = pacer.reserve(now);
				expect(delay).toBeGreaterThanOrEqual(0);
				// One pause of at most 60.5 s, and at the lowest pace of one request in 5 s behind a few others.
				expect(delay).toBeLessThanOrEqual(60_500 + 5_000 * 6);
				now += delay + gap;
				pacer.observe({ status, headers }, at(now, 0.9));
			}
		}),
	);
});
