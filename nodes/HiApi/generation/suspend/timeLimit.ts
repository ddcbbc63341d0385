import { HiApiError } from '../../../shared/errors/apiError';

// n8n checks suspended executions once a minute, and what follows the node needs time too.
const RESERVED_MS = 2 * 60_000;
const LEAST_MS = 60_000;

const minutes = (milliseconds: number) => Math.round(milliseconds / 6_000) / 10;

/**
 * How long an execution may be suspended, in milliseconds.
 *
 * @param wantedMs what the user allows
 * @param endsAtMs when n8n ends the execution; undefined for never
 * @param pollFirstMs how long the node polls its tasks before it suspends the execution
 * @returns a HiApiError when there is no time to wait at all
 */
export function allowedSuspension(
	wantedMs: number,
	endsAtMs: number | undefined,
	nowMs: number,
	pollFirstMs: number,
): number | HiApiError {
	if (endsAtMs === undefined) return wantedMs;
	const allowedMs = Math.min(wantedMs, latestEnd(endsAtMs) - nowMs - pollFirstMs);
	if (allowedMs >= Math.min(wantedMs, LEAST_MS)) return allowedMs;
	return new HiApiError(
		`'Suspend at Most (Minutes)' is ${minutes(wantedMs)}, and n8n ends this execution in ${minutes(endsAtMs - nowMs)} minutes`,
		"No task was created and nothing was charged. Raise the time limit in the workflow's settings, or EXECUTIONS_TIMEOUT of this n8n; 2 minutes of it are kept for what follows the node.",
	);
}

/** When a suspended execution has to go on so that something is left for what follows; Infinity when n8n never ends it. */
export function latestEnd(endsAtMs: number | undefined): number {
	return endsAtMs === undefined ? Infinity : endsAtMs - RESERVED_MS;
}

/** What to tell when the wait had to be made shorter; undefined when it did not. */
export function shorterWait(wantedMs: number, allowedMs: number): string | undefined {
	return allowedMs >= wantedMs
		? undefined
		: `Suspended for at most ${minutes(allowedMs)} minutes instead of ${minutes(wantedMs)}, because n8n ends the execution soon after.`;
}
