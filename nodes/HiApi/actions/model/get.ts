import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { modelCatalog } from '../../models/modelCatalog';
import { modelCatalogFor } from '../../n8n/modelCatalogFor';
import { priceOutput } from '../../models/priceText';
import { simplifyField } from '../../../shared/simplifyField';
import { trimmedOrUndefined } from '../../../shared/values';
import { forEachItem } from '../forEachItem';
import { toItem } from '../../generation/items/taskItem';
import { modelField, routeOption } from '../../parameters/model';
import { requiredText } from '../../parameters/readers';

export const getFields: INodeProperties[] = [modelField, routeOption, simplifyField];

/** Model → Get: what a model takes as input, where else it runs, and what it costs by HiAPI's current price list. */
export async function get(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const catalog = await modelCatalogFor(context);
	return await forEachItem(context, async (itemIndex) => {
		const model = requiredText(
			context,
			'model',
			'Model',
			itemIndex,
			"Select a model from the list, or switch to 'ID' and enter one.",
		);
		const route = trimmedOrUndefined(context.getNodeParameter('route', itemIndex, ''));
		const [input, models, price] = await Promise.all([
			modelCatalog.modelInput(catalog, model, route),
			modelCatalog.listModels(catalog),
			modelCatalog.price(catalog, model, route),
		]);
		const listed = models.find(
			({ id, aliases }) => id === input.model || aliases?.includes(input.model),
		);
		const base = input.model.split('@')[0];
		const json: IDataObject = {
			model: input.model,
			...(listed && {
				title: listed.title,
				kind: listed.kind,
				modes: listed.modes,
				status: listed.status,
			}),
			routes: models
				.filter(({ id }) => id.startsWith(`${base}@`))
				.map(({ id }) => id.slice(base.length + 1)),
			fields: input.fields.map(({ name, type, required, choices, defaultValue, limits }) => ({
				name,
				type,
				required,
				...(choices && { choices }),
				...(defaultValue !== undefined && { default: defaultValue }),
				...(limits.length > 0 && { limits }),
			})),
			...(input.limits.length > 0 && { limits: input.limits }),
			...priceOutput(price),
			...(input.docs && { docs: input.docs }),
			source: input.source,
		};
		const simplify = context.getNodeParameter('simplify', itemIndex, true) as boolean;
		return [
			toItem(
				simplify ? json : { ...json, inputSchema: (input.schema ?? {}) as IDataObject },
				itemIndex,
			),
		];
	});
}
