import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { toFailure, toNodeError } from '../../../shared/errors/nodeError';
import { estimateItem, sumOf, type ItemEstimate } from '../../generation/cost/estimate';
import { toItem } from '../../generation/items/taskItem';
import { forEachItem } from '../forEachItem';
import { readModelInput } from '../../generation/request/modelInput';
import { modelCatalogFor } from '../../n8n/modelCatalogFor';
import { filePorts } from '../../n8n/binaryFiles';
import { readRequest } from '../../n8n/readRequest';
import { modelCatalog, type CatalogAccess } from '../../models/modelCatalog';
import { validateOption } from '../../parameters/createOptions';
import { generationFields } from '../../parameters/generation';
import { routeOption } from '../../parameters/model';
import { optionsCollection } from '../../parameters/optionsCollection';
import { optionsOf } from '../../parameters/readers';

const onlySumOption: INodeProperties = {
	displayName: 'Only the Sum',
	name: 'onlySum',
	type: 'boolean',
	default: true,
	description: 'Whether to return one item with the sum of all items instead of one per item',
};

export const estimateCostFields: INodeProperties[] = [
	...generationFields,
	optionsCollection([onlySumOption, routeOption, validateOption]),
];

/**
 * Task → Estimate Cost: what each item would cost with Run and Wait, by HiAPI's price list. Free of charge: no task is
 * created, and the API key is not used.
 */
export async function estimateCost(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const catalog = await modelCatalogFor(context);
	const items = context.getInputData();
	if (items.length === 0) return [];
	if (optionsOf(context, 0).onlySum !== true)
		return await forEachItem(context, async (itemIndex) => {
			const estimate = await estimateOf(context, itemIndex, catalog);
			return [toItem({ ...estimate }, itemIndex)];
		});
	const estimates: ItemEstimate[] = [];
	for (let itemIndex = 0; itemIndex < items.length; itemIndex++) {
		try {
			estimates.push(await estimateOf(context, itemIndex, catalog));
		} catch (error) {
			if (!context.continueOnFail()) throw toNodeError(context.getNode(), error, itemIndex);
			estimates.push({ reason: toFailure(error).message });
		}
	}
	const json = sumOf(estimates) as unknown as IDataObject;
	return [{ json, pairedItem: items.map((_, item) => ({ item })) }];
}

async function estimateOf(
	context: IExecuteFunctions,
	itemIndex: number,
	catalog: CatalogAccess,
): Promise<ItemEstimate> {
	const parameters = await readRequest(context, itemIndex);
	const { model, route } = parameters;
	const { input } = await readModelInput(parameters, catalog, filePorts(context));
	return estimateItem(
		model,
		route,
		await modelCatalog.estimate(catalog, model, route ?? '', input),
	);
}
