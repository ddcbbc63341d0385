import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again and again until something has come about; throws an Error with the description when time runs out. */
export async function until(
	what: () => boolean | Promise<boolean>,
	description: string,
	withinMilliseconds = 120_000,
	everyMilliseconds = 50,
): Promise<void> {
	const deadline = Date.now() + withinMilliseconds;
	while (!(await what())) {
		if (Date.now() > deadline)
			throw new Error(`Did not come about within ${withinMilliseconds / 1000} s: ${description}`);
		await sleep(everyMilliseconds);
	}
}
