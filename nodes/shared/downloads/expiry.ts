import type { Task, TaskOutput } from '../api/task';

// A link that has just been made may not be known everywhere yet; HiAPI's own client tries again after 2 s.
const FRESH_MS = 10 * 60_000;

/** Whether the time HiAPI gave for a link has passed. Without such a time nobody knows, so it has not. */
export function isExpired(output: Pick<TaskOutput, 'expiresAt'>, nowMs: number): boolean {
	return output.expiresAt !== null && Date.parse(output.expiresAt) <= nowMs;
}

/** Whether a missing file may just not have arrived yet: its task ended a moment ago, or HiAPI did not say when. */
export function isFresh(task: Pick<Task, 'completed'>, nowMs: number): boolean {
	return task.completed === null || nowMs - task.completed * 1000 < FRESH_MS;
}
