import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something is so. Throws when it is not within the time, and says what did not come about. */
export async function until(
	what: () => boolean | Promise<boolean>,
	withinMilliseconds = 30_000,
): Promise<void> {
	const deadline = Date.now() + withinMilliseconds;
	while (!(await what())) {
		if (Date.now() > deadline)
			throw new Error(`Did not come about within ${withinMilliseconds} ms: ${what.toString()}`);
		await sleep(20);
	}
}
