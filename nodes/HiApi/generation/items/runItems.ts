import type {
	IExecuteFunctions,
	INodeExecutionData,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import { toErrorItem, toFailure, toNodeError } from '../../../shared/errors/nodeError';
import { HiApiError } from '../../../shared/errors/apiError';
import type { ApiResult } from '../../../shared/api/tasks';
import { toBeginAfterAll, toPickUpOthers, type WayOn } from '../../../shared/errors/wayOn';
import { addReference } from '../../parameters/reference';
import { wayOnOf } from '../../parameters/wayOn';

/** How an operation that works on all items at once treats them. */
export interface ItemRunner<T> {
	/** Reads and checks one item's parameters; called for all items before any work starts. Rejects with HiApiError. */
	prepare(itemIndex: number): Promise<T>;
	/** Looks at all items that could be read, before any work starts. What it throws ends the node. */
	check?(prepared: T[]): Promise<void>;
	/** Does one item's work. Must not reject. */
	work(prepared: T): Promise<ApiResult<INodeExecutionData>>;
	/** Called when an item's failure ends the node: whatever goes on for other items should end soon. */
	giveUp(): void;
	/** Tasks that are bought and not seen finished. */
	runningTaskIds(): string[];
	/** Tasks that were waited for and have finished. Absent where nothing is waited for. */
	finishedTaskIds?(): string[];
}

/** The failure that ends the node, and whose it is. */
export interface FirstFailure {
	failure: HiApiError;
	itemIndex: number;
}

/**
 * Checks all items, then works on all of them at once, and returns one item per item in order. Without Continue On Fail,
 * bad input in any item stops the node before anything is bought, and a later failure ends waiting and further
 * purchases; what is bought already stays in the execution's memory, and the error names it.
 *
 * @throws NodeApiError or NodeOperationError naming the item
 */
export async function runItems<T>(
	context: IExecuteFunctions,
	itemWork: ItemRunner<T>,
): Promise<INodeExecutionData[]> {
	const goOn = context.continueOnFail();
	let first: FirstFailure | undefined;
	const openItems: number[] = [];
	const note = (failure: HiApiError, itemIndex: number): INodeExecutionData => {
		first ??= { failure, itemIndex };
		if (failure.request?.outcomeUnknown === true && failure.details.taskId === undefined)
			openItems.push(itemIndex);
		if (!goOn) itemWork.giveUp();
		return toErrorItem(failure, itemIndex);
	};

	const prepared: Array<{ value: T } | { item: INodeExecutionData }> = [];
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		try {
			prepared.push({ value: await itemWork.prepare(itemIndex) });
		} catch (error) {
			prepared.push({ item: note(toFailure(error), itemIndex) });
		}
	}
	if (first !== undefined && !goOn) throw endingError(context, first, []);
	await itemWork.check?.(prepared.flatMap((entry) => ('value' in entry ? [entry.value] : [])));
	const items = await Promise.all(
		prepared.map(async (entry, itemIndex) => {
			if ('item' in entry) return entry.item;
			const result = await itemWork.work(entry.value);
			return result.ok ? result.value : note(result.failure, itemIndex);
		}),
	);
	const finished = itemWork.finishedTaskIds?.() ?? [];
	// n8n shows nothing of what a stopped node returns or throws.
	if (context.getExecutionCancelSignal?.()?.aborted)
		logTasks(context, itemWork.runningTaskIds(), finished, openItems);
	if (first !== undefined && !goOn)
		throw endingError(context, first, itemWork.runningTaskIds(), finished);
	return items.map((item, itemIndex) => addReference(context, item, itemIndex));
}

/** Leaves in n8n's log what a stopped run has bought. `openItems`: indexes of items of which nobody knows whether a task exists. */
function logTasks(
	context: IExecuteFunctions,
	running: string[],
	finished: string[],
	openItems: number[],
): void {
	const parts = [
		running.length > 0 && `these HiAPI tasks go on and are billed: ${running.join(', ')}`,
		finished.length > 0 && `these have finished: ${finished.join(', ')}`,
		openItems.length > 0 &&
			`it is not known whether HiAPI created a task for item ${openItems.join(', ')} ('Get Many' shows it)`,
	].filter((part) => part !== false);
	if (parts.length > 0) context.logger.warn(`Stopped; ${parts.join('; ')}`);
}

/** What an item gets whose work never began, because another item's failure or a stop came first. */
export function notStarted(wayOn: WayOn = 'retry'): HiApiError {
	return new HiApiError(
		'No task was created for this item',
		`The node had stopped before its turn came. ${toBeginAfterAll(wayOn)}`,
	);
}

/** The error that ends the node for one item's failure, naming the tasks of others that go on or whose results do not come out. */
export function endingError(
	context: IExecuteFunctions,
	first: FirstFailure,
	runningTaskIds: string[],
	finishedTaskIds: string[] = [],
): NodeApiError | NodeOperationError {
	const { failure, itemIndex } = first;
	const error = toNodeError(context.getNode(), failure, itemIndex);
	const ofOthers = (taskIds: string[]) =>
		taskIds.filter((taskId) => taskId !== failure.details.taskId);
	const running = ofOthers(runningTaskIds);
	const finished = ofOthers(finishedTaskIds);
	const sentences = [
		running.length > 0 &&
			`Tasks of other items that were bought and go on at HiAPI: ${running.join(', ')}.`,
		finished.length > 0 && `Tasks of other items that have finished: ${finished.join(', ')}.`,
	].filter((sentence) => sentence !== false);
	if (sentences.length > 0) {
		error.description = `${error.description ?? ''} ${sentences.join(' ')} ${toPickUpOthers(wayOnOf(context))}`;
		Object.assign(
			error.context,
			running.length > 0 && { runningTaskIds: running },
			finished.length > 0 && { finishedTaskIds: finished },
		);
	}
	return error;
}
