import { lock } from 'proper-lockfile';

/** A holder that has not renewed its lock for this long has ended. */
const STALE_MILLISECONDS = 20_000;
const RENEWED_EVERY_MILLISECONDS = 4_000;
const RETRY_MILLISECONDS = 1_000;
const TELL_EVERY_SECONDS = 30;

/**
 * Runs `work` while holding the lock folder `<path>.lock`, so that only one process on this machine runs it at a time.
 * The lock of a process that was killed is taken over after 20 seconds. `onWait` is told every 30 seconds.
 */
export async function withLock<T>(
	path: string,
	onWait: (waitedSeconds: number) => void,
	work: () => Promise<T>,
): Promise<T> {
	const started = Date.now();
	const waiting = setInterval(
		() => onWait(Math.round((Date.now() - started) / 1000)),
		TELL_EVERY_SECONDS * 1000,
	);
	let release: () => Promise<void>;
	try {
		release = await lock(path, {
			realpath: false,
			stale: STALE_MILLISECONDS,
			update: RENEWED_EVERY_MILLISECONDS,
			retries: { forever: true, minTimeout: RETRY_MILLISECONDS, maxTimeout: RETRY_MILLISECONDS },
			// taken over by another process after this machine slept: ending the work in the middle would help nobody
			onCompromised: () => undefined,
		});
	} finally {
		clearInterval(waiting);
	}
	try {
		return await work();
	} finally {
		// fails only when another process has taken the lock over
		await release().catch(() => undefined);
	}
}
