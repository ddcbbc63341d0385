import { LARGEST_PAGE, readTaskPages } from '../../../shared/api/pages';
import type { Task } from '../../../shared/api/task';
import type { ApiResult, TaskPage } from '../../../shared/api/tasks';

/** Which tasks are wanted. Times in Unix seconds; `createdAfter` is inclusive, `createdBefore` exclusive. */
export interface TaskFilter {
	statuses?: string[];
	model?: string;
	createdAfter?: number;
	createdBefore?: number;
}

/**
 * Whether a task is wanted. A model given without a route also matches its tasks on any route; `success` and `fail` also
 * match the other words for them.
 */
export function matchesFilter(task: Task, filter: TaskFilter): boolean {
	if (
		filter.statuses !== undefined &&
		!filter.statuses.includes(task.status) &&
		!filter.statuses.includes(task.state)
	)
		return false;
	if (
		filter.model !== undefined &&
		task.model !== filter.model &&
		!task.model.startsWith(`${filter.model}@`)
	)
		return false;
	if (filter.createdAfter !== undefined && (task.created ?? 0) < filter.createdAfter) return false;
	return filter.createdBefore === undefined || (task.created ?? 0) < filter.createdBefore;
}

/**
 * Reads pages until `limit` tasks match, the pages end, or no further task can match: the list is newest first
 * (docs.hiapi.ai/async-api/list), so a task older than `createdAfter` ends it. Tasks created meanwhile push known ones
 * onto the next page; they are returned once.
 *
 * @param readPage reads one page, counted from 1
 * @throws HiApiError when a page cannot be read
 */
export async function collectTasks(
	readPage: (page: number, size: number) => Promise<ApiResult<TaskPage>>,
	filter: TaskFilter,
	limit: number,
): Promise<Task[]> {
	const filtered = Object.values(filter).some((value) => value !== undefined);
	const size = filtered ? LARGEST_PAGE : Math.min(Math.ceil(limit), LARGEST_PAGE);
	const { createdAfter } = filter;
	const found = new Map<string, Task>();
	for await (const read of readTaskPages(readPage, { size })) {
		if (!read.ok) throw read.failure;
		const { tasks } = read.value;
		for (const task of tasks) {
			if (matchesFilter(task, filter) && !found.has(task.taskId)) found.set(task.taskId, task);
			if (found.size >= limit) return [...found.values()];
		}
		const isTooOld =
			createdAfter !== undefined &&
			tasks.some((task) => task.created !== null && task.created < createdAfter);
		if (isTooOld) break;
	}
	return [...found.values()];
}
