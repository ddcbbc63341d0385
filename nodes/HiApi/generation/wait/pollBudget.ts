// HiAPI's older documentation allows 60 requests a minute (docs.hiapi.ai/api-reference/rate-limits), creating tasks
// included. Whoever polls with a quarter of that leaves the rest to what costs more when it is refused.
const PER_MINUTE = 15;
const BURST = 10;
// A run whose tasks HiAPI took faster than that has shown what its account may do; polling takes an eighth of it.
const SHARE_OF_CREATED = 1 / 8;
const MOST_PER_MINUTE = 300;
const MINUTE_MS = 60_000;

/**
 * How many requests one run may spend on polling: 15 a minute, and 10 at once after a pause. A run that created more than
 * 120 tasks within a minute may spend an eighth of that number a minute, 300 at most, until the first 429. What the rate
 * limit itself asks for is the business of the client. Knows no clock: all times are milliseconds of a monotonic one.
 */
export class PollBudget {
	private tokens = BURST;
	private refilledAt: number;
	private readonly created: number[] = [];
	private firstOfMinute = 0;
	private mostCreated = 0;
	private refused = false;

	constructor(nowMs: number) {
		this.refilledAt = nowMs;
	}

	/** Requests a minute that may be spent in the long run. */
	get perMinute(): number {
		if (this.refused) return PER_MINUTE;
		return Math.min(Math.max(PER_MINUTE, this.mostCreated * SHARE_OF_CREATED), MOST_PER_MINUTE);
	}

	/** Whole milliseconds until the next request may be sent. */
	delay(nowMs: number): number {
		this.refill(nowMs);
		return Math.ceil((Math.max(0, 1 - this.tokens) / this.perMinute) * MINUTE_MS);
	}

	/** Counts a request that is sent now. */
	spend(nowMs: number): void {
		this.refill(nowMs);
		this.tokens -= 1;
	}

	/** Notes that HiAPI has created a task just now. */
	noteCreated(nowMs: number): void {
		this.refill(nowMs);
		this.created.push(nowMs);
		while (this.created[this.firstOfMinute] <= nowMs - MINUTE_MS) this.firstOfMinute += 1;
		this.mostCreated = Math.max(this.mostCreated, this.created.length - this.firstOfMinute);
	}

	/** Notes that HiAPI has refused a request with 429: from now on the run keeps to what every account may do. */
	noteRefused(nowMs: number): void {
		this.refill(nowMs);
		this.refused = true;
	}

	private refill(nowMs: number): void {
		const minutes = Math.max(0, nowMs - this.refilledAt) / MINUTE_MS;
		this.refilledAt = Math.max(this.refilledAt, nowMs);
		this.tokens = Math.min(this.tokens + minutes * this.perMinute, BURST);
	}
}
