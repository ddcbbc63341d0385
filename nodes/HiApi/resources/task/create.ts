import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { createClient } from '../../../shared/api/client';
import { systemTiming } from '../../../shared/timing';
import {
	callbackFields,
	concurrencyOption,
	generationFields,
	idempotencyKeyOption,
	optionsCollection,
	routeOption,
	storageOption,
} from './fields';
import { toItem } from './items';
import { Purchaser } from './purchase';
import { readSubmission } from './submission';
import { workOnItems } from './workOnItems';

// Creating answers at once; what takes longer than this is waiting for a rate limit or a server in trouble.
const CREATE_BUDGET_MS = 5 * 60_000;

export const createFields: INodeProperties[] = [
	...generationFields,
	...callbackFields,
	optionsCollection([concurrencyOption, idempotencyKeyOption, routeOption, storageOption]),
];

/** Task → Create: buys one task per item and returns its id without waiting for the result. */
export async function create(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const client = await createClient(context, systemTiming);
	const purchaser = new Purchaser(context, client, systemTiming);
	const signal = context.getExecutionCancelSignal();
	return await workOnItems(context, {
		prepare: (itemIndex) => readSubmission(context, itemIndex),
		work: async (submission) => {
			const bought = await purchaser.buy(submission, { deadlineMs: systemTiming.now() + CREATE_BUDGET_MS, signal });
			if (!bought.ok) return bought;
			const { taskId, replayed } = bought.value;
			const json = { taskId, model: submission.model, ...(replayed && { replayed }) };
			return { ok: true, value: toItem(json, submission.itemIndex) };
		},
		// What Create has bought is not waited for: it is in the memory, and a retry returns it.
		runningTaskIds: () => purchaser.boughtTaskIds,
	});
}
