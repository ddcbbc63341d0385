import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { createClient } from '../../../shared/api/client';
import { getTask } from '../../../shared/api/tasks';
import { simplifyField } from '../../../shared/simplifyField';
import { systemClock } from '../../../shared/clock';
import { forEachItem } from '../forEachItem';
import { taskToJson, toItem } from '../../generation/items/taskItem';
import { readTaskId, taskIdOfItemField } from '../../parameters/taskId';

const READ_BUDGET_MS = 60_000;

export const getFields: INodeProperties[] = [taskIdOfItemField, simplifyField];

/** Task → Get: one task as it stands now. */
export async function get(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const client = await createClient(context, systemClock);
	return await forEachItem(context, async (itemIndex) => {
		const taskId = readTaskId(context, itemIndex);
		const result = await getTask(client, taskId, {
			deadlineMs: systemClock.monotonic() + READ_BUDGET_MS,
			signal: context.getExecutionCancelSignal(),
		});
		if (!result.ok) throw result.failure;
		const simplify = context.getNodeParameter('simplify', itemIndex, true) as boolean;
		return [toItem(taskToJson(result.value, simplify), itemIndex)];
	});
}
