import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { createClient } from '../../../shared/api/client';
import { fullTask, simplifyTask } from '../../../shared/api/task';
import { getTask } from '../../../shared/api/tasks';
import { systemTiming } from '../../../shared/timing';
import { simplifyField } from './fields';
import { forEachItem, toItem } from './items';
import { requiredText } from './parameters';

const READ_BUDGET_MS = 60_000;

export const taskIdField: INodeProperties = {
	displayName: 'Task',
	name: 'taskId',
	type: 'resourceLocator',
	default: { mode: 'id', value: '' },
	required: true,
	description: 'The task to read',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a task...',
			typeOptions: { searchListMethod: 'searchTasks', searchable: true },
		},
		{
			displayName: 'ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. tk-hiapi-01HZTQ8BX2N3GM3YFK4Z9D7VQR',
		},
	],
};

export const getFields: INodeProperties[] = [taskIdField, simplifyField];

/** Task → Get: one task as it stands now. */
export async function get(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const client = await createClient(context, systemTiming);
	return await forEachItem(context, async (itemIndex) => {
		const taskId = requiredText(context, 'taskId', 'Task', itemIndex, 'Enter the task ID that Create returned, or select a task from the list.');
		const result = await getTask(client, taskId, {
			deadlineMs: systemTiming.now() + READ_BUDGET_MS,
			signal: context.getExecutionCancelSignal(),
		});
		if (!result.ok) throw result.failure;
		const simplify = context.getNodeParameter('simplify', itemIndex, true) as boolean;
		return [toItem(simplify ? simplifyTask(result.value) : fullTask(result.value), itemIndex)];
	});
}
