import type { HiApiClient } from '../../../shared/api/client';
import type { Task } from '../../../shared/api/task';
import {
	getTask,
	LARGEST_PAGE,
	listTasks,
	type ApiResult,
	type TaskPage,
} from '../../../shared/api/tasks';
import { Semaphore } from '../../../shared/semaphore';

/** How tasks are read; every call is one request, without retries of its own. */
export interface TaskReader {
	readTask(taskId: string): Promise<ApiResult<Task>>;
	readPage(page: number, size: number): Promise<ApiResult<TaskPage>>;
	/** Ends reading; what is known by then is what was found. */
	signal?: AbortSignal;
}

/** A task to ask for. `createdMs`: when it was created as far as we know, in milliseconds since 1970. */
export interface PolledTask {
	taskId: string;
	createdMs: number;
}

// Up to this many are read one by one: as cheap as a page, and never behind as a list may be.
const FEW = 3;
// An account whose newest thousand tasks are younger than ours is asked for ours by name.
const MOST_PAGES = 10;
const MOST_SINGLES = 20;
const SINGLES_AT_ONCE = 5;
// How far HiAPI's clock and ours may differ before the list is read too short.
const CLOCK_DIFFERENCE_SECONDS = 120;
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

/**
 * Polls tasks once: from the list when they are many, one by one when they are few or the list does not show them.
 * Whatever the list calls running is asked for by name when little of it is left, because a list that is a few seconds
 * behind would otherwise hide that the last task has ended. Never rejects; what could not be read is missing.
 */
export async function pollOnce(
	tasks: PolledTask[],
	reader: TaskReader,
): Promise<Map<string, Task>> {
	const known = new Map<string, Task>();
	const take = (task: Task) => known.set(task.taskId, task);
	if (tasks.length > FEW) await readFromList(tasks, reader, take);
	const running = tasks.filter(
		({ taskId }) => (known.get(taskId)?.state ?? 'running') === 'running',
	);
	const unseen = running.filter(({ taskId }) => !known.has(taskId));
	const single = running.length <= FEW ? running : unseen.slice(0, MOST_SINGLES);
	const semaphore = new Semaphore(SINGLES_AT_ONCE);
	await Promise.all(
		single.map(async ({ taskId }) => {
			await semaphore.run(async () => {
				if (reader.signal?.aborted) return;
				const result = await reader.readTask(taskId);
				if (result.ok && result.value.taskId === taskId) known.set(taskId, result.value);
			});
		}),
	);
	return known;
}

/** Reads the list newest first and no further than the oldest of the tasks asked for. `onTask` gets what it shows of them. */
async function readFromList(
	tasks: PolledTask[],
	reader: TaskReader,
	onTask: (task: Task) => void,
): Promise<void> {
	const missing = new Set(tasks.map(({ taskId }) => taskId));
	const oldest =
		Math.min(...tasks.map(({ createdMs }) => createdMs)) / 1000 - CLOCK_DIFFERENCE_SECONDS;
	for (let page = 1; page <= MOST_PAGES && missing.size > 0 && !reader.signal?.aborted; page++) {
		const result = await reader.readPage(page, LARGEST_PAGE);
		if (!result.ok) return;
		const { tasks: shown, entries } = result.value;
		for (const task of shown) if (missing.delete(task.taskId)) onTask(task);
		const isPastOldest = (shown.at(-1)?.created ?? Number.POSITIVE_INFINITY) < oldest;
		if (entries < LARGEST_PAGE || isPastOldest) return;
	}
}
