import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { modelCatalog, type CatalogModel } from '../../models/modelCatalog';
import { modelCatalogFor } from '../../n8n/modelCatalogFor';
import { priceOutput } from '../../models/priceText';
import { trimmedOrUndefined } from '../../../shared/values';
import { forEachItem } from '../forEachItem';
import { toItem } from '../../generation/items/taskItem';
import { limitFields, readLimit } from '../../parameters/limit';

export const getManyFields: INodeProperties[] = [
	...limitFields,
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		options: [
			{
				displayName: 'Kind',
				name: 'kind',
				type: 'options',
				default: 'image',
				description: 'What the model makes',
				options: [
					{ name: 'Audio', value: 'audio' },
					{ name: 'Image', value: 'image' },
					{ name: 'Video', value: 'video' },
				],
			},
			{
				displayName: 'Mode',
				name: 'mode',
				type: 'string',
				default: '',
				placeholder: 'e.g. image-to-video',
				description: 'What goes in and what comes out',
			},
		],
	},
];

/** Model → Get Many: the models HiAPI's catalogue lists with their prices, or the bundled ones when it does not answer. */
export async function getMany(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const catalog = await modelCatalogFor(context);
	return await forEachItem(context, async (itemIndex) => {
		const limit = readLimit(context, itemIndex);
		const { kind, mode } = context.getNodeParameter('filters', itemIndex, {});
		const [models, prices] = await Promise.all([
			modelCatalog.listModels(catalog),
			modelCatalog.prices(catalog),
		]);
		return models
			.filter((model) => isWanted(model, trimmedOrUndefined(kind), trimmedOrUndefined(mode)))
			.slice(0, limit)
			.map(({ id, title, kind: made, modes, status, docs, source }) =>
				toItem(
					{
						model: id,
						title,
						kind: made,
						modes,
						status,
						...priceOutput(prices.get(id)),
						...(docs && { docs }),
						source,
					},
					itemIndex,
				),
			);
	});
}

function isWanted(model: CatalogModel, kind?: string, mode?: string): boolean {
	return (
		(kind === undefined || model.kind === kind) &&
		(mode === undefined || model.modes.includes(mode))
	);
}
