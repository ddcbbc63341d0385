import type { HiApiClient } from '../../../shared/api/client';
import type { Task } from '../../../shared/api/task';
import { getTask, listTasks, type ApiResult, type TaskPage } from '../../../shared/api/tasks';

/** How tasks are read; every call is one request, without retries of its own. */
export interface TaskReader {
	readTask(taskId: string): Promise<ApiResult<Task>>;
	readPage(page: number, size: number): Promise<ApiResult<TaskPage>>;
	/** Ends reading; what is known by then is what was found. */
	signal?: AbortSignal;
}

// A poll that failed is made up for by the next one, not by retries below it.
const NO_RETRIES = 0;

/** Reads tasks with a client until the signal aborts. */
export function taskReader(client: HiApiClient, signal: AbortSignal): TaskReader {
	const budget = { deadlineMs: NO_RETRIES, signal };
	return {
		readTask: async (taskId) => await getTask(client, taskId, budget),
		readPage: async (page, size) => await listTasks(client, page, size, budget),
		signal,
	};
}
