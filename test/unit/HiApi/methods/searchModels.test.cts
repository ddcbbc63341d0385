import { Readable } from 'node:stream';

import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { searchModels } from '../../../../nodes/HiApi/methods/searchModels';
import { snapshot } from '../../../../nodes/HiApi/models/snapshot';

/** n8n's side of a picker: a credential, and the hosts that answer. */
function editor(
	credential: object,
	answers: Record<string, unknown> = {},
	parameters: Record<string, unknown> = {},
) {
	const asked: string[] = [];
	const context = {
		getCurrentNodeParameter: (name: string) => parameters[name],
		getCredentials: async () => credential,
		helpers: {
			httpRequest: async ({ url }: { url: string }) => {
				asked.push(url);
				if (!(url in answers)) throw new Error('connect ECONNREFUSED');
				return { statusCode: 200, body: Readable.from([JSON.stringify(answers[url])]) };
			},
		},
	} as unknown as ILoadOptionsFunctions;
	return { context, asked };
}

const otherHost = editor({ baseUrl: 'http://127.0.0.1:1/v1' }).context;
const search = async (filter?: string, context = otherHost) =>
	(await searchModels.call(context, filter)).results;
const bundled = (id: unknown) => snapshot.models.find((model) => model.id === id);

describe('searchModels without a catalogue', () => {
	it('asks nobody for a HiAPI on another host', async () => {
		const { context, asked } = editor({ baseUrl: 'https://hiapi.example.com/v1' });
		expect((await search('', context)).length).toBe(snapshot.models.length);
		expect(asked).toEqual([]);
	});

	it('offers every bundled model under the ID that is sent', async () => {
		const values = (await search()).map((item) => item.value);
		expect(values.sort()).toEqual(snapshot.models.map((model) => model.id).sort());
	});

	it('lists what HiAPI offers first and what it retired last, marked', async () => {
		const statuses = (await search()).map((item) => bundled(item.value)?.status);
		const order = ['current', 'listed', 'unknown', 'legacy', 'retired'];
		const ranks = statuses.map((status) => order.indexOf(String(status)));
		expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
		expect((await search()).at(-1)).toMatchObject({ name: expect.stringContaining('(retired)') });
	});

	it('keeps models of one kind and mode together', async () => {
		const current = (await search())
			.map((item) => bundled(item.value))
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

describe('searchModels with a catalogue', () => {
	it('lists what the catalogue lists, in the order and form of the bundled list', async () => {
		const catalogUrl = 'https://catalogue.example.com';
		const { context, asked } = editor(
			{ baseUrl: 'https://hiapi.example.com/v1', catalogUrl },
			{
				[`${catalogUrl}/docs/models.json`]: {
					models: [
						{
							id: 'sculptor-1',
							title: 'Sculptor 1',
							category: '3d',
							capability: 'text-to-3d',
							input: [],
						},
						{
							id: 'z-image',
							title: '造像',
							category: 'image',
							capability: 'text-to-image',
							input: [],
						},
					],
				},
			},
		);
		expect((await search('sculptor', context)).map((item) => item.name)).toEqual([
			'3d: Sculptor 1 (text to 3d)',
		]);
		expect((await search('z-image', context)).map((item) => item.name)).toEqual([
			'Image: Z-Image (text to image)',
		]);
		expect(new Set(asked)).toEqual(
			new Set([`${catalogUrl}/docs/models.json`, `${catalogUrl}/api/pricing`]),
		);
	});

	it('shows no more than n8n can, and finds the rest by searching', async () => {
		const catalogUrl = 'https://long-catalogue.example.com';
		const models = Array.from({ length: 1500 }, (_, index) => ({
			id: `m-${index}`,
			title: `M ${index}`,
			category: 'image',
		}));
		const { context } = editor(
			{ baseUrl: 'https://x.example.com/v1', catalogUrl },
			{ [`${catalogUrl}/docs/models.json`]: { models } },
		);
		expect((await search('', context)).length).toBe(500);
		expect((await search('m-1499', context)).map((item) => item.value)).toEqual(['m-1499']);
	});
});
