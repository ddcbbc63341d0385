import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { createClient } from '../shared/api/client';
import { systemClock } from '../shared/clock';
import { DownloadRun } from '../shared/downloads/downloadRun';
import { readDownloadSettings } from '../shared/downloads/downloadSettings';
import { unpackFoundTask } from './foundTask';

/**
 * Downloads the files of the tasks a poll has found, where that is wanted, and passes every other item on. This takes as
 * long as it takes: the poll is over and its place in the list stored.
 *
 * @throws HiApiError when a download option cannot be used
 */
export async function downloadFound(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const found = items.map(({ json }) => unpackFoundTask(json));
	if (found.every((one) => one === undefined)) return items;
	const settings = readDownloadSettings(context.getNodeParameter('options', 0, {}));
	const { isLocal } = await createClient(context, systemClock);
	const signal = context.getExecutionCancelSignal();
	const downloads = new DownloadRun(context, systemClock, isLocal, signal);
	const delivered = await Promise.all(
		items.map(async (item, index) => {
			const one = found[index];
			if (one === undefined) return item;
			const { json, binary } = await downloads.attach(one.task, one.json, settings);
			return { json, ...(binary && { binary }) };
		}),
	);
	downloads.close();
	return delivered;
}
