import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { createClient } from '../../../shared/api/client';
import { describeTaskFailure, HiApiFailure } from '../../../shared/api/failure';
import { fullTask, simplifyTask, type Task } from '../../../shared/api/task';
import type { ApiResult } from '../../../shared/api/tasks';
import { systemTiming } from '../../../shared/timing';
import { waitForTask, type WaitResult } from '../../../shared/waiting/waitForTask';
import {
	callbackFields,
	concurrencyOption,
	generationFields,
	idempotencyKeyOption,
	onTimeoutOption,
	optionsCollection,
	pollIntervalOption,
	routeOption,
	simplifyField,
	storageOption,
	timeoutOption,
} from './fields';
import { toItem } from './items';
import { numberOption, optionsOf } from './parameters';
import { Purchaser } from './purchase';
import { readSubmission, type Submission } from './submission';
import { workOnItems } from './workOnItems';

export const runAndWaitFields: INodeProperties[] = [
	...generationFields,
	...callbackFields,
	simplifyField,
	optionsCollection([
		concurrencyOption,
		idempotencyKeyOption,
		pollIntervalOption,
		routeOption,
		storageOption,
		timeoutOption,
		onTimeoutOption,
	]),
];

interface Job {
	submission: Submission;
	intervalMs: number;
	timeoutMs: number;
	outputUnfinished: boolean;
	simplify: boolean;
}

/** Task → Run and Wait: buys one task per item, waits until each has ended, and returns one item per item. */
export async function runAndWait(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const client = await createClient(context, systemTiming);
	const purchaser = new Purchaser(context, client, systemTiming);
	const signal = context.getExecutionCancelSignal();
	const running = new Set<string>();

	return await workOnItems(context, {
		prepare: (itemIndex) => readJob(context, itemIndex),
		work: async (job, givenUp) => {
			const { submission, timeoutMs, intervalMs } = job;
			const bought = await purchaser.buy(submission, { deadlineMs: systemTiming.now() + timeoutMs, signal });
			if (!bought.ok) return bought;
			const { taskId, replayed } = bought.value;
			running.add(taskId);
			const result = await waitForTask(client, systemTiming, taskId, {
				intervalMs,
				deadlineMs: systemTiming.now() + timeoutMs,
				signal: signal === undefined ? givenUp : AbortSignal.any([signal, givenUp]),
				onStatus: (task) => reportStatus(context, task, submission.itemIndex),
			});
			if (result.kind === 'finished') running.delete(taskId);
			const outcome = toOutcome(result, taskId, job);
			return outcome.ok
				? { ok: true, value: toItem({ ...outcome.value, ...(replayed && { replayed }) }, submission.itemIndex) }
				: outcome;
		},
		runningTaskIds: () => [...running],
	});
}

function readJob(context: IExecuteFunctions, itemIndex: number): Job {
	const options = optionsOf(context, itemIndex);
	return {
		submission: readSubmission(context, itemIndex),
		intervalMs: numberOption(options, 'pollInterval', 'Poll Interval', 3, 0.1) * 1000,
		timeoutMs: numberOption(options, 'timeout', 'Timeout', 30, 0.01) * 60_000,
		outputUnfinished: options.onTimeout === 'output',
		simplify: context.getNodeParameter('simplify', itemIndex, true) as boolean,
	};
}

/** Whoever watches a manual run sees it in the browser's console; the server's log has it on level debug. */
function reportStatus(context: IExecuteFunctions, task: Task, itemIndex: number): void {
	const line = `HiAPI task ${task.taskId} (item ${itemIndex}): ${task.status}`;
	context.logger.debug(line);
	if (context.getMode() === 'manual') context.sendMessageToUI(line);
}

function toOutcome(result: WaitResult, taskId: string, job: Job): ApiResult<IDataObject> {
	const { model } = job.submission;
	const show = (task: Task) => (job.simplify ? simplifyTask(task) : fullTask(task));
	if (result.kind === 'failed') return { ok: false, failure: stillRunning(result.failure.message, result.failure.description, taskId) };
	if (result.kind === 'stopped') {
		const advice = 'HiAPI cannot cancel a task: it goes on and is billed. Read it later with the operation Get.';
		return { ok: false, failure: stillRunning(`Waiting for task ${taskId} was stopped`, advice, taskId) };
	}
	if (result.kind === 'finished') {
		const { task } = result;
		if (task.failure === undefined) return { ok: true, value: show(task) };
		return { ok: false, failure: describeTaskFailure(taskId, task.failure.code, task.failure.message) };
	}
	if (job.outputUnfinished) {
		const seen = result.task === undefined ? { taskId, model, status: 'unknown' } : show(result.task);
		return { ok: true, value: { ...seen, timedOut: true } };
	}
	const minutes = Math.round(job.timeoutMs / 6000) / 10;
	return {
		ok: false,
		failure: stillRunning(
			`Task ${taskId} was not finished after ${minutes} minutes`,
			"HiAPI goes on with it and bills it. Read it later with the operation Get, use Retry on this execution to go on waiting, or raise the option 'Timeout'.",
			taskId,
		),
	};
}

function stillRunning(message: string, description: string, taskId: string): HiApiFailure {
	return new HiApiFailure(message, description, { taskId, runningTaskIds: [taskId] });
}
