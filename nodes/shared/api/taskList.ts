import type { Task } from './task';
import { LARGEST_PAGE, type TaskPage } from './tasks';

/** Which tasks are wanted. Times in Unix seconds; `createdAfter` is inclusive, `createdBefore` exclusive. */
export interface TaskFilter {
	statuses?: string[];
	model?: string;
	createdAfter?: number;
	createdBefore?: number;
}

/** Whether a task is wanted. A model given without a route also matches its tasks on any route. */
export function matchesFilter(task: Task, filter: TaskFilter): boolean {
	if (filter.statuses !== undefined && !filter.statuses.includes(task.status)) return false;
	if (filter.model !== undefined && task.model !== filter.model && !task.model.startsWith(`${filter.model}@`)) return false;
	if (filter.createdAfter !== undefined && (task.created ?? 0) < filter.createdAfter) return false;
	return filter.createdBefore === undefined || (task.created ?? 0) < filter.createdBefore;
}

/**
 * Reads pages until `limit` tasks match, the pages end, or no further task can match: the list is newest first
 * (docs.hiapi.ai/async-api/list), so a task older than `createdAfter` ends it. Tasks created meanwhile push known ones
 * onto the next page; they are returned once.
 *
 * @param readPage gives one page; what it throws is passed on
 */
export async function collectTasks(
	readPage: (page: number, size: number) => Promise<TaskPage>,
	filter: TaskFilter,
	limit: number,
): Promise<Task[]> {
	const filtered = Object.values(filter).some((value) => value !== undefined);
	const size = filtered ? LARGEST_PAGE : Math.min(limit, LARGEST_PAGE);
	const found = new Map<string, Task>();
	for (let page = 1; ; page++) {
		const { tasks, total, entries } = await readPage(page, size);
		for (const task of tasks) {
			if (matchesFilter(task, filter) && !found.has(task.taskId)) found.set(task.taskId, task);
			if (found.size >= limit) return [...found.values()];
		}
		const { createdAfter } = filter;
		const tooOld = createdAfter !== undefined && tasks.some((task) => task.created !== null && task.created < createdAfter);
		const atEnd = entries < size || (total !== undefined && page * size >= total);
		if (tooOld || atEnd) return [...found.values()];
	}
}
