import type { IExecuteFunctions } from 'n8n-workflow';

import { modelCatalog, type CatalogAccess } from '../../models/modelCatalog';
import { describePrice } from '../../models/priceText';
import { showHint } from '../../../shared/n8nCompat';

/**
 * Names the price of what was run, where HiAPI's price list is simple enough: one model on one route, one price, and a
 * unit to it. Anything else would be a guess, and a wrong price is worse than none.
 *
 * @param models the models of the run, each with its route (`model@route`)
 */
export async function addPriceHint(
	context: IExecuteFunctions,
	catalog: CatalogAccess,
	models: Set<string>,
): Promise<void> {
	const [model, ...others] = models;
	if (model === undefined || others.length > 0) return;
	const price = await modelCatalog.price(catalog, model);
	if (price === undefined || 'reason' in price || price.rules.length > 0) return;
	if (price.unit === undefined || 'reason' in price.base) return;
	const { text } = describePrice(price);
	showHint(context, `HiAPI's price list now: ${text} of ${model}`, 'info');
}
