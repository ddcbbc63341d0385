import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { toNodeError } from '../../../shared/errors/nodeError';
import type { ApiResult } from '../../../shared/api/tasks';
import { changeStored, MOST_IDS, type StorageAnswer } from './storages';
import { forEachItem } from '../forEachItem';
import { toItem } from '../../generation/items/taskItem';
import { openStorage, readStoredOutputIds } from './fields';

type Storage = Awaited<ReturnType<typeof openStorage>>;

/**
 * Promotes or deletes what the items name: all their ids in as few requests as HiAPI takes, one item out per id.
 *
 * @param outcomeOf the JSON for an id, given the answer of the request it was in, or the failure of this id
 * @throws NodeApiError or NodeOperationError naming the item
 */
export async function changeItems(
	context: IExecuteFunctions,
	change: 'promote' | 'delete',
	outcomeOf: (
		id: string,
		answer: StorageAnswer,
		itemIndex: number,
		storage: Storage,
	) => Promise<ApiResult<IDataObject>>,
): Promise<INodeExecutionData[]> {
	const storage = await openStorage(context);
	const answers = new Map<string, ApiResult<StorageAnswer>>();
	const ids = distinctIds(context);
	for (let start = 0; start < ids.length; start += MOST_IDS) {
		const some = ids.slice(start, start + MOST_IDS);
		const answer = await changeStored(storage.client, change, some, storage.budget());
		for (const id of some) answers.set(id, answer);
	}
	return await forEachItem(context, async (itemIndex) => {
		const items: INodeExecutionData[] = [];
		for (const id of readStoredOutputIds(context, itemIndex)) {
			const answer = answers.get(id) as ApiResult<StorageAnswer>;
			if (!answer.ok) throw answer.failure;
			const outcome = await outcomeOf(id, answer.value, itemIndex, storage);
			if (!outcome.ok) throw outcome.failure;
			items.push(toItem(outcome.value, itemIndex));
		}
		return items;
	});
}

/** The ids of all items. Bad input stops the node before anything is changed, unless it may go on with the other items. */
function distinctIds(context: IExecuteFunctions): string[] {
	const ids = new Set<string>();
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		try {
			for (const id of readStoredOutputIds(context, itemIndex)) ids.add(id);
		} catch (error) {
			if (!context.continueOnFail()) throw toNodeError(context.getNode(), error, itemIndex);
		}
	}
	return [...ids];
}
