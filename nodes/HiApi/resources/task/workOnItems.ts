import type { IExecuteFunctions, INodeExecutionData, NodeApiError, NodeOperationError } from 'n8n-workflow';

import { toErrorItem, toFailure, toNodeError } from '../../../shared/api/errors';
import type { HiApiFailure } from '../../../shared/api/failure';
import type { ApiResult } from '../../../shared/api/tasks';
import { runConcurrently } from '../../../shared/concurrency';
import { numberOption, optionsOf } from './parameters';

/** How an operation that buys tasks treats its items. */
export interface ItemWork<T> {
	/** Reads and checks one item's parameters; called for all items before any work starts. Throws HiApiFailure. */
	prepare(itemIndex: number): T;
	/** Does one item's work. `givenUp` aborts when another item's failure has ended the node. Must not reject. */
	work(prepared: T, givenUp: AbortSignal): Promise<ApiResult<INodeExecutionData>>;
	/** Tasks that are bought and not finished. */
	runningTaskIds(): string[];
}

/**
 * Checks all items, then works on them, several at a time, and returns one item per item in order. Without Continue On
 * Fail, bad input in any item stops the node before anything is bought, and a later failure ends waiting and further
 * purchases; what is bought already stays in the execution's memory, and the error names it.
 *
 * @throws NodeApiError or NodeOperationError naming the item
 */
export async function workOnItems<T>(context: IExecuteFunctions, { prepare, work, runningTaskIds }: ItemWork<T>): Promise<INodeExecutionData[]> {
	const goOn = context.continueOnFail();
	const givingUp = new AbortController();
	let first: { failure: HiApiFailure; itemIndex: number } | undefined;
	const note = (failure: HiApiFailure, itemIndex: number): INodeExecutionData => {
		first ??= { failure, itemIndex };
		if (!goOn) givingUp.abort();
		return toErrorItem(failure, itemIndex);
	};

	const checked = context.getInputData().map((_, itemIndex): { prepared: T } | { item: INodeExecutionData } => {
		try {
			return { prepared: prepare(itemIndex) };
		} catch (error) {
			return { item: note(toFailure(error), itemIndex) };
		}
	});
	const items = givingUp.signal.aborted
		? []
		: await runConcurrently(checked.length, concurrency(context), async (itemIndex) => {
				const entry = checked[itemIndex];
				if ('item' in entry) return entry.item;
				if (givingUp.signal.aborted) return undefined;
				const result = await work(entry.prepared, givingUp.signal);
				return result.ok ? result.value : note(result.failure, itemIndex);
			});
	if (first !== undefined && !goOn) throw endingError(context, first.failure, first.itemIndex, runningTaskIds());
	return items.filter((item) => item !== undefined);
}

function concurrency(context: IExecuteFunctions): number {
	return Math.floor(numberOption(optionsOf(context, 0), 'concurrency', 'Concurrency', 5, 1));
}

function endingError(
	context: IExecuteFunctions,
	failure: HiApiFailure,
	itemIndex: number,
	runningTaskIds: string[],
): NodeApiError | NodeOperationError {
	const error = toNodeError(context.getNode(), failure, itemIndex);
	const others = runningTaskIds.filter((taskId) => taskId !== failure.details.taskId);
	if (others.length > 0) {
		error.description = `${error.description ?? ''} Tasks of other items that were bought and go on at HiAPI: ${others.join(', ')}. Retry on this execution picks them up without buying again.`;
		error.context.runningTaskIds = others;
	}
	return error;
}
