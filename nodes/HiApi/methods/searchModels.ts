import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { modelCatalog, type CatalogModel } from '../models/modelCatalog';
import { modelCatalogFor } from '../models/catalogAccess';

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

function matches(model: CatalogModel, words: string[]): boolean {
	const text = [model.id, model.title, model.kind, ...model.modes, ...(model.aliases ?? [])]
		.join(' ')
		.toLowerCase();
	return words.every((word) => text.includes(word));
}

/** The picker shows names only, so a name says what goes in and comes out unless the title already does. */
function shownName(model: CatalogModel): string {
	const kind =
		model.kind === '' ? '' : `${model.kind.charAt(0).toUpperCase()}${model.kind.slice(1)}: `;
	const isSaid = model.title.includes('(') || model.modes.length === 0;
	const modes = isSaid ? '' : ` (${model.modes.join(', ').replaceAll('-', ' ')})`;
	return `${kind}${model.title}${modes}${statusMarks[model.status] ?? ''}`;
}

function toListItem(model: CatalogModel): INodeListSearchItems {
	return { name: shownName(model), value: model.id, description: model.id, url: model.docs };
}

/**
 * Fills the model picker, from HiAPI's catalogue or else from the bundled list. A model on a route of its own is one entry
 * whose value is `model@route`: HiAPI accepts that as `model`, so picking it is enough.
 *
 * @param filter words that must all occur in a model's ID, other spellings, title, kind or mode
 */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const words = (filter ?? '').toLowerCase().split(/\s+/).filter(Boolean);
	const models = await modelCatalog.listModels(await modelCatalogFor(this));
	const found = models.filter((model) => matches(model, words)).sort(compareModels);
	return { results: found.slice(0, MAX_RESULTS).map(toListItem) };
}
