import type { Task } from '../shared/api/task';

/**
 * Tasks that are not too old to start a workflow, and how many are. A task's age counts from its end; one without a
 * time of its own is never too old.
 *
 * @param maximumSeconds Infinity for no limit
 * @param nowSeconds Unix seconds
 */
export function withinAge(
	tasks: Task[],
	maximumSeconds: number,
	nowSeconds: number,
): { recent: Task[]; tooOld: number } {
	const recent = tasks.filter(
		({ completed, created }) => nowSeconds - (completed ?? created ?? nowSeconds) <= maximumSeconds,
	);
	return { recent, tooOld: tasks.length - recent.length };
}
