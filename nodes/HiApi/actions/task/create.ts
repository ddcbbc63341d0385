import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { PricedTask } from '../../models/modelCatalog';
import { modelCatalogFor } from '../../n8n/modelCatalogFor';
import { optionsCollection } from '../../parameters/optionsCollection';
import { callbackFields } from '../../parameters/callback';
import { generationFields } from '../../parameters/generation';
import { toItem } from '../../generation/items/taskItem';
import { routeOption } from '../../parameters/model';
import {
	checkMaximumTasks,
	concurrencyOption,
	idempotencyKeyOption,
	maximumCostOption,
	maximumTasksOption,
	storageOption,
	validateOption,
} from '../../parameters/createOptions';
import { checkMaximumCost } from '../../generation/cost/costCheck';
import { costOutput, showCost } from '../../generation/cost/costReport';
import { CREATE_BUDGET_MS, CreateQueue } from '../../generation/create/createQueue';
import { referenceOption } from '../../parameters/reference';
import { readSubmission } from '../../n8n/readRequest';
import { runItems } from '../../generation/items/runItems';
import { runPorts, runSettings } from '../../n8n/runPorts';

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

const NOT_THERE_YET =
	"The results are not there yet. The operation 'Wait for Completion' gets them by taskId, and so does a workflow that begins with a HiAPI trigger.";

/** Task → Create: creates one task per item, several at a time, and returns its id without waiting for the result. */
export async function create(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	checkMaximumTasks(context);
	const settings = runSettings(context);
	const ports = await runPorts(context);
	const catalog = await modelCatalogFor(context);
	const queue = new CreateQueue(settings, ports);
	const costs: PricedTask[] = [];
	const items = runItems(settings, ports, {
		prepare: async (itemIndex) => [await readSubmission(context, itemIndex, catalog)],
		check: async (submissions) => {
			const tasks = submissions.map((submission) => ({ submission }));
			await checkMaximumCost(settings.maximumUsd, tasks, queue.creator, settings.wayOn);
		},
		work: async (submission) => {
			const created = await queue.create(submission, CREATE_BUDGET_MS);
			if (!created.ok) return created;
			const { taskId, replayed } = created.value;
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
		giveUp: () => queue.end(),
		// Create waits for none of its tasks, so any of them may be running.
		runningTaskIds: () => queue.creator.taskIds,
	});
	try {
		const created = await queue.creator.during(items);
		if (created.some(({ json }) => json.taskId !== undefined)) ports.hint(NOT_THERE_YET, 'info');
		return created;
	} finally {
		showCost(ports, costs);
	}
}
