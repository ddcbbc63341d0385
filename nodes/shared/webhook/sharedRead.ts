interface Read<T> {
	startedMs: number;
	value: Promise<T>;
	ended: boolean;
	/** The read that starts when this one has ended, once somebody asked for one. */
	next?: Promise<T>;
}

/**
 * Lets many callers share slow reads of the same thing. Made for n8n's credentials: reading one in a webhook starts a
 * JavaScript sandbox, which costs about half as much as a whole small execution.
 */
export class SharedRead<T> {
	private readonly reads = new Map<string, Read<T>>();

	/**
	 * @param now current time in milliseconds
	 * @param limit how many keys are kept; the oldest are dropped first
	 */
	constructor(
		private readonly now: () => number,
		private readonly limit: number,
	) {}

	/** A value read at most `maxAgeMs` milliseconds ago. Rejects with what reading rejects with, which is not kept. */
	async recent(key: string, maxAgeMs: number, read: () => Promise<T>): Promise<T> {
		const known = this.reads.get(key);
		const isRecent = known !== undefined && this.now() - known.startedMs <= maxAgeMs;
		return await (isRecent ? known.value : this.start(key, read));
	}

	/**
	 * A value whose reading starts after this call. However many ask during one read, they share the one after it, so
	 * that a flood of requests does not become a flood of reads.
	 */
	async fresh(key: string, read: () => Promise<T>): Promise<T> {
		const known = this.reads.get(key);
		if (known === undefined || known.ended) return await this.start(key, read);
		known.next ??= known.value.then(
			async () => await this.start(key, read),
			async () => await this.start(key, read),
		);
		return await known.next;
	}

	private async start(key: string, read: () => Promise<T>): Promise<T> {
		const started: Read<T> = { startedMs: this.now(), value: read(), ended: false };
		this.reads.delete(key);
		this.reads.set(key, started);
		const [oldest] = this.reads.keys();
		if (this.reads.size > this.limit) this.reads.delete(oldest);
		started.value.then(
			() => {
				started.ended = true;
			},
			() => {
				started.ended = true;
				if (this.reads.get(key) === started) this.reads.delete(key);
			},
		);
		return await started.value;
	}
}
