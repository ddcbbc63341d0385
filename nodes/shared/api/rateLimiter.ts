import type { Timing } from '../clock';
import { parseRetryAfter } from './retryPolicy';

/** What a reply says about the rate limit. Header names are lower case. */
export interface RateSignal {
	status?: number;
	headers: Record<string, string | undefined>;
}

// HiAPI's documented limits are old and vary by account (docs.hiapi.ai/api-reference/rate-limits), so the pacer starts
// below what any account was said to allow in a burst and finds out the rest. Rates are requests per second.
const FIRST_RATE = 5;
const HIGHEST_RATE = 50;
const LOWEST_RATE = 0.2;
const BURST = 5;
const BACK_OFF_FACTOR = 0.5;
const RECOVERY_PER_SECOND = 0.5;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * One budget for all requests of a run, submissions and looks alike: a token bucket whose rate doubles each second until
 * the first 429, is halved by every 429 and then recovers slowly. Pauses for what Retry-After and X-RateLimit-Reset ask.
 * Knows no clock of its own: all times are milliseconds of a monotonic one.
 */
export class RateLimiter {
	private rate = FIRST_RATE;
	private tokens = BURST;
	private refilledAt: number;
	private pausedUntil = Number.NEGATIVE_INFINITY;
	private limited = false;
	private refusals = 0;

	constructor(nowMs: number) {
		this.refilledAt = nowMs;
	}

	/** Takes one request out of the budget: milliseconds to wait before it may be sent. */
	reserve(nowMs: number): number {
		this.refill(nowMs);
		this.tokens -= 1;
		const queued = this.tokens >= 0 ? 0 : (-this.tokens / this.rate) * 1000;
		return queued + this.pauseLeft(nowMs);
	}

	/** Milliseconds for which nothing may be sent, also by those who have waited their turn already. */
	pauseLeft(nowMs: number): number {
		return Math.max(0, this.pausedUntil - nowMs);
	}

	/** Learns from a reply. */
	observe(
		{ status, headers }: RateSignal,
		timing: Pick<Timing, 'now' | 'monotonic' | 'random'>,
	): void {
		const nowMs = timing.monotonic();
		const dateMs = timing.now();
		this.refill(nowMs);
		if (status === 429) {
			this.limited = true;
			this.refusals += 1;
			this.rate = Math.max(this.rate * BACK_OFF_FACTOR, LOWEST_RATE);
			const asked = parseRetryAfter(headers['retry-after'], dateMs) ?? resetDelay(headers, dateMs);
			const pause = asked ?? FIRST_PAUSE_MS * 2 ** Math.min(this.refusals - 1, 6);
			// spreads clients that were refused together
			this.pause(nowMs, pause + timing.random() * 500);
			return;
		}
		this.refusals = 0;
		const remaining = numberOf(headers['x-ratelimit-remaining']);
		if (remaining !== undefined && remaining <= 0)
			this.pause(nowMs, resetDelay(headers, dateMs) ?? 0);
	}

	private pause(nowMs: number, milliseconds: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, nowMs + Math.min(milliseconds, LONGEST_PAUSE_MS));
		this.tokens = Math.min(this.tokens, 0);
		// No budget grows during a pause: after it, requests go out one by one, not all at once.
		this.refilledAt = this.pausedUntil;
	}

	private refill(nowMs: number): void {
		const seconds = Math.max(0, nowMs - this.refilledAt) / 1000;
		this.refilledAt = Math.max(this.refilledAt, nowMs);
		this.rate = this.limited
			? this.rate + RECOVERY_PER_SECOND * seconds
			: this.rate * 2 ** Math.min(seconds, 10);
		this.rate = Math.min(this.rate, HIGHEST_RATE);
		this.tokens = Math.min(this.tokens + this.rate * seconds, BURST);
	}
}

function numberOf(value: string | undefined): number | undefined {
	return value !== undefined && /^\d+$/.test(value.trim()) ? Number(value) : undefined;
}

/** X-RateLimit-Reset is a Unix time in seconds (docs.hiapi.ai/api-reference/rate-limits). */
function resetDelay(headers: RateSignal['headers'], dateMs: number): number | undefined {
	const reset = numberOf(headers['x-ratelimit-reset']);
	return reset === undefined ? undefined : Math.max(0, reset * 1000 - dateMs);
}
