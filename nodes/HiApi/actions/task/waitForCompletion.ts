import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { DownloadRun } from '../../../shared/downloads/downloadRun';
import type { DownloadSettings } from '../../../shared/downloads/downloadSettings';
import { simplifyField } from '../../../shared/simplifyField';
import { systemClock } from '../../../shared/clock';
import { optionsCollection } from '../../parameters/optionsCollection';
import {
	downloadOutputsField,
	filesToDownloadOption,
	maximumFileSizeOption,
	maximumFilesOption,
	outputFieldOption,
	readDownload,
} from '../../parameters/download';
import { toItem } from '../../generation/items/forEachItem';
import { toOutcome } from '../../generation/items/taskItem';
import { readTaskId, readWaitSettings, type WaitSettings } from '../../parameters/readers';
import { taskIdOfItemField } from '../../parameters/taskId';
import { WaitingRun } from '../../generation/wait/waitingRun';
import { wayOnOf } from '../../parameters/wayOn';
import { onTimeoutOption, pollIntervalOption, timeoutOption } from '../../parameters/waitOptions';
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

/** Task → Wait for Completion: waits for tasks that exist already, one per item, all of them together. Buys nothing. */
export async function waitForCompletion(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const wayOn = wayOnOf(context);
	const waiting = await WaitingRun.start(context, systemClock);
	const downloads = new DownloadRun(context, systemClock, waiting.client.isLocal, waiting.signal);
	try {
		return await runItems<Job>(context, {
			prepare: async (itemIndex) => ({
				itemIndex,
				taskId: readTaskId(context, itemIndex),
				settings: readWaitSettings(context, itemIndex),
				download: readDownload(context, itemIndex),
			}),
			work: async ({ itemIndex, taskId, settings, download }) => {
				const nowMs = systemClock.now();
				const { timeoutMs, leastIntervalMs } = settings;
				const task = {
					taskId,
					model: '',
					createdMs: nowMs,
					deadlineMs: nowMs + timeoutMs,
					leastIntervalMs,
					lookAtOnce: true,
				};
				const result = await waiting.wait(task, false);
				const outcome = toOutcome(result, taskId, { ...settings, wayOn });
				if (!outcome.ok) return outcome;
				if (result.kind !== 'finished' || download === undefined)
					return { ok: true, value: toItem(outcome.value, itemIndex) };
				const { json, binary } = await downloads.attach(result.task, outcome.value, download);
				return { ok: true, value: toItem(json, itemIndex, binary) };
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
