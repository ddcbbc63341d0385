import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { readNumber } from '../../shared/readNumber';
import { optionsOf } from './readers';

/** Entries of Options about waiting in the running execution. */
export const pollIntervalOption: INodeProperties = {
	displayName: 'Polling Interval (Seconds)',
	name: 'pollInterval',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description:
		'The shortest time between two polls of a task. With 0 the node decides by the age of the task and by how long such tasks usually take.',
};

export const timeoutOption: INodeProperties = {
	displayName: 'Timeout (Minutes)',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 0.1 },
	default: 30,
	description:
		'How long to wait for a task. One that takes longer continues at HiAPI and is charged.',
};

export const onTimeoutOption: INodeProperties = {
	displayName: 'When Time Runs Out',
	name: 'onTimeout',
	type: 'options',
	default: 'fail',
	description: 'What happens to an item whose task is not finished in time',
	options: [
		{ name: 'Fail', value: 'fail', description: 'The item fails; the text names the task ID' },
		{
			name: 'Output Unfinished Task',
			value: 'output',
			description: "The item continues with the unfinished task and 'timedOut' set to true",
		},
	],
};

/** How to wait. Times in milliseconds. */
export interface WaitSettings {
	leastIntervalMs: number;
	timeoutMs: number;
	outputUnfinished: boolean;
	simplify: boolean;
}

/** @throws HiApiError when an option is out of range */
export function readWaitSettings(context: IExecuteFunctions, itemIndex: number): WaitSettings {
	const options = optionsOf(context, itemIndex);
	return {
		leastIntervalMs: readNumber(pollIntervalOption, options, { least: 0 }) * 1000,
		timeoutMs: readNumber(timeoutOption, options, { above: 0 }) * 60_000,
		outputUnfinished: options.onTimeout === 'output',
		simplify: context.getNodeParameter('simplify', itemIndex, true) as boolean,
	};
}
