import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { requiredText } from './readers';

/** Which existing task is meant. */
export const taskIdField: INodeProperties = {
	displayName: 'Task',
	name: 'taskId',
	type: 'resourceLocator',
	default: { mode: 'id', value: '' },
	required: true,
	description: 'The task, by the ID that Create or Run and Wait returned',
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
			placeholder: 'e.g. tk-hiapi-01HZTQ8BX2...',
		},
	],
};

/** The same for operations that mostly come after one that started the task. */
export const taskIdOfItemField: INodeProperties = {
	...taskIdField,
	default: { mode: 'id', value: '={{ $json.taskId }}' },
	description:
		'The task, by its ID. Items of the other operations and of the HiAPI triggers carry it as taskId.',
};

/** The id of an existing task. @throws HiApiError when it is empty */
export function readTaskId(context: IExecuteFunctions, itemIndex: number): string {
	return requiredText(
		context,
		'taskId',
		'Task',
		itemIndex,
		'Enter the task ID that Create or Run and Wait returned, or select a task from the list.',
	);
}
