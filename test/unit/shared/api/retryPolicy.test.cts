import fc from 'fast-check';

import type { RequestFailure } from '../../../../nodes/shared/errors/requestFailure';
import {
	parseRetryAfter,
	retryDelay,
	type RetrySituation,
} from '../../../../nodes/shared/api/retryPolicy';

const NOW_MS = Date.parse('2026-11-05T12:00:00Z');

const answer = (
	status: number | undefined,
	more: Partial<RequestFailure> = {},
): RequestFailure => ({ kind: 'answer', status, ...more });
const network = (networkCode: string): RequestFailure => ({ kind: 'network', networkCode });
const UNREADABLE: RequestFailure = { kind: 'unreadable' };

const situation = (more: Partial<RetrySituation> = {}): RetrySituation => ({
	method: 'POST',
	hasIdempotencyKey: true,
	retriesMade: 0,
	remainingMs: 3_600_000,
	nowMs: NOW_MS,
	random: 0,
	...more,
});

describe('Retry-After', () => {
	test.each([
		['0', 0],
		['5', 5000],
		[' 120 ', 120_000],
		['1.5', 1500],
		['Thu, 05 Nov 2026 12:00:30 GMT', 30_000],
		['Thursday, 05-Nov-26 12:00:30 GMT', 30_000],
		['Thu Nov  5 12:00:30 2026', 30_000],
		['Thu, 05 Nov 2026 11:00:00 GMT', 0],
	])('%s', (value, milliseconds) => {
		expect(parseRetryAfter(value, NOW_MS)).toBe(milliseconds);
	});

	test.each([
		undefined,
		'',
		'-5',
		'soon',
		'soon 5',
		'5 s',
		'1e3',
		'0x10',
		'Thu',
		'NaN',
		'Infinity',
		'2026-11-05',
	])('%p says nothing', (value) => {
		expect(parseRetryAfter(value, NOW_MS)).toBeUndefined();
	});
});

describe('what is sent again', () => {
	const isRetried = (failure: RequestFailure, more: Partial<RetrySituation> = {}) =>
		retryDelay(failure, situation(more)) !== undefined;
	const OPEN = [408, 425, 500, 502, 504, 520]
		.map((status) => answer(status, { foreign: true }))
		.concat(answer(409), network('ECONNRESET'), UNREADABLE, answer(503, { foreign: true }));

	test.each(OPEN)('%j: a read, and a create with a key', (failure) => {
		expect(isRetried(failure)).toBe(true);
		expect(isRetried(failure, { method: 'GET', hasIdempotencyKey: false })).toBe(true);
	});

	test.each([408, 425, 500, 502, 504, 520])(
		"HiAPI's own HTTP %i: a read, never a create",
		(status) => {
			expect(isRetried(answer(status), { method: 'GET' })).toBe(true);
			expect(isRetried(answer(status))).toBe(false);
		},
	);

	test('a 409 that names the task: nothing is left to ask', () => {
		expect(isRetried(answer(409, { taskId: 'tk-1' }))).toBe(false);
	});

	test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])('%s: everything', (code) => {
		const failure = { ...network(code), neverSent: true };
		for (const method of ['GET', 'POST'] as const)
			expect(isRetried(failure, { method, hasIdempotencyKey: false })).toBe(true);
	});

	test.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT'])('%s: nothing', (code) => {
		const failure = { ...network(code), neverSent: true };
		for (const method of ['GET', 'POST'] as const)
			expect(isRetried(failure, { method })).toBe(false);
	});

	test.each(OPEN)('%j: never a create without a key', (failure) => {
		expect(isRetried(failure, { hasIdempotencyKey: false })).toBe(false);
	});

	test.each([429, 503])('HTTP %i: everything, because nothing was done', (status) => {
		for (const method of ['GET', 'POST'] as const) {
			for (const hasIdempotencyKey of [true, false])
				expect(isRetried(answer(status), { method, hasIdempotencyKey })).toBe(true);
		}
	});

	test.each([400, 401, 402, 403, 404, 413, 415, 422, 501, undefined])(
		'HTTP %p: nothing',
		(status) => {
			expect(isRetried(answer(status))).toBe(false);
			expect(isRetried(answer(status), { method: 'GET' })).toBe(false);
		},
	);

	test('nothing when the address is wrong', () => {
		for (const failure of [
			network('ERR_INVALID_URL'),
			network('BLOCKED'),
			{ kind: 'redirect', status: 307 } as const,
		]) {
			expect(isRetried(failure, { method: 'GET' })).toBe(false);
		}
	});

	test.each([
		[answer(500, { foreign: true }), 5],
		[network('ECONNRESET'), 5],
		[answer(503), 5],
		[answer(429), 12],
		[answer(409), 12],
	])('%j: not for ever', (failure, most) => {
		expect(isRetried(failure, { retriesMade: most - 1 })).toBe(true);
		expect(isRetried(failure, { retriesMade: most })).toBe(false);
	});
});

describe('how long to wait', () => {
	const SERVER_LOST_IT = answer(500, { foreign: true });
	const delay = (failure: RequestFailure, more: Partial<RetrySituation> = {}) =>
		retryDelay(failure, situation(more));

	test('twice as long each time, up to 8 s, half of it by chance', () => {
		const shortest = [0, 1, 2, 3, 4].map((retriesMade) => delay(SERVER_LOST_IT, { retriesMade }));
		const longest = [0, 1, 2, 3, 4].map((retriesMade) =>
			delay(SERVER_LOST_IT, { retriesMade, random: 1 }),
		);
		expect(shortest).toEqual([250, 500, 1000, 2000, 4000]);
		expect(longest).toEqual([500, 1000, 2000, 4000, 8000]);
		expect(delay(answer(429), { retriesMade: 11, random: 1 })).toBe(8000);
	});

	test('at least what Retry-After asks, at most a minute of it', () => {
		expect(delay(answer(429, { retryAfter: '7' }))).toBe(7000);
		expect(delay(answer(429, { retryAfter: '7' }), { random: 1 })).toBe(7250);
		expect(delay(answer(429, { retryAfter: 'Thu, 05 Nov 2026 12:00:07 GMT' }))).toBe(7000);
		expect(delay(answer(503, { retryAfter: '86400' }))).toBe(60_000);
		expect(delay(answer(503, { retryAfter: '9'.repeat(400) }))).toBe(60_000);
	});

	test('5 s while the first request with the key is worked on, unless HiAPI says otherwise', () => {
		expect(delay(answer(409))).toBe(5000);
		expect(delay(answer(409, { retryAfter: '1' }))).toBe(1000);
	});

	test('not when the pause would take all that is left', () => {
		expect(delay(SERVER_LOST_IT, { remainingMs: 250 })).toBeUndefined();
		expect(delay(SERVER_LOST_IT, { remainingMs: 251 })).toBe(250);
	});

	test('a meaningless Retry-After does not make us hasty', () => {
		expect(delay(answer(429, { retryAfter: 'soon 5' }), { retriesMade: 4 })).toBe(4000);
	});

	const failures = fc.oneof(
		fc.constantFrom(
			...[408, 409, 425, 429, 500, 502, 503, 504, 599].map((status) => answer(status)),
			network('ECONNRESET'),
			UNREADABLE,
		),
		fc
			.tuple(
				fc.constantFrom(429, 503, 409, 500),
				fc.oneof(fc.nat(200_000).map(String), fc.string()),
			)
			.map(([status, retryAfter]) => answer(status, { retryAfter })),
	);
	const situations = fc.record({
		method: fc.constantFrom('GET' as const, 'POST' as const),
		hasIdempotencyKey: fc.boolean(),
		retriesMade: fc.nat(20),
		remainingMs: fc.integer({ min: -10_000, max: 200_000 }),
		nowMs: fc.constant(NOW_MS),
		random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
	});

	test('never past the time budget, never without pause, never longer than a minute and its jitter', () => {
		fc.assert(
			fc.property(failures, situations, (failure, given) => {
				const result = retryDelay(failure, given);
				if (result === undefined) return;
				expect(result).toBeLessThan(given.remainingMs);
				expect(result).toBeGreaterThanOrEqual(failure.retryAfter === undefined ? 250 : 0);
				expect(result).toBeLessThanOrEqual(64_000);
			}),
		);
	});

	test('chance only adds, and never more than half of the backoff', () => {
		fc.assert(
			fc.property(failures, situations, (failure, given) => {
				const generous = { ...given, remainingMs: Number.POSITIVE_INFINITY };
				const least = retryDelay(failure, { ...generous, random: 0 });
				const drawn = retryDelay(failure, generous);
				expect(drawn === undefined).toBe(least === undefined);
				if (least === undefined || drawn === undefined) return;
				expect(drawn).toBeGreaterThanOrEqual(least);
				expect(drawn - least).toBeLessThanOrEqual(Math.min(250 * 2 ** given.retriesMade, 4000));
			}),
		);
	});
});
