import type { Timing } from '../clock';

interface Read<T> {
	startedMs: number;
	value: Promise<T>;
	/** The read that starts next, once somebody asked for one. */
	next?: Promise<T>;
	/** Whether `anew` started it. */
	anew?: boolean;
}

/**
 * Lets many callers share slow reads of the same thing. Made for n8n's credentials: reading one in a webhook starts a
 * JavaScript sandbox, which costs about half as much as a whole small execution.
 */
export class CachedRead<T> {
	private readonly reads = new Map<string, Read<T>>();

	/**
	 * @param limit how many keys are kept; the oldest are dropped first
	 * @param gapMs least time between the starts of two fresh reads of the same key, and of two reads anew
	 */
	constructor(
		private readonly timing: Pick<Timing, 'monotonic' | 'pause'>,
		private readonly limit: number,
		private readonly gapMs: number,
	) {}

	/**
	 * A value read at most `maxAgeMs` milliseconds ago, and whether its reading started with this call. Rejects with
	 * what reading rejects with, which is not kept.
	 */
	async recent(
		key: string,
		maxAgeMs: number,
		read: () => Promise<T>,
	): Promise<{ value: T; isNew: boolean }> {
		const known = this.reads.get(key);
		const isRecent = known !== undefined && this.timing.monotonic() - known.startedMs <= maxAgeMs;
		return { value: await (isRecent ? known.value : this.start(key, read)), isNew: !isRecent };
	}

	/**
	 * A value whose reading starts after this call. However many ask before it starts, they share it, so that a flood
	 * of requests does not become a flood of reads.
	 */
	async fresh(key: string, read: () => Promise<T>): Promise<T> {
		const known = this.reads.get(key);
		if (known === undefined) return await this.start(key, read);
		known.next ??= this.startAfter(known, key, read);
		return await known.next;
	}

	/**
	 * A value whose reading starts with this call, or started with another call of this method at most the gap ago. Waits for
	 * nothing but the read: for callers too many to be kept waiting for one of their own.
	 */
	async anew(key: string, read: () => Promise<T>): Promise<T> {
		const known = this.reads.get(key);
		const isNew = known?.anew === true && this.timing.monotonic() - known.startedMs <= this.gapMs;
		return await (isNew ? known.value : this.start(key, read, true));
	}

	private async startAfter(earlier: Read<T>, key: string, read: () => Promise<T>): Promise<T> {
		const wait = earlier.startedMs + this.gapMs - this.timing.monotonic();
		if (wait > 0) await this.timing.pause(wait);
		return await this.start(key, read);
	}

	private async start(key: string, read: () => Promise<T>, anew = false): Promise<T> {
		const started: Read<T> = { startedMs: this.timing.monotonic(), value: read(), anew };
		this.reads.delete(key);
		this.reads.set(key, started);
		const [oldest] = this.reads.keys();
		if (this.reads.size > this.limit) this.reads.delete(oldest);
		started.value.catch(() => {
			if (this.reads.get(key) === started) this.reads.delete(key);
		});
		return await started.value;
	}
}
