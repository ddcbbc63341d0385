import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { HiApiClient } from '../../../shared/api/client';
import { describeTaskFailure, HiApiError } from '../../../shared/errors/apiError';
import type { Task } from '../../../shared/api/task';
import { getTask, type ApiResult } from '../../../shared/api/tasks';
import { carriedTask } from '../../generation/items/carriedTask';
import {
	binaryFieldField,
	type DownloadSettings,
	maximumFilesField,
	maximumFileSizeField,
	outputTypesField,
	readDownloadSettings,
} from '../../../shared/downloads/downloadSettings';
import type { ItemWithFiles } from '../../../shared/downloads/downloadRun';
import { wantedOutputs } from '../../../shared/downloads/wantedOutputs';
import { isTool } from '../../../shared/n8nCompat';
import { simplifyField } from '../../../shared/simplifyField';
import { systemClock } from '../../../shared/clock';
import { optionsCollection } from '../../parameters/optionsCollection';
import { onFileFailureOption } from '../../parameters/download';
import { taskToJson, toItem } from '../../generation/items/taskItem';
import { optionsOf } from '../../parameters/readers';
import { readTaskId, taskIdOfItemField } from '../../parameters/taskId';
import { runItems } from '../../generation/items/runItems';
import { itemsSettings, runPorts } from '../../n8n/runPorts';

const READ_BUDGET_MS = 60_000;

export const downloadOutputsFields: INodeProperties[] = [
	taskIdOfItemField,
	outputTypesField,
	binaryFieldField,
	simplifyField,
	optionsCollection([maximumFileSizeField, maximumFilesField, onFileFailureOption]),
];

interface Job {
	itemIndex: number;
	taskId: string;
	settings: DownloadSettings;
	simplify: boolean;
	failsWithFile: boolean;
}

function readJob(context: IExecuteFunctions, itemIndex: number): Job {
	const options = optionsOf(context, itemIndex);
	const parameter = (name: string) => context.getNodeParameter(name, itemIndex, undefined) as never;
	return {
		itemIndex,
		taskId: readTaskId(context, itemIndex),
		settings: readDownloadSettings({
			...options,
			outputTypes: parameter('outputTypes'),
			binaryField: parameter('binaryField'),
		}),
		simplify: context.getNodeParameter('simplify', itemIndex, true) as boolean,
		failsWithFile: options.onFileFailure !== 'output',
	};
}

/**
 * Task → Download Outputs: the files of tasks that have ended, one item per item. Creates no task. As the tool of an AI agent
 * it gives their links, because nobody would get the files.
 */
export async function downloadOutputs(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const asTool = isTool(context);
	const ports = await runPorts(context);
	const givingUp = new AbortController();
	const signal = ports.stopped
		? AbortSignal.any([ports.stopped, givingUp.signal])
		: givingUp.signal;
	const downloads = ports.downloads(signal);
	try {
		return await runItems<Job>(itemsSettings(context), ports, {
			prepare: async (itemIndex) => [readJob(context, itemIndex)],
			work: async (job) => {
				const task = await readFinishedTask(context, ports.client, job, signal);
				if (!task.ok) return task;
				const json = taskToJson(task.value, job.simplify);
				if (asTool) return { ok: true, value: toItem(json, job.itemIndex) };
				const item = await downloads.attach(task.value, json, job.settings);
				if (job.failsWithFile && item.failures.length > 0)
					return { ok: false, failure: asFailure(item, job.taskId) };
				return { ok: true, value: toItem(item.json, job.itemIndex, item.binary) };
			},
			giveUp: () => givingUp.abort(),
			runningTaskIds: () => [],
		});
	} finally {
		downloads.close();
	}
}

/** The task as it is now, because promoting moves files. When HiAPI does not answer, the links in the item have to do. */
async function readFinishedTask(
	context: IExecuteFunctions,
	client: HiApiClient,
	job: Job,
	signal: AbortSignal,
): Promise<ApiResult<Task>> {
	const { taskId, itemIndex, settings } = job;
	const read = await getTask(client, taskId, {
		deadlineMs: systemClock.monotonic() + READ_BUDGET_MS,
		signal,
	});
	const refused =
		!read.ok &&
		read.failure.request?.kind === 'answer' &&
		[401, 403, 404].includes(read.failure.request.status ?? 0);
	const carried =
		read.ok || refused ? undefined : carriedTask(context.getInputData()[itemIndex].json, taskId);
	if (!read.ok && carried === undefined) return read;
	const task = read.ok ? read.value : (carried as Task);
	const reason = whyNoFiles(task, settings);
	return reason === undefined ? { ok: true, value: task } : { ok: false, failure: reason };
}

function whyNoFiles(task: Task, { types }: DownloadSettings): HiApiError | undefined {
	const { taskId, failure } = task;
	if (failure !== undefined) return describeTaskFailure(taskId, failure.code, failure.message);
	if (task.state === 'running') {
		return new HiApiError(
			`Task ${taskId} has not ended yet (${task.status})`,
			"It has no files before. Put the operation 'Wait for Completion' in front, or start from the HiAPI Trigger.",
			{ taskId, runningTaskIds: [taskId], retryable: true },
		);
	}
	if (wantedOutputs(task.outputs, types).length > 0) return undefined;
	const had = [...new Set(task.outputs.map(({ type }) => type))];
	return new HiApiError(
		`Task ${taskId} has no file of the chosen kind`,
		had.length === 0
			? 'HiAPI lists no files for it.'
			: `It has: ${had.join(', ')}. Change 'Files to Download'.`,
		{ taskId },
	);
}

function asFailure({ failures }: ItemWithFiles, taskId: string): HiApiError {
	const [first] = failures;
	const message =
		failures.length === 1
			? first.message
			: `${failures.length} files of task ${taskId} were not downloaded: ${first.message}`;
	const retryable = failures.some((failure) => failure.retryable);
	return new HiApiError(message, first.description, { taskId, retryable });
}
