import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { DownloadSettings } from '../../../shared/downloads/downloadSettings';
import { simplifyField } from '../../../shared/simplifyField';
import { optionsCollection } from '../../parameters/optionsCollection';
import {
	downloadOutputsField,
	filesToDownloadOption,
	maximumFileSizeOption,
	maximumFilesOption,
	outputFieldOption,
	readDownload,
} from '../../parameters/download';
import { toItem, waitResultToJson } from '../../generation/items/taskItem';
import { itemsSettings, runPorts } from '../../n8n/runPorts';
import { readTaskId, taskIdOfItemField } from '../../parameters/taskId';
import {
	onTimeoutOption,
	pollIntervalOption,
	readWaitSettings,
	timeoutOption,
	type WaitSettings,
} from '../../parameters/waitOptions';
import { WaitingRun } from '../../generation/wait/waitingRun';
import { runItems } from '../../generation/items/runItems';

export const waitForCompletionFields: INodeProperties[] = [
	taskIdOfItemField,
	downloadOutputsField,
	simplifyField,
	optionsCollection([
		filesToDownloadOption,
		maximumFileSizeOption,
		maximumFilesOption,
		pollIntervalOption,
		outputFieldOption,
		timeoutOption,
		onTimeoutOption,
	]),
];

interface Job {
	itemIndex: number;
	taskId: string;
	settings: WaitSettings;
	/** undefined: the files stay where they are. */
	download?: DownloadSettings;
}

/** Task → Wait for Completion: waits for tasks that exist already, one per item, all of them together. Creates no task. */
export async function waitForCompletion(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const run = itemsSettings(context);
	const ports = await runPorts(context);
	const waiting = new WaitingRun(ports);
	const downloads = ports.downloads(waiting.signal);
	try {
		return await runItems<Job>(run, ports, {
			prepare: async (itemIndex) => [
				{
					itemIndex,
					taskId: readTaskId(context, itemIndex),
					settings: readWaitSettings(context, itemIndex),
					download: readDownload(context, itemIndex),
				},
			],
			work: async ({ itemIndex, taskId, settings, download }) => {
				const { timeoutMs, leastIntervalMs } = settings;
				const task = {
					taskId,
					model: '',
					createdMs: ports.clock.now(),
					deadlineMs: ports.clock.monotonic() + timeoutMs,
					leastIntervalMs,
					pollAtOnce: true,
				};
				const result = await waiting.wait(task, false);
				const json = waitResultToJson(result, taskId, { ...settings, wayOn: run.wayOn });
				if (!json.ok) return json;
				if (result.kind !== 'finished' || download === undefined)
					return { ok: true, value: toItem(json.value, itemIndex) };
				const item = await downloads.attach(result.task, json.value, download);
				return { ok: true, value: toItem(item.json, itemIndex, item.binary) };
			},
			giveUp: () => waiting.giveUp(),
			runningTaskIds: () => waiting.unfinishedTaskIds,
			finishedTaskIds: () => waiting.finishedTaskIds,
		});
	} finally {
		waiting.close();
		downloads.close();
	}
}
