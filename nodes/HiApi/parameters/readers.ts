import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { HiApiError } from '../../shared/errors/apiError';
import { numberOption } from '../../shared/numberOption';
import { toNumber, trimmedOrUndefined } from '../../shared/values';

export { numberOption };

/** The user's entries under Options, as n8n hands them over. */
export function optionsOf(context: IExecuteFunctions, itemIndex: number): IDataObject {
	return context.getNodeParameter('options', itemIndex, {});
}

/**
 * A text parameter, trimmed; numbers count as text, since an expression may well give a numeric id.
 *
 * @throws HiApiError when it is empty
 */
export function requiredText(
	context: IExecuteFunctions,
	name: string,
	label: string,
	itemIndex: number,
	advice: string,
): string {
	const value: unknown = context.getNodeParameter(name, itemIndex, '', { extractValue: true });
	const text = typeof value === 'number' ? String(value) : trimmedOrUndefined(value);
	if (text === undefined) throw new HiApiError(`'${label}' is empty`, advice);
	return text;
}

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
		leastIntervalMs:
			numberOption(options, 'pollInterval', 'Polling Interval (Seconds)', 0, { least: 0 }) * 1000,
		timeoutMs: numberOption(options, 'timeout', 'Timeout (Minutes)', 30, { above: 0 }) * 60_000,
		outputUnfinished: options.onTimeout === 'output',
		simplify: context.getNodeParameter('simplify', itemIndex, true) as boolean,
	};
}

/** How many failed tasks may be replaced for an item. @throws HiApiError when it is not 0 to 3 */
export function readMostRetries(context: IExecuteFunctions, itemIndex: number): number {
	return Math.floor(
		numberOption(optionsOf(context, itemIndex), 'retryFailedTasks', 'Retry Failed Tasks', 0, {
			least: 0,
			most: 3,
		}),
	);
}

/** How many tasks are submitted at the same time. @throws HiApiError when it is below 1 */
export function readConcurrency(context: IExecuteFunctions): number {
	if (context.getInputData().length === 0) return 1;
	return Math.floor(
		numberOption(optionsOf(context, 0), 'concurrency', 'Concurrency', 5, { least: 1 }),
	);
}

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
	const most = numberOption(optionsOf(context, 0), 'maximumTasks', 'Maximum Tasks', 100, {
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

/**
 * What all items of a run may cost together, in US dollars; undefined without the option Maximum Cost (USD).
 *
 * @throws HiApiError when it is no number above 0: an expression that finds nothing must not lift the limit
 */
export function readMaximumCost(context: IExecuteFunctions): number | undefined {
	if (context.getInputData().length === 0) return undefined;
	const options = optionsOf(context, 0);
	if (!Object.hasOwn(options, 'maximumCost')) return undefined;
	const value = options.maximumCost;
	const usd = typeof value === 'string' && value.trim() === '' ? NaN : toNumber(value);
	if (Number.isFinite(usd) && usd > 0) return usd;
	throw new HiApiError(
		"'Maximum Cost (USD)' is not a number greater than 0",
		'No task was created and nothing was charged. Correct it under Options, or remove the option to buy without a limit.',
	);
}

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

/** An object parameter such as Input: n8n hands over text, an object, or whatever an expression gave. */
export function rawParameter(context: IExecuteFunctions, name: string, itemIndex: number): unknown {
	return context.getNodeParameter(name, itemIndex, undefined) as unknown;
}
