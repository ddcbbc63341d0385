import type { INodeExecutionData, NodeApiError, NodeOperationError } from 'n8n-workflow';

import { toErrorItem, toFailure, toNodeError } from '../../../shared/errors/nodeError';
import { HiApiError } from '../../../shared/errors/apiError';
import type { ApiResult } from '../../../shared/api/tasks';
import { toBeginAfterAll, toPickUpOthers, type WayOn } from '../../../shared/errors/wayOn';
import { addInputToFailure } from '../../parameters/includeInput';
import { addReference } from '../../parameters/reference';
import type { RunPorts, RunSettings } from '../ports/ports';

/** One output item, with the job it comes from; without one where an item's parameters were bad. */
export interface Output<T> {
	item: INodeExecutionData;
	job?: T;
}

/** How an operation that works on all items at once treats them. */
export interface ItemRunner<T extends { itemIndex: number }> {
	/**
	 * Reads and checks one item's parameters, and says what is to be done for it: one output item for each entry. Called for
	 * all items before any work starts. Rejects with HiApiError.
	 */
	prepare(itemIndex: number): Promise<T[]>;
	/** Called once between reading and working: everything is checked, nothing is created. Rejects with HiApiError to end the node. */
	check?(jobs: T[]): Promise<void>;
	/** Does one job. Must not reject. */
	work(job: T): Promise<ApiResult<INodeExecutionData>>;
	/** Makes the node's items of all outputs, in order; the items as they are when absent. */
	finish?(outputs: Array<Output<T>>): Promise<INodeExecutionData[]>;
	/** Called when an item's failure ends the node: whatever goes on for other items should end soon. */
	giveUp(): void;
	/** Tasks that are created and not seen finished. */
	runningTaskIds(): string[];
	/** Tasks that were waited for and have finished. Absent where nothing is waited for. */
	finishedTaskIds?(): string[];
}

/** The failure that ends the node, and whose it is. */
interface FirstFailure {
	failure: HiApiError;
	itemIndex: number;
}

export type ItemsSettings = Pick<RunSettings, 'itemCount' | 'continueOnFail' | 'node' | 'wayOn'>;
export type ItemsPorts = Pick<RunPorts, 'stopped' | 'log' | 'referenceOf' | 'inputFieldsOf'>;

/**
 * Checks all items, then works on all of them at once, and returns their items in order. Without Continue On Fail, bad
 * input in any item stops the node before anything is created, and a later failure ends waiting and creating; what
 * is created already stays in the execution's memory, and the error names it.
 *
 * @throws NodeApiError or NodeOperationError naming the item, and what `check` rejects with
 */
export async function runItems<T extends { itemIndex: number }>(
	settings: ItemsSettings,
	ports: ItemsPorts,
	runner: ItemRunner<T>,
): Promise<INodeExecutionData[]> {
	const { continueOnFail } = settings;
	let first: FirstFailure | undefined;
	const unknownItems: number[] = [];
	const note = (failure: HiApiError, itemIndex: number): INodeExecutionData => {
		first ??= { failure, itemIndex };
		if (failure.request?.outcomeUnknown === true && failure.details.taskId === undefined)
			unknownItems.push(itemIndex);
		if (!continueOnFail) runner.giveUp();
		return toErrorItem(failure, itemIndex);
	};

	const prepared: Array<{ job: T } | { item: INodeExecutionData; itemIndex: number }> = [];
	for (let itemIndex = 0; itemIndex < settings.itemCount; itemIndex++) {
		try {
			prepared.push(...(await runner.prepare(itemIndex)).map((job) => ({ job })));
		} catch (error) {
			prepared.push({ item: note(toFailure(error), itemIndex), itemIndex });
		}
	}
	if (first !== undefined && !continueOnFail) throw batchError(settings, first, []);
	await runner.check?.(prepared.flatMap((entry) => ('job' in entry ? [entry.job] : [])));
	const outputs = await Promise.all(
		prepared.map(async (entry): Promise<Output<T>> => {
			if ('item' in entry) return { item: withItsOwn(entry.item, entry.itemIndex, ports) };
			const { job } = entry;
			const result = await runner.work(job);
			const item = result.ok ? result.value : note(result.failure, job.itemIndex);
			return { job, item: withItsOwn(item, job.itemIndex, ports) };
		}),
	);
	const finished = runner.finishedTaskIds?.() ?? [];
	// n8n shows nothing of what a stopped node returns or throws.
	if (ports.stopped?.aborted) logTasks(ports, runner.runningTaskIds(), finished, unknownItems);
	if (first !== undefined && !continueOnFail)
		throw batchError(settings, first, runner.runningTaskIds(), finished);
	return runner.finish === undefined
		? outputs.map(({ item }) => item)
		: await runner.finish(outputs);
}

/**
 * An item with what the user wants to find in it. Added before a suspended run is stored: its last callback brings nothing
 * of the incoming items back.
 */
function withItsOwn(
	item: INodeExecutionData,
	itemIndex: number,
	ports: ItemsPorts,
): INodeExecutionData {
	const json = addInputToFailure(item.json, ports.inputFieldsOf?.(itemIndex));
	return addReference({ ...item, json }, ports.referenceOf(itemIndex));
}

/** Leaves in n8n's log what a stopped run has created. `unknownItems`: indexes of items of which nobody knows whether a task exists. */
function logTasks(
	{ log }: ItemsPorts,
	running: string[],
	finished: string[],
	unknownItems: number[],
): void {
	const parts = [
		running.length > 0 && `these HiAPI tasks go on and are billed: ${running.join(', ')}`,
		finished.length > 0 && `these have finished: ${finished.join(', ')}`,
		unknownItems.length > 0 &&
			`it is not known whether HiAPI created a task for item ${unknownItems.join(', ')} ('Get Many' shows it)`,
	].filter((part) => part !== false);
	if (parts.length > 0) log.warn(`Stopped; ${parts.join('; ')}`);
}

/** What an item gets whose work never began, because another item's failure or a stop came first. */
export function notStarted(wayOn: WayOn = 'retry'): HiApiError {
	return new HiApiError(
		'No task was created for this item',
		`The node had stopped before its turn came. ${toBeginAfterAll(wayOn)}`,
		{ retryable: true },
	);
}

/** The error that ends the node for one item's failure, naming the tasks of others that go on or whose results do not come out. */
function batchError(
	{ node, wayOn }: ItemsSettings,
	first: FirstFailure,
	runningTaskIds: string[],
	finishedTaskIds: string[] = [],
): NodeApiError | NodeOperationError {
	const { failure, itemIndex } = first;
	const error = toNodeError(node, failure, itemIndex);
	const ofOthers = (taskIds: string[]) =>
		taskIds.filter((taskId) => taskId !== failure.details.taskId);
	const running = ofOthers(runningTaskIds);
	const finished = ofOthers(finishedTaskIds);
	const sentences = [
		running.length > 0 && `Tasks of other items that go on at HiAPI: ${running.join(', ')}.`,
		finished.length > 0 && `Tasks of other items that have finished: ${finished.join(', ')}.`,
	].filter((sentence) => sentence !== false);
	if (sentences.length > 0) {
		error.description = `${error.description ?? ''} ${sentences.join(' ')} ${toPickUpOthers(wayOn)}`;
		Object.assign(
			error.context,
			running.length > 0 && { runningTaskIds: running },
			finished.length > 0 && { finishedTaskIds: finished },
		);
	}
	return error;
}
