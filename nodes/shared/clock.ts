import { sleep } from 'n8n-workflow';

/** Everything that depends on the real world's clock and dice, so that logic can be tested without them. */
export interface Timing {
	/**
	 * What the machine's clock shows, in milliseconds since 1970. Somebody may set it, forwards or backwards: only for times
	 * that others have written or will read.
	 */
	now(): number;
	/**
	 * Milliseconds since some moment, passing evenly whatever the machine's clock shows: for how long something takes or may
	 * take. Never to be compared with `now`.
	 */
	monotonic(): number;
	/** A number from 0 (inclusive) to 1 (exclusive). */
	random(): number;
	/** Waits for the given milliseconds, or until the signal aborts, whichever comes first. Never rejects. */
	pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

// n8n hosts before 2.34 ignore the signal of sleep(): short slices keep a stop within a second there too.
const LONGEST_SLICE_MS = 500;

async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
	const end = performance.now() + milliseconds;
	while (!signal?.aborted) {
		const left = end - performance.now();
		if (left <= 0) return;
		await (sleep(Math.min(left, LONGEST_SLICE_MS), signal) as Promise<void>).catch(() => undefined);
	}
}

/** The real clock, Math.random and n8n's sleep. */
export const systemClock: Timing = {
	now: () => Date.now(),
	monotonic: () => performance.now(),
	random: () => Math.random(),
	pause,
};
