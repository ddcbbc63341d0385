import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { searchModels } from '../../../../nodes/HiApi/listSearch/models';
import { snapshot } from '../../../../nodes/shared/models/snapshot';

const search = async (filter?: string) => (await searchModels.call({} as ILoadOptionsFunctions, filter)).results;

describe('searchModels', () => {
	it('offers every bundled model under the ID that is sent', async () => {
		const values = (await search()).map((item) => item.value);
		expect(values.sort()).toEqual(snapshot.models.map((model) => model.id).sort());
	});

	it('lists what HiAPI offers first and what it retired last, marked', async () => {
		const statuses = (await search()).map((item) => snapshot.models.find(({ id }) => id === item.value)?.status);
		const order = ['current', 'listed', 'unknown', 'legacy', 'retired'];
		const ranks = statuses.map((status) => order.indexOf(String(status)));
		expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
		expect((await search()).at(-1)).toMatchObject({ name: expect.stringContaining('(retired)') });
	});

	it('keeps models of one kind and mode together', async () => {
		const current = (await search())
			.map((item) => snapshot.models.find(({ id }) => id === item.value))
			.filter((model) => model?.status === 'current')
			.map((model) => `${model?.kind} ${model?.modes.join()}`);
		const changes = current.filter((group, index) => group !== current[index - 1]);
		expect(new Set(changes).size).toBe(changes.length);
	});

	it('has one entry per route that changes the fields, ready to be sent as the model', async () => {
		const values = (await search('gpt-image-2/text-to-image')).map((item) => item.value);
		expect(values).toEqual(
			expect.arrayContaining([
				'gpt-image-2/text-to-image',
				'gpt-image-2/text-to-image@beta',
				'gpt-image-2/text-to-image@ext',
			]),
		);
	});

	it.each([
		['seedance-2-0', 'seedance-2.0'],
		['HAPPYHORSE text-to-video', 'happyhorse-1.1/text-to-video'],
		['  music   minimax ', 'minimax-music-3'],
		['gpt image ext route', 'gpt-image-2/image-to-image@ext'],
	])('"%s" finds %s', async (filter, id) => {
		expect((await search(filter)).map((item) => item.value)).toContain(id);
	});

	it('finds only models of the kind asked for', async () => {
		const found = await search('audio');
		expect(found.length).toBeGreaterThan(5);
		for (const item of found) expect(item.name).toMatch(/^Audio: /);
	});

	it.each([
		['z-image', 'Image: Z-Image (text to image)'],
		['happyhorse-1.1/text-to-video', 'Video: HappyHorse 1.1 (text to video)'],
		['gpt-image-2-pro', 'Image: GPT Image 2 Pro (text to image) (retired)'],
		['seedance-2.0', 'Video: Seedance 2.0 (text to video, image to video, reference to video)'],
	])('shows %s as "%s"', async (id, name) => {
		expect((await search(id)).find((item) => item.value === id)?.name).toBe(name);
	});

	it('finds nothing for words no model has', async () => {
		expect(await search('no such model anywhere')).toEqual([]);
	});
});
