import { readTaskPages } from '../../../shared/api/pages';
import type { Task } from '../../../shared/api/task';
import type { HiApiError } from '../../../shared/errors/apiError';
import type { TaskReader } from './taskReader';

/** A task to ask for. `createdMs`: when it was created as far as we know, in milliseconds since 1970. */
export interface PolledTask {
	taskId: string;
	createdMs: number;
}

/** How to search the account's list. */
export interface ListSearch {
	readPage: TaskReader['readPage'];
	/** Asked before each page; `false` ends the search. */
	mayRead: () => boolean | Promise<boolean>;
	mostPages?: number;
	/** Gets every task the list shows, asked for or not. */
	onTask: (task: Task) => void;
}

// How far HiAPI's clock and ours may differ before the list is read too short.
const CLOCK_DIFFERENCE_SECONDS = 120;

/**
 * Looks for tasks in the account's list, newest first and no further than the oldest of them. Never rejects.
 *
 * @returns the IDs that did not show up, how many pages were read, and why reading ended early
 */
export async function findInList(
	tasks: PolledTask[],
	{ readPage, mayRead, mostPages, onTask }: ListSearch,
): Promise<{ missing: Set<string>; pages: number; failure?: HiApiError }> {
	const missing = new Set(tasks.map(({ taskId }) => taskId));
	const oldest =
		Math.min(...tasks.map(({ createdMs }) => createdMs)) / 1000 - CLOCK_DIFFERENCE_SECONDS;
	let pages = 0;
	for await (const read of readTaskPages(readPage, { mayRead, mostPages })) {
		if (!read.ok) return { missing, pages, failure: read.failure };
		pages += 1;
		const { tasks: shown } = read.value;
		for (const task of shown) {
			missing.delete(task.taskId);
			onTask(task);
		}
		const isPastOldest = (shown.at(-1)?.created ?? Number.POSITIVE_INFINITY) < oldest;
		if (missing.size === 0 || isPastOldest) break;
	}
	return { missing, pages };
}
