import type { Timing } from '../clock';

// Servers of files pause for a few seconds at most; a minute without a byte is a dead connection.
const LONGEST_SILENCE_MS = 60_000;
const CHECK_EVERY_MS = 5_000;

/** Notices when the other side stays silent. Only time spent waiting for it counts, not the time our own disk takes. */
export class StallWatch {
	private readonly silence = new AbortController();
	private readonly closing = new AbortController();
	private waitingSince: number | undefined;

	constructor(private readonly timing: Timing) {
		void this.watch();
	}

	/** Aborts when the other side has been silent for a minute. */
	get signal(): AbortSignal {
		return this.silence.signal;
	}

	/** Waits for something from the other side. */
	async during<T>(answer: Promise<T>): Promise<T> {
		this.waitingSince = this.timing.monotonic();
		try {
			return await answer;
		} finally {
			this.waitingSince = undefined;
		}
	}

	close(): void {
		this.closing.abort();
	}

	private async watch(): Promise<void> {
		while (!this.closing.signal.aborted) {
			await this.timing.pause(CHECK_EVERY_MS, this.closing.signal);
			if (
				this.waitingSince !== undefined &&
				this.timing.monotonic() - this.waitingSince >= LONGEST_SILENCE_MS
			) {
				this.silence.abort();
				return;
			}
		}
	}
}
