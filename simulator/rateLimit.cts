import type { Core } from './core.cts';
import { errorReply, gatewayErrorReply, type Reply } from './reply.cts';

interface Window {
	endsAt: number;
	used: number;
}

/**
 * One budget per account, shared by creates and reads (hiapi.ai/en/blog/hiapi-rate-limit-429-error).
 * The window is a real minute: `Retry-After` speaks to clients, who live in real time.
 */
export class RateLimiter {
	private readonly windows = new Map<string, Window>();
	private readonly running = new Map<string, number>();

	/** Counts a request as running; the returned function ends it. */
	begin(account: string): () => void {
		this.running.set(account, (this.running.get(account) ?? 0) + 1);
		return () => this.running.set(account, (this.running.get(account) ?? 1) - 1);
	}

	/** A 429, or nothing when the request may pass (it is then counted). */
	check(core: Core, account: string, isCreate: boolean): Reply | undefined {
		const { switches, clock } = core;
		if (switches.rateLimitAppliesTo === 'creates' && !isCreate) return undefined;
		const concurrent = switches.rateLimitConcurrentRequests;
		if (concurrent !== null && (this.running.get(account) ?? 0) > concurrent)
			return this.refuse(core, 1, concurrent);
		const unfinished = switches.rateLimitUnfinishedTasks;
		if (isCreate && unfinished !== null) {
			const waiting = core.tasks.ofAccount(account).filter((task) => !task.terminal).length;
			if (waiting >= unfinished) return this.refuse(core, 1, unfinished);
		}
		const perMinute = switches.rateLimitPerMinute;
		if (perMinute === null) return undefined;
		const window = this.windowOf(account, clock.now(), clock.scale);
		if (window.used >= perMinute) {
			return this.refuse(core, clock.realMillisecondsUntil(window.endsAt) / 1000, perMinute);
		}
		window.used += 1;
		return undefined;
	}

	/** `X-RateLimit-*` for an answer that passed (docs.hiapi.ai/api-reference/rate-limits); empty when off. */
	headers(core: Core, account: string): Record<string, string> {
		const limit = core.switches.rateLimitPerMinute;
		if (limit === null || !core.switches.rateLimitHeaders) return {};
		const window = this.windowOf(account, core.clock.now(), core.clock.scale);
		const seconds = core.clock.realMillisecondsUntil(window.endsAt) / 1000;
		return limitHeaders(limit, Math.max(0, limit - window.used), seconds);
	}

	clear(): void {
		this.windows.clear();
	}

	private windowOf(account: string, now: number, scale: number): Window {
		let window = this.windows.get(account);
		if (!window || now >= window.endsAt) {
			window = { endsAt: now + 60_000 * scale, used: 0 };
			this.windows.set(account, window);
		}
		return window;
	}

	private refuse({ switches }: Core, secondsLeft: number, limit: number): Reply {
		const seconds = switches.rateLimitRetryAfterSeconds ?? Math.max(1, Math.ceil(secondsLeft));
		const headers = switches.rateLimitHeaders ? limitHeaders(limit, 0, seconds) : {};
		if (switches.rateLimitRetryAfter === 'seconds') headers['retry-after'] = String(seconds);
		if (switches.rateLimitRetryAfter === 'date') {
			headers['retry-after'] = new Date(Date.now() + seconds * 1000).toUTCString();
		}
		const message = 'rate limit exceeded, please slow down';
		if (switches.rateLimitEnvelope === 'E1') return errorReply(429, message, undefined, headers);
		return gatewayErrorReply(429, 'rate_limit_exceeded', message, { headers });
	}
}

function limitHeaders(limit: number, remaining: number, seconds: number): Record<string, string> {
	return {
		'x-ratelimit-limit': String(limit),
		'x-ratelimit-remaining': String(remaining),
		'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000 + seconds)),
	};
}
