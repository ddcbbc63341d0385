import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { HiApiError } from '../../shared/errors/apiError';
import { readNumber } from '../../shared/readNumber';
import { toNumber } from '../../shared/values';
import { optionsOf } from './readers';

/** Entries of Options about what is created, and how. */
export const concurrencyOption: INodeProperties = {
	displayName: 'Concurrency',
	name: 'concurrency',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 50 },
	default: 5,
	description:
		'How many tasks are sent to HiAPI at the same time. Those that are only waited for do not count.',
};

/** How many tasks are submitted at the same time. @throws HiApiError when it is below 1 */
export function readConcurrency(context: IExecuteFunctions): number {
	if (context.getInputData().length === 0) return 1;
	return Math.floor(readNumber(concurrencyOption, optionsOf(context, 0), { least: 1 }));
}

export const idempotencyKeyOption: INodeProperties = {
	displayName: 'Idempotency Key',
	name: 'idempotencyKey',
	type: 'string',
	default: '',
	placeholder: 'e.g. row-42',
	description:
		'A text that identifies this task, for example a row ID. HiAPI makes one task per key within about 24 hours, however often the workflow runs. Without this option every item of every execution gets a key of its own.',
};

export const maximumCostOption: INodeProperties = {
	displayName: 'Maximum Cost (USD)',
	name: 'maximumCost',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 4 },
	default: 5,
	description:
		"What all items of a run may cost together by HiAPI's price list, retries of failed tasks included. Above it, or if a price is not known, the node stops before any task is created. Without this option there is no limit.",
};

/**
 * What all items of a run may cost together, in US dollars; undefined without the option Maximum Cost (USD).
 *
 * @throws HiApiError when it is no number above 0: an expression that finds nothing must not lift the limit
 */
export function readMaximumCost(context: IExecuteFunctions): number | undefined {
	if (context.getInputData().length === 0) return undefined;
	const options = optionsOf(context, 0);
	if (!Object.hasOwn(options, maximumCostOption.name)) return undefined;
	const value = options.maximumCost;
	const usd = typeof value === 'string' && value.trim() === '' ? NaN : toNumber(value);
	if (Number.isFinite(usd) && usd > 0) return usd;
	throw new HiApiError(
		"'Maximum Cost (USD)' is not a number greater than 0",
		'No task was created and nothing was charged. Correct it under Options, or remove the option to run without a limit.',
	);
}

export const maximumTasksOption: INodeProperties = {
	displayName: 'Maximum Tasks',
	name: 'maximumTasks',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 100,
	description:
		'With more items than this, the node stops before any task is created. 0 means no limit.',
};

/**
 * @param tasks how many tasks are wanted; one for each item when not given
 * @throws HiApiError when that is more than the option Maximum Tasks allows
 */
export function checkMaximumTasks(
	context: IExecuteFunctions,
	tasks = context.getInputData().length,
): void {
	const count = context.getInputData().length;
	if (count === 0) return;
	const most = readNumber(maximumTasksOption, optionsOf(context, 0), {
		least: 0,
	});
	if (most === 0 || tasks <= most) return;
	throw new HiApiError(
		tasks === count
			? `${count} items came in, and 'Maximum Tasks' allows ${most}`
			: `${tasks} tasks would be created for ${count} items, and 'Maximum Tasks' allows ${most}`,
		"No task was created and nothing was charged. If this many tasks are intended, add the option 'Maximum Tasks' and raise it; 0 means no limit.",
	);
}

export const retryFailedTasksOption: INodeProperties = {
	displayName: 'Retry Failed Tasks',
	name: 'retryFailedTasks',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 3 },
	default: 0,
	description:
		'How many times a task that failed for a temporary reason, such as a timeout at HiAPI, is replaced by a new one. Each new one is charged.',
};

/** How many failed tasks may be replaced for an item. @throws HiApiError when it is not 0 to 3 */
export function readMostRetries(context: IExecuteFunctions, itemIndex: number): number {
	return Math.floor(
		readNumber(retryFailedTasksOption, optionsOf(context, itemIndex), {
			least: 0,
			most: 3,
		}),
	);
}

export const storageOption: INodeProperties = {
	displayName: 'Storage',
	name: 'storage',
	type: 'options',
	default: 'temp',
	description: 'How long HiAPI keeps the files',
	options: [
		{
			name: 'Persistent',
			value: 'persistent',
			description: 'Kept until deleted; HiAPI charges for the space',
		},
		{ name: 'Temporary', value: 'temp', description: 'Kept for about a week, free of charge' },
	],
};

export const validateOption: INodeProperties = {
	displayName: 'Validate Before Sending',
	name: 'validate',
	type: 'boolean',
	default: true,
	description:
		'Whether to compare the input with the fields HiAPI publishes for the model before any task is created. Turn off if HiAPI accepts more than it publishes.',
};
