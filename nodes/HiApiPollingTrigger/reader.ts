import type { IExecuteFunctions, IPollFunctions } from 'n8n-workflow';

import { createClient } from '../shared/api/client';
import { getTask, listTasks } from '../shared/api/tasks';
import { systemClock } from '../shared/clock';
import type { PollReader } from './taskPoll';

const LONGEST_POLL_MS = 40_000;
// Of the time given, this share is for starting reads; the rest for the last one to come to its end.
const SHARE_FOR_STARTING = 0.7;

/** n8n since 2.41 says how long it waits for a poll before it gives it up. */
function timeForPoll(context: IPollFunctions | IExecuteFunctions): number {
	const given = (context as Partial<IPollFunctions>).getPollBudgetMs?.() ?? LONGEST_POLL_MS;
	return Math.min(given, LONGEST_POLL_MS);
}

/**
 * Reads from HiAPI within the time a poll has.
 *
 * @throws HiApiError when the credential's base URL cannot be used
 */
export async function createReader(
	context: IPollFunctions | IExecuteFunctions,
): Promise<PollReader> {
	const client = await createClient(context, systemClock);
	const milliseconds = timeForPoll(context);
	const deadlineMs = systemClock.monotonic() + milliseconds * SHARE_FOR_STARTING;
	const budget = { deadlineMs, signal: AbortSignal.timeout(milliseconds) };
	return {
		readPage: async (page, size) => await listTasks(client, page, size, budget),
		readTask: async (taskId) => await getTask(client, taskId, budget),
		isOver: () => systemClock.monotonic() >= deadlineMs,
	};
}
