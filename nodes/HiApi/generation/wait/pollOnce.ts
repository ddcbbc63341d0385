import type { Task } from '../../../shared/api/task';
import { Semaphore } from '../../../shared/semaphore';
import { findInList, type PolledTask } from './findInList';
import type { TaskReader } from './taskReader';

// Up to this many are read one by one: as cheap as a page, and never behind as a list may be.
const FEW = 3;
// An account whose newest thousand tasks are younger than ours is asked for ours by name.
const MOST_PAGES = 10;
const MOST_SINGLES = 20;
const SINGLES_AT_ONCE = 5;

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
	const wanted = new Set(tasks.map(({ taskId }) => taskId));
	if (tasks.length > FEW)
		await findInList(tasks, {
			readPage: async (page, size) => await reader.readPage(page, size),
			mayRead: () => reader.signal?.aborted !== true,
			mostPages: MOST_PAGES,
			onTask: (task) => {
				if (wanted.has(task.taskId) && !known.has(task.taskId)) known.set(task.taskId, task);
			},
		});
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
