import { fittingModels } from '../../../../nodes/HiApi/models/fittingModels';
import type { CatalogModel } from '../../../../nodes/HiApi/models/modelCatalog';
import { purposes, type Purpose } from '../../../../nodes/HiApi/models/purposes';
import { findSnapshotModel, snapshot } from '../../../../nodes/HiApi/models/snapshot';

const models = snapshot.models.map((model): CatalogModel => ({ ...model, source: 'snapshot' }));
const ids = (purpose: Purpose, list = models) => fittingModels(list, purpose).map(({ id }) => id);
const named = (operation: string, resource = 'image') =>
	purposes.find(
		(purpose) => purpose.operation === operation && purpose.resource === resource,
	) as Purpose;
const rows = purposes.map(
	(purpose) => [`${purpose.resource} ${purpose.operation}`, purpose] as const,
);

describe('fittingModels', () => {
	it.each(rows)('%s: only models that do it, its default first', (_, purpose) => {
		const fitting = fittingModels(models, purpose);
		expect(fitting[0].id).toBe(purpose.defaultModel.id);
		for (const { modes } of fitting)
			expect(modes.filter((mode) => purpose.modes.includes(mode))).not.toEqual([]);
		const left = models.filter((model) => !fitting.includes(model));
		for (const { modes } of left)
			expect(modes.filter((mode) => purpose.modes.includes(mode))).toEqual([]);
	});

	it.each(rows)('%s: the default is one that HiAPI itself names', (_, { defaultModel }) => {
		expect(findSnapshotModel(defaultModel.id)?.status).toBe('current');
	});

	it.each(rows)('%s: old and doubtful ones come last', (_, purpose) => {
		const order = ['current', 'listed', 'unknown', 'legacy', 'retired'];
		const ranks = fittingModels(models, purpose).map(({ status }) => order.indexOf(status));
		expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
	});

	it('has quick ones before slow ones, and a route of its own after what it is a route of', () => {
		const images = ids(named('generate'));
		const before = (a: string, b: string) =>
			expect([a, b, images.indexOf(a) < images.indexOf(b)]).toEqual([a, b, true]);
		before('gpt-image-2.5-flare/text-to-image', 'gpt-image-2.5-sunburst/text-to-image');
		before('Nano-Banana', 'Nano-Banana-Pro');
		before('Nano-Banana-2', 'gpt-image-2/text-to-image@ext');
		before('gpt-image-2.5-sunburst/text-to-image', 'flux-1.1-pro');
	});

	it('offers a model whose modes nobody tells for everything of its kind, after those that are sure', () => {
		const vague: CatalogModel = {
			id: 'brand-new',
			title: 'Brand New',
			kind: 'video',
			modes: [],
			status: 'current',
			source: 'live',
		};
		const list = [vague, ...models];
		const video = ids(named('animateImage', 'video'), list);
		expect(video.indexOf('brand-new')).toBeGreaterThan(0);
		expect(video.indexOf('brand-new')).toBeLessThan(video.indexOf('hailuo-2.3/image-to-video'));
		expect(ids(named('generate'), list)).not.toContain('brand-new');
	});

	it('between the purposes, every bundled model that is current has a place', () => {
		const offered = new Set(purposes.flatMap((purpose) => ids(purpose)));
		const missing = models.filter(({ id, status }) => status === 'current' && !offered.has(id));
		expect(missing).toEqual([]);
	});
});
