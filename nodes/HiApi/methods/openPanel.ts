import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { trimmedOrUndefined } from '../../shared/values';
import { modelCatalog, type ModelInput } from '../models/modelCatalog';
import { findPurpose, type Purpose } from '../models/purposes';
import { modelCatalogFor } from '../n8n/modelCatalogFor';

/** What the operation that is chosen in the open panel is for; undefined for operations that take any model. */
export function currentPurpose(context: ILoadOptionsFunctions): Purpose | undefined {
	return findPurpose(
		context.getCurrentNodeParameter('resource'),
		context.getCurrentNodeParameter('operation'),
	);
}

/**
 * What is known of the model that is chosen in the open panel; nothing while none is, or where an expression chooses it or
 * its route for each item. n8n's editor gives null for an expression it cannot work out yet.
 */
export async function currentModel(context: ILoadOptionsFunctions): Promise<ModelInput> {
	const model = trimmedOrUndefined(
		context.getCurrentNodeParameter('model', { extractValue: true }),
	);
	const route = trimmedOrUndefined(context.getCurrentNodeParameter('options.route'));
	const isSettled =
		model !== undefined && !model.startsWith('=') && route?.startsWith('=') !== true;
	return isSettled
		? await modelCatalog.modelInput(await modelCatalogFor(context), model, route)
		: { model: model ?? '', source: 'none', fields: [], usual: [], limits: [] };
}
