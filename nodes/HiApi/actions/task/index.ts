import type { INodeProperties } from 'n8n-workflow';

import { shownFor, type Resource } from '../operations';
import { create, createFields } from './create';
import { downloadOutputs, downloadOutputsFields } from './downloadOutputs';
import { estimateCost, estimateCostFields } from './estimateCost';
import { get, getFields } from './get';
import { getMany, getManyFields } from './getMany';
import { runAndWait, runAndWaitFields } from './runAndWait';
import { waitForCompletion, waitForCompletionFields } from './waitForCompletion';

const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: 'runAndWait',
	displayOptions: { show: { resource: ['task'] } },
	options: [
		{
			name: 'Create',
			value: 'create',
			action: 'Create task',
			description:
				'Start a task and return its ID at once. The result is not there yet: Wait for Completion or a HiAPI trigger gets it.',
		},
		{
			name: 'Download Outputs',
			value: 'downloadOutputs',
			action: 'Download outputs of task',
			description: 'Download the files of a finished task, before their links expire',
		},
		{
			name: 'Estimate Cost',
			value: 'estimateCost',
			action: 'Estimate cost of task',
			description: 'Tell what a task will cost before it is created, free of charge',
		},
		{
			name: 'Get',
			value: 'get',
			action: 'Get task',
			description: 'Read one task with its current status',
		},
		{
			name: 'Get Many',
			value: 'getAll',
			action: 'Get many tasks',
			description: 'List the tasks of the account, newest first',
		},
		{
			name: 'Run and Wait',
			value: 'runAndWait',
			action: 'Run task and wait',
			description: 'Start a task, wait until it has ended, and return the result',
		},
		{
			name: 'Wait for Completion',
			value: 'waitForCompletion',
			action: 'Wait for completion of task',
			description: 'Wait for a task that was started earlier, and return the result',
		},
	],
};

/** The resource Task: what HiAPI generates. */
export const taskResource: Resource = {
	operations: {
		create,
		downloadOutputs,
		estimateCost,
		get,
		getAll: getMany,
		runAndWait,
		waitForCompletion,
	},
	properties: [
		operationField,
		...shownFor('task', 'create', createFields),
		...shownFor('task', 'downloadOutputs', downloadOutputsFields),
		...shownFor('task', 'estimateCost', estimateCostFields),
		...shownFor('task', 'get', getFields),
		...shownFor('task', 'getAll', getManyFields),
		...shownFor('task', 'runAndWait', runAndWaitFields),
		...shownFor('task', 'waitForCompletion', waitForCompletionFields),
	],
};
