import pWaitFor from 'p-wait-for';

/** Waits until something is so. Throws when it is not within the time, and says what did not come about. */
export async function until(
	what: () => boolean | Promise<boolean>,
	withinMilliseconds = 60_000,
): Promise<void> {
	await pWaitFor(what, {
		timeout: {
			milliseconds: withinMilliseconds,
			message: `Did not come about within ${withinMilliseconds} ms: ${what.toString()}`,
		},
	});
}
