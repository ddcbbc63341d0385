import type { IDataObject } from 'n8n-workflow';

import { describeTaskFailure, HiApiError } from '../../../shared/errors/apiError';
import { fullTask, simplifyTask, type Task } from '../../../shared/api/task';
import type { ApiResult } from '../../../shared/api/tasks';
import { toGoOnWaiting, type WayOn } from '../../../shared/errors/wayOn';
import type { WaitResult } from '../wait/taskPoller';

/** What the user wants to get of a task that was waited for. */
export interface OutcomeSettings {
	model?: string;
	/** Milliseconds. */
	timeoutMs: number;
	outputUnfinished: boolean;
	simplify: boolean;
	/** What a failure advises; `retry` when not given. */
	wayOn?: WayOn;
}

/** A task as the output shows it. */
export function taskToJson(task: Task, simplify: boolean): IDataObject {
	return simplify ? simplifyTask(task) : fullTask(task);
}

/** The JSON of an item whose task was waited for, or why there is none. Every failure names the task id. */
export function toOutcome(
	result: WaitResult,
	taskId: string,
	settings: OutcomeSettings,
): ApiResult<IDataObject> {
	if (result.kind === 'finished') {
		const { failure } = result.task;
		if (failure !== undefined)
			return { ok: false, failure: describeTaskFailure(taskId, failure.code, failure.message) };
		return { ok: true, value: taskToJson(result.task, settings.simplify) };
	}
	if (result.kind === 'failed') {
		const { message, description, details, request } = result.failure;
		return {
			ok: false,
			failure: new HiApiError(
				message,
				description,
				{ ...details, taskId, runningTaskIds: [taskId] },
				request,
			),
		};
	}
	if (result.kind === 'stopped') {
		return stillRunning(
			taskId,
			`Waiting for task ${taskId} was stopped`,
			"HiAPI cannot cancel a task: it goes on and is billed. Use the operation 'Wait for Completion' with this task ID.",
		);
	}
	if (settings.outputUnfinished) {
		const seen =
			result.task === undefined
				? { taskId, ...(settings.model && { model: settings.model }), status: 'unknown' }
				: taskToJson(result.task, settings.simplify);
		return { ok: true, value: { ...seen, timedOut: true } };
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
	return {
		ok: false,
		failure: new HiApiError(message, description, { taskId, runningTaskIds: [taskId] }),
	};
}
