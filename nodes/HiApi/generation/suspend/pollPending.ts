import type { Task } from '../../../shared/api/task';
import { LARGEST_PAGE, type ApiResult, type TaskPage } from '../../../shared/api/tasks';
import { Semaphore } from '../../../shared/semaphore';
import type { PendingTask } from './suspensionState';

/** How tasks are read; every call is one request, without retries of its own. */
export interface LookTools {
	readTask(taskId: string): Promise<ApiResult<Task>>;
	readPage(page: number, size: number): Promise<ApiResult<TaskPage>>;
	/** Ends the look; what is known by then is what it found. */
	signal?: AbortSignal;
}

// Up to this many are read one by one: as cheap as a page, and never behind as a list may be.
const FEW = 3;
// An account whose newest thousand tasks are younger than ours is asked for ours by name.
const MOST_PAGES = 10;
const MOST_SINGLES = 20;
const SINGLES_AT_ONCE = 5;
// How far HiAPI's clock and ours may differ before the list is read too short.
const CLOCK_DIFFERENCE_SECONDS = 120;

/**
 * Reads pending tasks once: from the list when they are many, one by one when they are few or the list does not show
 * them. Whatever the list calls running is asked for by name when little of it is left, because a list that is a few
 * seconds behind would otherwise hide that the last task has ended. Never rejects; what could not be read is missing.
 */
export async function lookAtTasks(
	pending: PendingTask[],
	tools: LookTools,
): Promise<Map<string, Task>> {
	const known = new Map<string, Task>();
	if (pending.length > FEW) await readFromList(pending, known, tools);
	const open = pending.filter(
		({ taskId }) => (known.get(taskId)?.state ?? 'running') === 'running',
	);
	const unseen = open.filter(({ taskId }) => !known.has(taskId));
	await readSingly(open.length <= FEW ? open : unseen.slice(0, MOST_SINGLES), known, tools);
	return known;
}

async function readFromList(
	pending: PendingTask[],
	known: Map<string, Task>,
	tools: LookTools,
): Promise<void> {
	const missing = new Set(pending.map(({ taskId }) => taskId));
	const oldest =
		Math.min(...pending.map(({ boughtMs }) => boughtMs)) / 1000 - CLOCK_DIFFERENCE_SECONDS;
	for (let page = 1; page <= MOST_PAGES && missing.size > 0 && !tools.signal?.aborted; page++) {
		const result = await tools.readPage(page, LARGEST_PAGE);
		if (!result.ok) return;
		const { tasks, entries } = result.value;
		for (const task of tasks) {
			if (missing.delete(task.taskId)) known.set(task.taskId, task);
		}
		if (entries < LARGEST_PAGE || (tasks.at(-1)?.created ?? Number.POSITIVE_INFINITY) < oldest)
			return;
	}
}

async function readSingly(
	tasks: PendingTask[],
	known: Map<string, Task>,
	tools: LookTools,
): Promise<void> {
	const gate = new Semaphore(SINGLES_AT_ONCE);
	await Promise.all(
		tasks.map(async ({ taskId }) => {
			await gate.run(async () => {
				if (tools.signal?.aborted) return;
				const result = await tools.readTask(taskId);
				if (result.ok && result.value.taskId === taskId) known.set(taskId, result.value);
			});
		}),
	);
}
