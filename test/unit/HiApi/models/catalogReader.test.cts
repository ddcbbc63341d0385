import fc from 'fast-check';

import {
	readModelIndex,
	readPricing,
	schemaOwners,
} from '../../../../nodes/HiApi/models/catalogReader';

describe('readModelIndex', () => {
	it('reads the shape of www.hiapi.ai/docs/models.json', () => {
		const answer = {
			models: [
				{
					id: 'qwen-image-3.0/image-to-image',
					title: 'Qwen Image 3.0',
					category: 'image',
					capability: 'image-to-image',
					input: [
						{ name: 'prompt', type: 'string', required: true },
						{ name: 'image_urls', type: 'string[]', required: true },
					],
				},
				{ id: 'claude', title: 'Claude', category: 'text', capability: 'chat', input: [] },
				{ id: 'seedance-2.0', category: 'VIDEO', capability: 'text-to-video + image-to-video' },
			],
		};
		expect(readModelIndex(answer)).toEqual([
			{
				id: 'qwen-image-3.0/image-to-image',
				title: 'Qwen Image 3.0',
				kind: 'image',
				modes: ['image-to-image'],
				inputSchema: {
					type: 'object',
					required: ['prompt', 'image_urls'],
					properties: {
						prompt: { type: 'string' },
						image_urls: { type: 'array', items: { type: 'string' } },
					},
				},
			},
			{
				id: 'seedance-2.0',
				title: undefined,
				kind: 'video',
				modes: ['text-to-video', 'image-to-video'],
				inputSchema: undefined,
			},
		]);
	});

	it.each([
		undefined,
		null,
		'x',
		{},
		{ models: {} },
		{
			models: [
				null,
				1,
				{},
				{ id: '' },
				{ id: 'a' },
				{ id: 'a b', category: 'image' },
				{ id: 'x'.repeat(300), category: 'image' },
			],
		},
		{ error: {} },
	])('finds no models in %j', (answer) => {
		expect(readModelIndex(answer)).toEqual([]);
	});

	it('reads anything without failing, and no more than a catalogue can hold', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				readModelIndex({ models: [value] });
				readPricing({ data: [value] });
				schemaOwners(value);
			}),
		);
		const models = Array.from({ length: 20_000 }, (_, index) => ({
			id: `m${index}`,
			category: 'image',
		}));
		expect(readModelIndex({ models })).toHaveLength(2000);
	});
});

describe('readPricing', () => {
	const entry = {
		model_name: 'gpt-image-2/text-to-image@ext',
		category: 'image',
		output_type: 'image',
		supported_endpoint_types: ['task'],
		base_usd_value: 0.006,
	};

	it('reads the shape of www.hiapi.ai/api/pricing', () => {
		expect(readPricing({ data: [entry] })).toEqual([
			{
				id: 'gpt-image-2/text-to-image@ext',
				kind: 'image',
				modes: [],
				price: { model: 'gpt-image-2/text-to-image@ext', base: { usd: 0.006 }, rules: [] },
			},
		]);
	});

	it.each([[['openai']], [undefined], [[]]])(
		'leaves out models on other endpoints: %j',
		(endpoints) => {
			expect(readPricing({ data: [{ ...entry, supported_endpoint_types: endpoints }] })).toEqual(
				[],
			);
		},
	);
});

describe('schemaOwners', () => {
	it.each([
		[{ data: { input_schema: { properties: { model: { enum: ['a', 1] } } } } }, ['a']],
		[{ input_schema: { properties: { model: { const: 'a' } } } }, ['a']],
		[{ properties: { model: { type: 'string' } } }, []],
		[{ properties: {} }, []],
		[null, []],
	])('%j is for %j', (answer, owners) => {
		expect(schemaOwners(answer)).toEqual(owners);
	});
});
