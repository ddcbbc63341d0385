import type { HiApiClient } from '../api/client';
import type { HiApiFailure } from '../api/failure';
import { isOutcomeUnknown } from '../api/retryPolicy';
import type { Task } from '../api/task';
import { getTask } from '../api/tasks';
import type { Timing } from '../timing';

/** How to wait for one task. All times in milliseconds. */
export interface WaitOptions {
	intervalMs: number;
	/** When waiting ends, in milliseconds since 1970. */
	deadlineMs: number;
	signal?: AbortSignal;
	/** Told each time the task is seen in another status. */
	onStatus?(task: Task): void;
}

/** How waiting ended. A task that timed out, or whose waiting was stopped, goes on at HiAPI and is billed. */
export type WaitResult =
	| { kind: 'finished'; task: Task }
	| { kind: 'timedOut'; task?: Task }
	| { kind: 'stopped'; task?: Task }
	| { kind: 'failed'; failure: HiApiFailure };

// A task just created may not be readable at once everywhere; after this many looks it does not exist.
const MOST_NOT_FOUND = 4;

/**
 * Looks at a task at a fixed interval until it ends, the time is up or the signal aborts; the last look is at the
 * deadline itself. Replies that may pass (network loss, 5xx, rate limit) do not end the waiting: the task is paid for.
 */
export async function waitForTask(
	client: HiApiClient,
	timing: Timing,
	taskId: string,
	options: WaitOptions,
): Promise<WaitResult> {
	let seen: Task | undefined;
	let notFound = 0;
	for (;;) {
		const result = await getTask(client, taskId, { deadlineMs: options.deadlineMs, signal: options.signal });
		if (result.ok) {
			if (seen?.status !== result.value.status) options.onStatus?.(result.value);
			seen = result.value;
			if (seen.state !== 'running') return { kind: 'finished', task: seen };
		} else if (!options.signal?.aborted) {
			if (result.failure.request?.status === 404) notFound++;
			if (!mayPass(result.failure, notFound)) return { kind: 'failed', failure: result.failure };
		}
		if (options.signal?.aborted) return { kind: 'stopped', task: seen };
		const left = options.deadlineMs - timing.now();
		if (left <= 0) return { kind: 'timedOut', task: seen };
		await timing.pause(Math.max(0, Math.min(options.intervalMs, left)), options.signal);
	}
}

function mayPass(failure: HiApiFailure, notFound: number): boolean {
	const request = failure.request;
	if (request === undefined) return false;
	if (request.status === 404) return notFound < MOST_NOT_FOUND;
	return request.status === 429 || request.status === 503 || isOutcomeUnknown(request);
}
