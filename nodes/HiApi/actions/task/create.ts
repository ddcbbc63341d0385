import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { createClient } from '../../../shared/api/client';
import { RateLimiter } from '../../../shared/api/rateLimiter';
import { Semaphore } from '../../../shared/semaphore';
import type { PricedTask } from '../../models/modelCatalog';
import { modelCatalogFor } from '../../models/catalogAccess';
import { systemClock } from '../../../shared/clock';
import { optionsCollection } from '../../parameters/optionsCollection';
import { callbackFields } from '../../parameters/callback';
import { generationFields } from '../../parameters/generation';
import { toItem } from '../../generation/items/forEachItem';
import { routeOption } from '../../parameters/model';
import { checkMaximumTasks, readConcurrency, readMaximumCost } from '../../parameters/readers';
import { checkMaximumCost } from '../../generation/cost/costCheck';
import { costOutput, showCost } from '../../generation/cost/costReport';
import { TaskCreator } from '../../generation/create/taskCreator';
import {
	concurrencyOption,
	idempotencyKeyOption,
	maximumCostOption,
	maximumTasksOption,
	storageOption,
	validateOption,
} from '../../parameters/createOptions';
import { referenceOption } from '../../parameters/reference';
import { readSubmission } from '../../generation/request/taskRequest';
import { wayOnOf } from '../../parameters/wayOn';
import { notStarted, runItems } from '../../generation/items/runItems';

// Creating answers at once; what takes longer than this is waiting for a rate limit or a server in trouble.
const CREATE_BUDGET_MS = 5 * 60_000;

export const createFields: INodeProperties[] = [
	...generationFields,
	...callbackFields,
	optionsCollection([
		concurrencyOption,
		idempotencyKeyOption,
		maximumCostOption,
		maximumTasksOption,
		referenceOption,
		routeOption,
		storageOption,
		validateOption,
	]),
];

/** Task → Create: buys one task per item, several at a time, and returns its id without waiting for the result. */
export async function create(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	checkMaximumTasks(context);
	const maximumUsd = readMaximumCost(context);
	const gate = new Semaphore(readConcurrency(context));
	const client = await createClient(context, systemClock, new RateLimiter(systemClock.now()));
	const purchaser = new TaskCreator(context, client, systemClock);
	const catalog = await modelCatalogFor(context);
	const signal = context.getExecutionCancelSignal();
	const costs: PricedTask[] = [];
	let givenUp = false;
	const items = runItems(context, {
		prepare: async (itemIndex) => await readSubmission(context, itemIndex, catalog),
		check: async (submissions) =>
			await checkMaximumCost(
				maximumUsd,
				submissions.map((submission) => ({ submission })),
				purchaser,
				wayOnOf(context),
			),
		work: async (submission) => {
			const bought = await gate.run(async () => {
				if (givenUp || signal?.aborted)
					return { ok: false, failure: notStarted(wayOnOf(context)) } as const;
				const result = await purchaser.buy(submission, {
					deadlineMs: systemClock.now() + CREATE_BUDGET_MS,
					signal,
				});
				// At once: the next item already waits at the gate.
				givenUp ||= !result.ok && !context.continueOnFail();
				return result;
			});
			if (!bought.ok) return bought;
			const { taskId, replayed } = bought.value;
			const cost = replayed ? undefined : await submission.cost;
			if (cost !== undefined) costs.push(cost);
			const json = {
				taskId,
				model: submission.model,
				...(replayed && { replayed }),
				...(cost && costOutput(cost)),
			};
			return { ok: true, value: toItem(json, submission.itemIndex) };
		},
		giveUp: () => {
			givenUp = true;
		},
		// Create waits for none of its tasks, so any of them may be running.
		runningTaskIds: () => purchaser.boughtTaskIds,
	});
	try {
		return await purchaser.during(items);
	} finally {
		showCost(context, costs);
	}
}
