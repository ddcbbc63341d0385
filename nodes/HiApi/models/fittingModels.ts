import type { CatalogModel } from './modelCatalog';
import type { Purpose } from './purposes';
import { findSnapshotModel, type ModelConfidence } from './snapshot';

const STATUSES = ['current', 'listed', 'unknown', 'legacy', 'retired'];
const CONFIDENCES: ModelConfidence[] = ['documented', 'partial', 'named-only'];
/** What vendors call their cheap and quick variants, and their dear and slow ones. */
const QUICK = /\b(flash|flare|fast|lite|mini|turbo|schnell|klein|nano)\b/i;
const SLOW = /\b(pro|plus|max|ultra|quality|sunburst|omni)\b/i;

function speedRank({ id }: CatalogModel): number {
	const name = id.replace(/[/@]/g, ' ').replace(/nano-banana/i, '');
	if (SLOW.test(name)) return 2;
	return QUICK.test(name) ? 0 : 1;
}

/** Whether a model may serve a purpose. One whose modes nobody tells may serve every purpose of its kind. */
function fits(model: CatalogModel, purpose: Purpose): boolean {
	if (model.modes.length === 0) return model.kind === purpose.resource;
	return model.modes.some((mode) => purpose.modes.includes(mode));
}

/**
 * The models for an operation, recommended ones first: its default, then what HiAPI offers and documents, cheap and quick
 * before dear and slow; then the rest, with doubtful and old ones at the end.
 */
export function fittingModels(models: CatalogModel[], purpose: Purpose): CatalogModel[] {
	const ranks = (model: CatalogModel) => {
		const known = findSnapshotModel(model.id);
		return [
			model.id === purpose.defaultModel.id ? 0 : 1,
			STATUSES.indexOf(model.status),
			model.modes.length === 0 ? 1 : 0,
			CONFIDENCES.indexOf(known?.confidence ?? 'partial'),
			// a route of its own is for those who know why
			model.id.includes('@') ? 1 : 0,
			speedRank(model),
		];
	};
	return models
		.filter((model) => fits(model, purpose))
		.map((model) => ({ model, rank: ranks(model) }))
		.sort(
			(a, b) =>
				a.rank.map((one, index) => one - b.rank[index]).find((difference) => difference !== 0) ??
				a.model.title.localeCompare(b.model.title, 'en', { numeric: true }),
		)
		.map(({ model }) => model);
}
