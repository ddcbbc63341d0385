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
		base_display_unit: { en: 'per image', zh: '每张' },
		policies: [
			{ rule: { resolution: { match: '2K' }, quality: { match: 'high' } }, usd_value: 0.1 },
			{ rule: { image_urls: { with: true } }, usd_value: '0.2' },
			{ rule: { resolution: { atLeast: 3 } }, usd_value: 9 },
			{ rule: {}, usd_value: 9 },
			{ rule: { resolution: { match: '4K' } }, usd_value: null },
		],
	};

	it('reads the shape of www.hiapi.ai/api/pricing, and says when there are rules it cannot read', () => {
		expect(readPricing({ data: [entry] })).toEqual([
			{
				id: 'gpt-image-2/text-to-image@ext',
				kind: 'image',
				modes: [],
				price: {
					usd: 0.006,
					unit: 'per image',
					variants: [
						{ when: { resolution: '2K', quality: 'high' }, usd: 0.1 },
						{ when: { image_urls: true }, usd: 0.2 },
					],
					incomplete: true,
				},
			},
		]);
	});

	it.each([
		[
			'several values to one price',
			{ rule: { q: { match: ['low', 'auto'] } }, usd_value: 2 },
			[
				{ when: { q: 'low' }, usd: 2 },
				{ when: { q: 'auto' }, usd: 2 },
			],
		],
		[
			'a multiple',
			{ rule: { a: { with: true } }, pricing_type: 'multiply', times: 3 },
			[{ when: { a: true }, usd: 1.5 }],
		],
		[
			'a multiple in an older field',
			{ rule: { a: { match: 1 } }, pricing_type: 'multiply', pricing_value: 4 },
			[{ when: { a: 1 }, usd: 2 }],
		],
		['quota units', { rule: { a: { match: 1 } }, usd_value: null, pricing_value: 9 }, 'incomplete'],
		['a comparison', { rule: { a: { above: 1 } }, usd_value: 1 }, 'incomplete'],
		['no rule', { usd_value: 1 }, 'incomplete'],
		['no policy', null, 'incomplete'],
	])('reads %s', (_name, policy, expected) => {
		const priced = { ...entry, base_usd_value: 0.5, policies: [policy] };
		expect(readPricing({ data: [priced] })[0].price).toEqual(
			expected === 'incomplete'
				? { usd: 0.5, unit: expect.any(String), variants: [], incomplete: true }
				: { usd: 0.5, unit: expect.any(String), variants: expected },
		);
	});

	it('reads the price of an older row', () => {
		const older = { ...entry, base_usd_value: null, model_price: 0.5, policies: [] };
		expect(readPricing({ data: [older] })[0].price?.usd).toBe(0.5);
	});

	it.each([[null], [''], ['free'], [-1], [undefined]])('gives no price for %j', (price) => {
		expect(readPricing({ data: [{ ...entry, base_usd_value: price }] })[0].price).toBeUndefined();
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
