import type { ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';

import { snapshot, type SnapshotModel } from '../../shared/models/snapshot';

const statusOrder = ['current', 'listed', 'unknown', 'legacy', 'retired'];
const kindOrder = ['image', 'video', 'audio'];
const kindLabels = { image: 'Image', video: 'Video', audio: 'Audio' };

const statusMarks: Partial<Record<SnapshotModel['status'], string>> = {
	unknown: ' (unconfirmed)',
	legacy: ' (legacy)',
	retired: ' (retired)',
};

function compareModels(a: SnapshotModel, b: SnapshotModel): number {
	return (
		statusOrder.indexOf(a.status) - statusOrder.indexOf(b.status) ||
		kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) ||
		a.modes.join().localeCompare(b.modes.join(), 'en') ||
		a.title.localeCompare(b.title, 'en', { numeric: true })
	);
}

function matches(model: SnapshotModel, words: string[]): boolean {
	const text = [model.id, model.title, model.kind, ...model.modes, ...(model.aliases ?? [])].join(' ').toLowerCase();
	return words.every((word) => text.includes(word));
}

/** The picker shows names only, so a name says what goes in and comes out unless the title already does. */
function shownName(model: SnapshotModel): string {
	const modes = model.title.includes('(') ? '' : ` (${model.modes.join(', ').replaceAll('-', ' ')})`;
	return `${kindLabels[model.kind]}: ${model.title}${modes}${statusMarks[model.status] ?? ''}`;
}

function toListItem(model: SnapshotModel): INodeListSearchItems {
	return {
		name: shownName(model),
		value: model.id,
		description: model.id,
		url: model.docs,
	};
}

/**
 * Fills the model picker. A model on a route of its own is one entry whose value is `model@route`: HiAPI accepts that as
 * `model`, so picking it is enough.
 *
 * @param filter words that must all occur in a model's ID, other spellings, title, kind or mode
 */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const words = (filter ?? '').toLowerCase().split(/\s+/).filter(Boolean);
	const found = snapshot.models.filter((model) => matches(model, words));
	return { results: found.sort(compareModels).map(toListItem) };
}
