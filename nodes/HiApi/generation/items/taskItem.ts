import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { describeTaskFailure, HiApiError } from '../../../shared/errors/apiError';
import { toErrorItem } from '../../../shared/errors/nodeError';
import { fullTask, simplifyTask, type Task, type TaskFailure } from '../../../shared/api/task';
import type { ApiResult } from '../../../shared/api/tasks';
import { toGoOnWaiting, type WayOn } from '../../../shared/errors/wayOn';
import { addInputToFailure } from '../../parameters/includeInput';
import { withReference } from '../../parameters/reference';
import type { WaitResult } from '../wait/awaitedTasks';

/** How a task is shown, and what an item says next to it. */
export interface ResultSettings {
	simplify: boolean;
	/** Nothing was created now: HiAPI or this execution's memory already had the task. */
	replayed?: boolean;
	/** Persistent storage was asked for, so the result says where the files are. */
	asksPersistent?: boolean;
	/** What the task will cost by HiAPI's price list. */
	estimatedCostUsd?: number;
	/** Fields of the incoming item that come out with the result, which wins where both have one. */
	inputFields?: IDataObject;
}

/** What the user wants to get of a task that was waited for. */
export interface WaitResultSettings extends ResultSettings {
	model?: string;
	/** Milliseconds. */
	timeoutMs: number;
	outputUnfinished: boolean;
	/** What a failure advises; `retry` when not given. */
	wayOn?: WayOn;
}

/** An output item for an input item. */
export function toItem(
	json: IDataObject,
	itemIndex: number,
	binary?: IBinaryKeyData,
): INodeExecutionData {
	return { json, ...(binary && { binary }), pairedItem: { item: itemIndex } };
}

/** A task as the output shows it. */
export function taskToJson(task: Task, simplify: boolean): IDataObject {
	return simplify ? simplifyTask(task) : fullTask(task);
}

/** The JSON of an item whose task has succeeded. */
function resultToJson(
	task: Task,
	{ simplify, replayed, asksPersistent, estimatedCostUsd, inputFields }: ResultSettings,
): IDataObject {
	return {
		...inputFields,
		...taskToJson(task, simplify),
		...(asksPersistent && task.storage !== undefined && { storage: task.storage }),
		...(replayed && { replayed }),
		...(estimatedCostUsd !== undefined && { estimatedCostUsd }),
	};
}

/**
 * The JSON of an item whose task ended while the execution was suspended, the same as polling gives. A failed one is an
 * error item whatever the node's settings: n8n sends it to the error output, if there is one.
 */
export function endedTaskToJson(
	task: Task,
	settings: ResultSettings & { reference?: string },
): IDataObject {
	const { failure } = task;
	const json =
		failure === undefined
			? resultToJson(task, settings)
			: failureToJson(task.taskId, failure, settings.inputFields);
	return withReference(json, settings.reference);
}

function failureToJson(
	taskId: string,
	{ code, message }: TaskFailure,
	inputFields: IDataObject | undefined,
): IDataObject {
	const { json } = toErrorItem(describeTaskFailure(taskId, code, message), 0);
	return addInputToFailure(json, inputFields);
}

/** The JSON of an item whose task was waited for, or why there is none. Every failure names the task id. */
export function waitResultToJson(
	result: WaitResult,
	taskId: string,
	settings: WaitResultSettings,
): ApiResult<IDataObject> {
	if (result.kind === 'finished') {
		const { failure } = result.task;
		if (failure !== undefined)
			return { ok: false, failure: describeTaskFailure(taskId, failure.code, failure.message) };
		return { ok: true, value: resultToJson(result.task, settings) };
	}
	if (result.kind === 'failed') {
		const { message, description, details, request } = result.failure;
		const more = { ...details, taskId, runningTaskIds: [taskId] };
		return { ok: false, failure: new HiApiError(message, description, more, request) };
	}
	if (result.kind === 'stopped') {
		return stillRunning(
			taskId,
			`Waiting for task ${taskId} was stopped`,
			"HiAPI cannot cancel a task: it goes on and is billed. Use the operation 'Wait for Completion' with this task ID.",
		);
	}
	if (settings.outputUnfinished) {
		const { model, simplify, replayed, estimatedCostUsd, inputFields } = settings;
		const seen =
			result.task === undefined
				? { taskId, ...(model && { model }), status: 'unknown' }
				: taskToJson(result.task, simplify);
		const value = {
			...inputFields,
			...seen,
			timedOut: true,
			...(replayed && { replayed }),
			...(estimatedCostUsd !== undefined && { estimatedCostUsd }),
		};
		return { ok: true, value };
	}
	const minutes = Math.round(settings.timeoutMs / 600) / 100;
	return stillRunning(
		taskId,
		`Task ${taskId} was not finished after ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`,
		`HiAPI goes on with it and bills it. ${toGoOnWaiting(settings.wayOn ?? 'retry')}, or raise the option 'Timeout (Minutes)'.`,
	);
}

function stillRunning(
	taskId: string,
	message: string,
	description: string,
): { ok: false; failure: HiApiError } {
	const details = { taskId, runningTaskIds: [taskId], retryable: true };
	return { ok: false, failure: new HiApiError(message, description, details) };
}
