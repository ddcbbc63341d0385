import { sleep } from 'n8n-workflow';

/** Everything that depends on the real world's clock and dice, so that logic can be tested without them. */
export interface Timing {
	/** Current time in milliseconds since 1970. */
	now(): number;
	/** A number from 0 (inclusive) to 1 (exclusive). */
	random(): number;
	/** Waits for the given milliseconds, or until the signal aborts, whichever comes first. Never rejects. */
	pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

// n8n hosts before 2.34 ignore the signal of sleep(): short slices keep a stop within a second there too.
const LONGEST_SLICE_MS = 500;

async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
	const end = Date.now() + milliseconds;
	while (!signal?.aborted) {
		const left = end - Date.now();
		if (left <= 0) return;
		await (sleep(Math.min(left, LONGEST_SLICE_MS), signal) as Promise<void>).catch(() => undefined);
	}
}

/** The real clock, Math.random and n8n's sleep. */
export const systemClock: Timing = {
	now: () => Date.now(),
	random: () => Math.random(),
	pause,
};
