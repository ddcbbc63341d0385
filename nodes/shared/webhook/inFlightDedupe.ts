import type { Timing } from '../clock';

/** How n8n's answer to one delivery stands: not given yet, given after storing the run, or a refusal. */
export type AnswerState = 'pending' | 'stored' | 'lost';

/**
 * What a delivery may do. `first`: start the run, then call `resolve`. `duplicate`: another copy has been stored.
 * `undecided`: another copy is being stored and its end was not seen in time. `full`: too many at once.
 */
export type Claim = 'first' | 'duplicate' | 'undecided' | 'full';

export interface MemoryLimits {
	/** How many stored deliveries are remembered; the oldest are forgotten first. */
	stored: number;
	/** How many deliveries may be on their way into n8n's database at once. */
	pending: number;
	/** After this many milliseconds a delivery without an answer no longer holds others back. */
	pendingMs: number;
	/** How many milliseconds a copy waits for the first one's end. */
	patienceMs: number;
}

interface Pending {
	since: number;
	readAnswer: () => AnswerState;
	changed: Promise<void>;
	announce: () => void;
}

// Only a delivery whose sender hung up needs looking after; all others announce their end.
const CHECK_AGAIN_MS = 250;

/**
 * Lets one of many copies of a delivery through while this process lives: copies that come while the first is being
 * stored wait for it, and one of them takes over when n8n could not store it. A plain set of seen ids would lose that
 * delivery.
 */
export class InFlightDedupe {
	private readonly stored = new Set<string>();

	private readonly pending = new Map<string, Pending>();

	constructor(
		private readonly limits: MemoryLimits,
		private readonly timing: Pick<Timing, 'monotonic' | 'pause'>,
	) {}

	/**
	 * Claims the key before anything else can run, so that of simultaneous copies exactly one is
	 * `first`. Never rejects.
	 *
	 * @param readAnswer tells how n8n's answer to this delivery stands; asked again whenever it matters
	 */
	async claim(key: string, readAnswer: () => AnswerState): Promise<Claim> {
		const deadline = this.timing.monotonic() + this.limits.patienceMs;
		for (;;) {
			this.resolve(key);
			if (this.stored.has(key)) return 'duplicate';
			const other = this.pending.get(key);
			if (other === undefined) return this.reserve(key, readAnswer) ? 'first' : 'full';
			const left = deadline - this.timing.monotonic();
			if (left <= 0) return 'undecided';
			await this.waitForChange(other, Math.min(left, CHECK_AGAIN_MS));
		}
	}

	/** Reads how a pending delivery was answered and remembers or releases it accordingly. Harmless at any time. */
	resolve(key: string): void {
		const entry = this.pending.get(key);
		if (entry === undefined) return;
		const answer = entry.readAnswer();
		const expired = this.timing.monotonic() - entry.since > this.limits.pendingMs;
		if (answer === 'pending' && !expired) return;
		if (answer === 'stored') this.remember(key);
		this.release(key);
	}

	/** Gives a claim back: this delivery starts nothing, a later one may. */
	release(key: string): void {
		this.pending.get(key)?.announce();
		this.pending.delete(key);
	}

	/** How many deliveries are held, for tests and logs. */
	get size(): { stored: number; pending: number } {
		return { stored: this.stored.size, pending: this.pending.size };
	}

	private reserve(key: string, readAnswer: () => AnswerState): boolean {
		if (this.pending.size >= this.limits.pending) {
			for (const other of [...this.pending.keys()]) this.resolve(other);
		}
		if (this.pending.size >= this.limits.pending) return false;
		let announce!: () => void;
		const changed = new Promise<void>((resolve) => {
			announce = resolve;
		});
		this.pending.set(key, { since: this.timing.monotonic(), readAnswer, changed, announce });
		return true;
	}

	private remember(key: string): void {
		this.stored.add(key);
		// A Set lists its values in the order they came.
		const [oldest] = this.stored;
		if (this.stored.size > this.limits.stored) this.stored.delete(oldest);
	}

	private async waitForChange(other: Pending, milliseconds: number): Promise<void> {
		const decided = new AbortController();
		await Promise.race([other.changed, this.timing.pause(milliseconds, decided.signal)]);
		decided.abort();
	}
}
