import type { IDataObject } from 'n8n-workflow';

import { toErrorItem } from '../../../shared/errors/nodeError';
import { describeTaskFailure } from '../../../shared/errors/apiError';
import type { Task } from '../../../shared/api/task';
import type { PendingTask } from './suspensionState';
import { taskToJson } from '../items/taskItem';
import { withReference } from '../../parameters/reference';

/** The JSON of an item whose task has succeeded, the same as polling gives. */
export function resultOf(
	task: Task,
	{
		simplify,
		replayed,
		asksPersistent,
		reference,
		estimatedCostUsd,
	}: Pick<
		PendingTask,
		'simplify' | 'replayed' | 'asksPersistent' | 'reference' | 'estimatedCostUsd'
	>,
): IDataObject {
	return {
		...taskToJson(task, simplify),
		...(asksPersistent && task.storage !== undefined && { storage: task.storage }),
		...(replayed && { replayed }),
		...(reference !== undefined && { reference }),
		...(estimatedCostUsd !== undefined && { estimatedCostUsd }),
	};
}

/** The JSON of an item whose task has ended; a failed one is an error item, whatever the node's settings. */
export function endedJson(task: Task, pending: PendingTask): IDataObject {
	const { failure } = task;
	if (failure === undefined) return resultOf(task, pending);
	const { json } = toErrorItem(describeTaskFailure(task.taskId, failure.code, failure.message), 0);
	return withReference(json, pending.reference);
}
