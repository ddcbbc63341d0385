import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { systemTiming } from '../../../shared/timing';
import { onTimeoutOption, optionsCollection, pollIntervalOption, simplifyField, taskIdField, timeoutOption } from './fields';
import { toItem } from './items';
import { toOutcome } from './outcome';
import { readTaskId, readWaitSettings, type WaitSettings } from './parameters';
import { WaitingRun } from './waitingRun';
import { workOnItems } from './workOnItems';

export const waitForCompletionFields: INodeProperties[] = [
	taskIdField,
	simplifyField,
	optionsCollection([pollIntervalOption, timeoutOption, onTimeoutOption]),
];

/** Task → Wait for Completion: waits for tasks that exist already, one per item, all of them together. Buys nothing. */
export async function waitForCompletion(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const waiting = await WaitingRun.start(context, systemTiming);
	try {
		return await workOnItems<{ itemIndex: number; taskId: string; settings: WaitSettings }>(context, {
			prepare: async (itemIndex) => ({ itemIndex, taskId: readTaskId(context, itemIndex), settings: readWaitSettings(context, itemIndex) }),
			work: async ({ itemIndex, taskId, settings }) => {
				const nowMs = systemTiming.now();
				const { timeoutMs, leastIntervalMs } = settings;
				const task = { taskId, model: '', createdMs: nowMs, deadlineMs: nowMs + timeoutMs, leastIntervalMs, lookAtOnce: true };
				const outcome = toOutcome(await waiting.wait(task, false), taskId, settings);
				return outcome.ok ? { ok: true, value: toItem(outcome.value, itemIndex) } : outcome;
			},
			giveUp: () => waiting.giveUp(),
			runningTaskIds: () => waiting.unfinishedTaskIds,
		});
	} finally {
		waiting.close();
	}
}
