import { parseTask, type Task } from '../../../shared/api/task';
import { isRecord } from '../../../shared/values';

/**
 * The task an item carries, from the simplified form or from HiAPI's own, as the operations of this package put it out.
 *
 * @returns undefined when the item carries no task with this id, or one without outputs
 */
export function carriedTask(json: unknown, taskId: string): Task | undefined {
	if (!isRecord(json) || json.taskId !== taskId) return undefined;
	const { outputs, createdAt, completedAt } = json;
	const simplified = Array.isArray(outputs) && {
		created: createdAt,
		completed: completedAt,
		output: outputs.map((output: unknown) =>
			isRecord(output) ? { ...output, expireAt: output.expiresAt } : output,
		),
	};
	const task = parseTask({ ...json, ...simplified });
	return task !== undefined && task.outputs.length > 0 ? task : undefined;
}
