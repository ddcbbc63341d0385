import type { IExecuteFunctions } from 'n8n-workflow';

import { HiApiError } from '../shared/errors/apiError';
import { MOST_PROCESSED_TASK_IDS } from '../shared/stored';
import { KeyedMutex } from './keyedMutex';

// The helper reads, changes and writes without a lock: without this, events at the same moment would erase each other.
const turns = new KeyedMutex();

/**
 * Whether the workflow has not yet gone on with this task; remembers in n8n's database that it now has. Holds within
 * this process for any copies, and between processes for copies that do not come at the same moment.
 *
 * Trying out in the editor and retrying an execution always count as first: the person wants it to run.
 *
 * @throws HiApiError when the database cannot be asked
 */
export async function markProcessed(context: IExecuteFunctions, taskId: string): Promise<boolean> {
	if (['manual', 'retry'].includes(context.getMode())) return true;
	const record = async () =>
		await context.helpers.checkProcessedAndRecord([taskId], 'node', {
			mode: 'entries',
			maxEntries: MOST_PROCESSED_TASK_IDS,
		});
	const key = JSON.stringify([context.getWorkflow().id, context.getNode().id]);
	const result = await turns.run(
		key,
		// A second try, because another process may have written the node's first row in the same moment.
		async () => await record().catch(async () => await record().catch(() => undefined)),
	);
	if (result === undefined) {
		throw new HiApiError(
			`n8n's database did not say whether task ${taskId} came before`,
			"Nothing after the trigger has run. Use Retry on this execution to go on with the task; where n8n keeps no failed executions, read it with the operation 'Get' of the HiAPI node.",
			{ taskId, retryable: true },
		);
	}
	return result.new.length > 0;
}
