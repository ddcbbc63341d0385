import type { INodeProperties } from 'n8n-workflow';

/** Which ends of a task start a workflow; the same for every HiAPI trigger. */
export const triggerOnField: INodeProperties = {
	displayName: 'Trigger On',
	name: 'events',
	type: 'multiOptions',
	noDataExpression: true,
	required: true,
	default: ['task.success', 'task.fail'],
	description: 'The ends of a task that start the workflow',
	options: [
		{ name: 'Task Failed', value: 'task.fail', description: 'The task ended without a result; the output says why' },
		{ name: 'Task Succeeded', value: 'task.success', description: 'The task ended and its files are ready' },
	],
};
