import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { readPages } from '../shared/api/pages';
import { systemClock } from '../shared/clock';
import { HiApiError } from '../shared/errors/apiError';
import { createReader } from './reader';
import { readSettings, toItems } from './settings';

const MOST_ITEMS = 10;
const MOST_PAGES = 3;

/**
 * The latest finished tasks that the parameters want, for building the workflow in the editor. Leaves the trigger's
 * place in the list as it is.
 *
 * @throws HiApiError when the list cannot be read or holds no such task
 */
export async function fetchTestEvent(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const settings = readSettings({
		getNodeParameter: (name, fallback) => context.getNodeParameter(name, 0, fallback),
	});
	// Files of one task are enough to build with, and those of ten would take their time.
	const most = settings.download ? 1 : MOST_ITEMS;
	const reader = await createReader(context);
	const receivedAt = new Date(systemClock.now()).toISOString();
	const found = new Map<unknown, INodeExecutionData>();
	for await (const read of readPages(reader.readPage, { mostPages: MOST_PAGES })) {
		if (!read.ok) throw read.failure;
		for (const item of toItems(read.value.tasks, settings, receivedAt))
			found.set(item.json.taskId, item);
		if (found.size >= most) break;
	}
	if (found.size === 0) {
		throw new HiApiError(
			'No finished task matches',
			"Among the account's newest tasks there is none that 'Trigger On' and 'Filters' let through. Run a task with the HiAPI node first, or change these parameters.",
		);
	}
	return [...found.values()].slice(0, most);
}
