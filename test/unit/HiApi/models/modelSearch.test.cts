import type { CatalogModel } from '../../../../nodes/HiApi/models/modelCatalog';
import { modelSearch } from '../../../../nodes/HiApi/models/modelSearch';
import { snapshot } from '../../../../nodes/HiApi/models/snapshot';

const models = snapshot.models.map((model): CatalogModel => ({ ...model, source: 'snapshot' }));
const found = (filter: string) => models.filter(modelSearch(filter));
const kinds = (filter: string) => [...new Set(found(filter).map(({ kind }) => kind))];

describe('modelSearch', () => {
	it.each([
		['text to image', 'image'],
		['text-to-image', 'image'],
		['text2image', 'image'],
		['t2i', 'image'],
		['photo', 'image'],
		['pictures', 'image'],
		['edit', 'image'],
		['remove background', 'image'],
		['text to video', 'video'],
		['image to video', 'video'],
		['i2v', 'video'],
		['clip', 'video'],
		['animate', 'video'],
		['avatar', 'video'],
		['lip sync', 'video'],
		['voice', 'audio'],
		['tts', 'audio'],
		['text to speech', 'audio'],
		['speech', 'audio'],
		['song', 'audio'],
		['text to music', 'audio'],
	])('"%s" finds models for %s and nothing else', (filter, kind) => {
		expect(kinds(filter)).toEqual([kind]);
	});

	it('takes every mode of a model into account, not only the first', () => {
		expect(found('image to video').map(({ id }) => id)).toContain('seedance-2.0');
		expect(found('text to video').map(({ id }) => id)).toContain('seedance-2.0');
		expect(found('image to image nano').map(({ id }) => id)).toEqual([
			'Nano-Banana-2',
			'Nano-Banana-Pro',
		]);
	});

	it('leaves out models of other modes that have all the words', () => {
		for (const { modes } of found('text to image')) expect(modes).toContain('text-to-image');
	});

	it.each([
		['seedance fast', 'seedance-2.0-fast'],
		['gpt-image-2/text-to-image', 'gpt-image-2/text-to-image@ext'],
		['KLING text to video', 'kling-3.0-omni/text-to-video'],
		['wan2.7', 'wan2.7-video/text-to-video'],
		['avatar', 'heygen-avatar-v'],
		['constructor', undefined],
	])('"%s" finds %s', (filter, id) => {
		const ids = found(filter).map((model) => model.id);
		if (id === undefined) expect(ids).toEqual([]);
		else expect(ids).toContain(id);
	});

	it('finds everything for nothing', () => {
		expect(found(' ').length).toBe(models.length);
	});
});
