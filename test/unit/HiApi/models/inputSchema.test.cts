import fc from 'fast-check';

import {
	fieldsOf,
	readInputSchema,
	schemaOfFieldList,
} from '../../../../nodes/HiApi/models/inputSchema';
import { snapshot } from '../../../../nodes/HiApi/models/snapshot';
import { inputSchemas, type Json } from './arbitrarySchema.cts';

/** As www.hiapi.ai/api/models/content answers, captured 2026-10-05 by HiAPI's own skill. */
const published = {
	data: {
		input_schema: {
			$schema: 'https://json-schema.org/draft/2020-12/schema',
			type: 'object',
			additionalProperties: false,
			required: ['model', 'prompt', 'image_urls'],
			properties: {
				model: {
					type: 'string',
					enum: ['gpt-image-2.5-flare/image-to-image'],
					default: 'gpt-image-2.5-flare/image-to-image',
				},
				aspect_ratio: { type: 'string', default: 'auto', enum: ['auto', '1:1', '3:2'] },
				prompt: { type: 'string', minLength: 1, maxLength: 8000 },
				image_urls: {
					type: 'array',
					items: { type: 'string', format: 'uri' },
					minItems: 1,
					maxItems: 16,
				},
				resolution: { type: 'string', default: '1K', enum: ['1K', '2K', '4K'] },
				background: { type: 'string', enum: ['transparent', 'opaque', 'auto'] },
			},
			allOf: [
				{
					if: {
						properties: { background: { enum: ['auto', 'opaque', 'transparent'] } },
						required: ['background'],
					},
					then: { properties: { resolution: { enum: ['1K'] } } },
				},
			],
		},
	},
};

const field = (declared: unknown, root: Json = {}) =>
	fieldsOf({ ...root, properties: { it: declared } })[0];

describe('readInputSchema', () => {
	it('drops the wrapper around the input, and nothing else', () => {
		const { properties, required, ...rest } = published.data.input_schema;
		const { model: _model, ...fields } = properties;
		expect(readInputSchema(published)).toEqual({
			...rest,
			required: ['prompt', 'image_urls'],
			properties: fields,
		});
		expect(required).toContain('model'); // the answer itself is left as it was
	});

	it('drops rules that look at the wrapper', () => {
		const rule = { if: { properties: { model: { const: 'a' } } }, then: { required: ['x'] } };
		const schema = {
			properties: { model: {}, x: {} },
			allOf: [rule, { required: ['x'] }],
			...rule,
		};
		expect(readInputSchema(schema)).toEqual({
			properties: { x: {} },
			allOf: [{ required: ['x'] }],
		});
	});

	it.each([
		['the schema alone', published.data.input_schema],
		['without an envelope', { input_schema: published.data.input_schema }],
		['as text', { data: { input_schema: JSON.stringify(published.data.input_schema) } }],
	])('reads %s', (_form, answer) => {
		expect(readInputSchema(answer)).toEqual(readInputSchema(published));
	});

	it('takes no schema with more fields than any model has', () => {
		const schema = (count: number) => ({
			properties: Object.fromEntries(
				Array.from({ length: count }, (_, index) => [`f${index}`, {}]),
			),
		});
		expect(readInputSchema(schema(300))).toBeDefined();
		expect(readInputSchema(schema(301))).toBeUndefined();
	});

	it.each([
		undefined,
		null,
		'',
		'text',
		0,
		[],
		{},
		{ data: null },
		{ data: { input_schema: null } },
		{ data: { input_schema: '{' } },
		{ data: { input_schema: { type: 'object' } } },
		{ error: { code: 'x' } },
	])('finds no schema in %j', (answer) => {
		expect(readInputSchema(answer)).toBeUndefined();
	});
});

describe('fieldsOf', () => {
	it('puts required fields first and explains rules at the field that brings them into force', () => {
		expect(fieldsOf(readInputSchema(published)!)).toEqual([
			{
				name: 'prompt',
				type: 'string',
				required: true,
				limits: ['up to 8000 characters'],
				conditions: [],
			},
			{
				name: 'image_urls',
				type: 'list',
				entryType: 'string',
				required: true,
				limits: ['1 to 16 entries'],
				conditions: [],
			},
			{
				name: 'aspect_ratio',
				type: 'string',
				required: false,
				choices: ['auto', '1:1', '3:2'],
				defaultValue: 'auto',
				limits: [],
				conditions: [],
			},
			{
				name: 'resolution',
				type: 'string',
				required: false,
				choices: ['1K', '2K', '4K'],
				defaultValue: '1K',
				limits: [],
				conditions: [],
			},
			{
				name: 'background',
				type: 'string',
				required: false,
				choices: ['transparent', 'opaque', 'auto'],
				limits: [],
				conditions: ['When Background is set, Resolution must be 1K'],
			},
		]);
	});

	it.each<[unknown, Json]>([
		[
			{ type: 'integer', minimum: 3, maximum: 15, default: 5 },
			{ type: 'integer', limits: ['3 to 15'], defaultValue: 5 },
		],
		[
			{ type: 'number', minimum: 0 },
			{ type: 'number', limits: ['at least 0'] },
		],
		[
			{ type: 'boolean', default: false },
			{ type: 'boolean', defaultValue: false },
		],
		[{ type: ['string', 'null'] }, { type: 'string' }],
		[{ type: ['integer', 'number'] }, { type: 'number' }],
		[{ type: ['string', 'integer'] }, { type: 'any' }],
		[{ type: 'object', properties: {} }, { type: 'object' }],
		[{ properties: {} }, { type: 'object' }],
		[{ enum: ['a', 'b', null] }, { type: 'string', choices: ['a', 'b'] }],
		[{ enum: [5, 10] }, { type: 'number', choices: [5, 10] }],
		[{ const: 'x' }, { type: 'string', choices: ['x'] }],
		[{ enum: [{ a: 1 }] }, { type: 'any' }],
		[
			{ type: 'array', items: { type: 'object' } },
			{ type: 'list', entryType: 'object' },
		],
		[
			{ type: 'array', items: { enum: ['a'] } },
			{ type: 'list', entryType: 'string', choices: ['a'] },
		],
		[{ type: 'array' }, { type: 'list', entryType: 'any' }],
		[
			{ type: 'array', items: { type: 'array' } },
			{ type: 'list', entryType: 'any' },
		],
		[{ anyOf: [{ type: 'string', format: 'uri' }, { type: 'string' }] }, { type: 'string' }],
		[{ anyOf: [{ type: 'string' }, { type: 'null' }] }, { type: 'string' }],
		[{ oneOf: [{ type: 'string' }, { type: 'array' }] }, { type: 'any' }],
		[
			{ minLength: 3, maxLength: 3 },
			{ type: 'any', limits: ['exactly 3 characters'] },
		],
		[
			{ type: 'string', description: '  What to draw ', default: '' },
			{ type: 'string', description: 'What to draw' },
		],
		[{ type: 'array', default: ['a'] }, { type: 'list' }],
		[{}, { type: 'any' }],
		[true, { type: 'any' }],
		[null, { type: 'any' }],
		[{ type: 'file' }, { type: 'any' }],
	])('%j is %j', (declared, expected) => {
		const found = field(declared);
		expect(found).toMatchObject(expected);
		for (const key of ['choices', 'defaultValue', 'description'] as const) {
			expect([key, found[key]]).toEqual([key, expected[key]]);
		}
	});

	it('follows references inside the schema, however they go wrong', () => {
		const $defs = {
			ratio: { type: 'string', enum: ['a'] },
			loop: { $ref: '#/$defs/loop' },
			'a/b': { type: 'integer' },
		};
		expect(field({ $ref: '#/$defs/ratio', description: 'Own words' }, { $defs })).toMatchObject({
			type: 'string',
			choices: ['a'],
			description: 'Own words',
		});
		expect(field({ $ref: '#/$defs/a~1b' }, { $defs })).toMatchObject({ type: 'integer' });
		for (const $ref of [
			'#/$defs/loop',
			'#/$defs/missing',
			'https://elsewhere.example.com',
			'#/$defs/toString',
		]) {
			expect(field({ $ref }, { $defs })).toMatchObject({ type: 'any' });
		}
	});

	it('leaves out fields that may not be set', () => {
		expect(fieldsOf({ properties: { a: false, b: true } }).map(({ name }) => name)).toEqual(['b']);
	});

	it('names every field of any schema once', () => {
		fc.assert(
			fc.property(inputSchemas, (schema) => {
				const names = fieldsOf(schema).map(({ name }) => name);
				expect([...names].sort()).toEqual(Object.keys(schema.properties as Json).sort());
				const isRequired = fieldsOf(schema).map(({ required }) => required);
				expect(isRequired).toEqual([...isRequired].sort((a, b) => Number(b) - Number(a)));
			}),
		);
	});

	it('reads anything without failing', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (answer) => {
				fieldsOf((readInputSchema({ input_schema: answer }) ?? { properties: answer }) as Json);
			}),
		);
	});

	it('knows a type for every bundled field', () => {
		for (const { id, inputSchema } of snapshot.models) {
			for (const { name, type } of inputSchema ? fieldsOf(inputSchema) : [])
				expect([id, name, type]).not.toEqual([id, name, 'any']);
		}
	});
});

describe('schemaOfFieldList', () => {
	it('turns the list of the model index into a schema', () => {
		expect(
			schemaOfFieldList([
				{ name: 'model', type: 'string', required: true },
				{ name: 'prompt', type: 'string', required: true },
				{ name: 'aspect_ratio', type: 'enum', enum: ['1:1', '16:9'], default: '1:1' },
				{ name: 'image_urls', type: 'string[]', required: 'yes' },
				{ name: 'media', type: 'object[]' },
				{ name: 'duration', type: 'integer' },
				{ name: 'odd', type: 'constructor' },
				{ type: 'string' },
				'text',
			]),
		).toEqual({
			type: 'object',
			required: ['prompt'],
			properties: {
				prompt: { type: 'string' },
				aspect_ratio: { enum: ['1:1', '16:9'], default: '1:1' },
				image_urls: { type: 'array', items: { type: 'string' } },
				media: { type: 'array', items: { type: 'object' } },
				duration: { type: 'integer' },
				odd: {},
			},
		});
	});

	it.each([undefined, null, {}, [], 'x', [{ name: 'model' }], [null]])(
		'finds no fields in %j',
		(list) => {
			expect(schemaOfFieldList(list)).toBeUndefined();
		},
	);
});
