import type { HiApiClient } from '../../../shared/api/client';
import { getTask, listTasks } from '../../../shared/api/tasks';
import { lookAtTasks } from './pollPending';
import type { KnownTasks, PendingTask } from './suspensionState';

const NO_RETRIES = 0;

/** One look at how pending tasks stand. What cannot be read before the signal aborts is not in the result. */
export async function lookAtPending(
	client: HiApiClient,
	pending: PendingTask[],
	signal: AbortSignal,
): Promise<KnownTasks> {
	const budget = { deadlineMs: NO_RETRIES, signal };
	return await lookAtTasks(pending, {
		readTask: async (taskId) => await getTask(client, taskId, budget),
		readPage: async (page, size) => await listTasks(client, page, size, budget),
		signal,
	});
}
