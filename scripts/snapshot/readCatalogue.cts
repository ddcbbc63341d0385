import {
	readModelIndex,
	readPricing,
	schemaOwners,
	type ListedModel,
} from '../../nodes/HiApi/models/catalogReader';
import { readInputSchema } from '../../nodes/HiApi/models/inputSchema';
import type { UnknownRecord } from '../../nodes/shared/values';

/** A model as the catalogue describes it now. */
export interface PublishedModel extends ListedModel {
	/** The published JSON Schema; undefined when there is none for exactly this id. */
	published?: UnknownRecord;
}

const AT_ONCE = 4;

/**
 * Everything HiAPI's public catalogue says about task models.
 *
 * @param fetchJson reads one public JSON document; undefined when it is not there
 * @throws Error when neither the model index nor the price list can be read: an empty answer must not empty the snapshot
 */
export async function readCatalogue(
	baseUrl: string,
	fetchJson: (url: string) => Promise<unknown>,
): Promise<PublishedModel[]> {
	const [index, pricing] = await Promise.all(
		['/docs/models.json', '/api/pricing'].map(async (path) => await fetchJson(`${baseUrl}${path}`)),
	);
	const listed = new Map<string, PublishedModel>();
	for (const { price: _price, ...model } of readPricing(pricing)) listed.set(model.id, model);
	for (const model of readModelIndex(index)) listed.set(model.id, model);
	if (listed.size === 0)
		throw new Error(
			`${baseUrl} lists no models: neither /docs/models.json nor /api/pricing could be read`,
		);
	const waiting = [...listed.values()];
	const work = async () => {
		for (let model = waiting.shift(); model; model = waiting.shift()) {
			const answer = await fetchJson(
				`${baseUrl}/api/models/content?name=${encodeURIComponent(model.id)}`,
			);
			const owners = schemaOwners(answer);
			if (owners.length === 0 || owners.includes(model.id))
				model.published = readInputSchema(answer);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
	return [...listed.values()];
}
