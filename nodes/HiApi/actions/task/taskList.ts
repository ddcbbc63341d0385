import type { Task } from '../../../shared/api/task';
import { LARGEST_PAGE, type TaskPage } from '../../../shared/api/tasks';

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

// A server that ignores `page` would otherwise be asked for ever. A few repetitions can be new tasks pushing known ones on,
// a full page of them between two reads.
const MOST_REPETITIONS = 8;

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
	const size = filtered ? LARGEST_PAGE : Math.min(Math.ceil(limit), LARGEST_PAGE);
	const found = new Map<string, Task>();
	let entriesRead = 0;
	let previous = '';
	for (let page = 1, repetitions = 0; ; page++) {
		const { tasks, total, entries } = await readPage(page, size);
		for (const task of tasks) {
			if (matchesFilter(task, filter) && !found.has(task.taskId)) found.set(task.taskId, task);
			if (found.size >= limit) return [...found.values()];
		}
		const { createdAfter } = filter;
		const tooOld =
			createdAfter !== undefined &&
			tasks.some((task) => task.created !== null && task.created < createdAfter);
		entriesRead += entries;
		const atEnd = entries === 0 || (total === undefined ? entries < size : entriesRead >= total);
		const ids = tasks.map((task) => task.taskId).join();
		repetitions = ids === previous ? repetitions + 1 : 0;
		previous = ids;
		if (tooOld || atEnd || repetitions >= MOST_REPETITIONS) return [...found.values()];
	}
}
