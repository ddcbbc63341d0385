import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { modelCatalog, type CatalogModel } from '../models/modelCatalog';
import { modelCatalogFor } from '../n8n/modelCatalogFor';
import { fittingModels } from '../models/fittingModels';
import { modelSearch } from '../models/modelSearch';
import { currentPurpose } from './openPanel';

const statusOrder = ['current', 'listed', 'unknown', 'legacy', 'retired'];
const kindOrder = ['image', 'video', 'audio'];
/** n8n's list gets slow with more; the search finds the rest. */
const MAX_RESULTS = 500;

const statusMarks: Partial<Record<CatalogModel['status'], string>> = {
	unknown: ' (unconfirmed)',
	legacy: ' (legacy)',
	retired: ' (retired)',
};

const kindRank = (kind: string) =>
	kindOrder.includes(kind) ? kindOrder.indexOf(kind) : kindOrder.length;

function compareModels(a: CatalogModel, b: CatalogModel): number {
	return (
		statusOrder.indexOf(a.status) - statusOrder.indexOf(b.status) ||
		kindRank(a.kind) - kindRank(b.kind) ||
		a.kind.localeCompare(b.kind, 'en') ||
		a.modes.join().localeCompare(b.modes.join(), 'en') ||
		a.title.localeCompare(b.title, 'en', { numeric: true })
	);
}

/** The picker shows names only, so a name says what goes in and comes out unless the title already does. */
function fullName(model: CatalogModel): string {
	const kind =
		model.kind === '' ? '' : `${model.kind.charAt(0).toUpperCase()}${model.kind.slice(1)}: `;
	const isSaid = model.title.includes('(') || model.modes.length === 0;
	const modes = isSaid ? '' : ` (${model.modes.join(', ').replaceAll('-', ' ')})`;
	return `${kind}${model.title}${modes}`;
}

/** Where all models do the same, saying so in every line would only be in the way. */
const shortName = ({ title }: CatalogModel) =>
	title.replace(/ \((?:(?:text|image|reference) to \w+|generate or edit|video)\)$/, '');

function toListItem(model: CatalogModel, name: string): INodeListSearchItems {
	return {
		name: `${name}${statusMarks[model.status] ?? ''}`,
		value: model.id,
		description: model.id,
		url: model.docs,
	};
}

/**
 * Fills the model picker, from HiAPI's catalogue or else from the bundled list: for an operation of Image, Video or Audio
 * with the models that fit it, recommended ones first, otherwise with all. A model on a route of its own is one entry
 * whose value is `model@route`: HiAPI accepts that as `model`, so picking it is enough.
 *
 * @param filter what the user typed; see `modelSearch`
 */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const purpose = currentPurpose(this);
	const models = await modelCatalog.listModels(await modelCatalogFor(this));
	const offered =
		purpose === undefined ? [...models].sort(compareModels) : fittingModels(models, purpose);
	const nameOf = purpose === undefined ? fullName : shortName;
	const found = offered.filter(modelSearch(filter ?? '')).slice(0, MAX_RESULTS);
	return { results: found.map((model) => toListItem(model, nameOf(model))) };
}
