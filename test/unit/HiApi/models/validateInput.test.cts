import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import fc from 'fast-check';

import { validateInput } from '../../../../nodes/HiApi/models/validateInput';
import { inputs, inputSchemas, type Json } from './arbitrarySchema.cts';

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);

/** The tutorial's model, whose refusals www.hiapi.ai/en/blog/happyhorse-1-1-text-to-video-api-tutorial quotes. */
const happyhorse: Json = {
	type: 'object',
	additionalProperties: false,
	required: ['prompt'],
	properties: {
		prompt: { type: 'string', minLength: 1 },
		aspect_ratio: { enum: ['16:9', '9:16', '3:4', '4:3', '4:5', '5:4', '1:1', '9:21', '21:9'] },
		resolution: { enum: ['720p', '1080p'] },
		duration: { type: 'integer', minimum: 3, maximum: 15 },
	},
};

/** As published for gpt-image-2.5-flare/text-to-image, captured 2026-10-05 by HiAPI's own skill. */
const flare: Json = {
	type: 'object',
	additionalProperties: false,
	required: ['prompt'],
	properties: {
		prompt: { type: 'string', minLength: 1, maxLength: 8000 },
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
};

const withField = (field: unknown): Json => ({ type: 'object', properties: { field } });

describe('validateInput', () => {
	it('finds every problem at once, in the words the API used', () => {
		const problems = validateInput(happyhorse, {
			prompt: 'p',
			aspect_ratio: '2:1',
			resolution: '4K',
			duration: 99,
		});
		expect(problems).toEqual([
			"aspect_ratio: value must be one of '16:9', '9:16', '3:4', '4:3', '4:5', '5:4', '1:1', '9:21', '21:9'",
			"resolution: value must be one of '720p', '1080p'",
			'duration: maximum: got 99, want 15',
		]);
	});

	it.each<[Json, string[]]>([
		[{ prompt: 'p' }, []],
		[{ prompt: 'p', seed: 1 }, ["additional properties 'seed' not allowed"]],
		[
			{ seed: 1, audio: true },
			["additional properties 'seed', 'audio' not allowed", "missing property 'prompt'"],
		],
		[{ prompt: '' }, ['prompt: minLength: got 0, want 1']],
		[{ prompt: 'p', duration: 0 }, ['duration: minimum: got 0, want 3']],
		[{ prompt: 'p', duration: '6' }, ['duration: got string, want integer']],
		[{ prompt: 'p', duration: 6.5 }, ['duration: got number, want integer']],
		[{ prompt: 'p', duration: 6.0 }, []],
		[{ prompt: 'p', duration: true }, ['duration: got boolean, want integer']],
		[{ prompt: null }, ['prompt: got null, want string']],
		[{ prompt: ['p'] }, ['prompt: got array, want string']],
		[{ prompt: NaN }, ['prompt: got null, want string']],
		[{ prompt: 'p', duration: undefined }, []],
	])('%j gives %j', (input, expected) => {
		expect(validateInput(happyhorse, input)).toEqual(expected);
	});

	it.each<[Json, string[]]>([
		[{ prompt: 'p', background: 'auto' }, []],
		[{ prompt: 'p', background: 'auto', resolution: '1K' }, []],
		[{ prompt: 'p', background: 'auto', resolution: '2K' }, ["resolution: value must be '1K'"]],
		[{ prompt: 'p', resolution: '2K' }, []],
		[{ prompt: 'é🎬'.repeat(4000) }, []],
		[{ prompt: 'é🎬'.repeat(4001) }, ['prompt: maxLength: got 8002, want 8000']],
	])('follows if/then and counts characters, not bytes (%#)', (input, expected) => {
		expect(validateInput(flare, input)).toEqual(expected);
	});

	it.each<[unknown, unknown, string[]]>([
		[
			{ type: 'array', minItems: 1, maxItems: 2, items: { type: 'string' } },
			[],
			['field: minItems: got 0, want 1'],
		],
		[{ type: 'array', maxItems: 2 }, [1, 2, 3], ['field: maxItems: got 3, want 2']],
		[{ type: 'array', items: { type: 'string' } }, ['a', 1], ['field.1: got number, want string']],
		[
			{ type: 'array', items: { type: 'string', format: 'uri' } },
			['cat.png'],
			["field.0: 'cat.png' is not valid uri: relative url"],
		],
		[{ type: 'string', format: 'uri' }, 'data:image/png;base64,AA==', []],
		[{ type: 'string', format: 'uri' }, 'asset://abc', []],
		[
			{ type: 'string', pattern: '^[0-9]{3,5}x[0-9]{3,5}$' },
			'1024',
			["field: '1024' does not match pattern '^[0-9]{3,5}x[0-9]{3,5}$'"],
		],
		[{ type: ['string', 'null'] }, 1, ['field: got number, want string or null']],
		[{ const: 'x' }, 'y', ["field: value must be 'x'"]],
		[{ enum: ['a', 2, null] }, 'y', ["field: value must be one of 'a', 2, <nil>"]],
		[{ enum: ["it's"] }, 'y', ["field: value must be 'it\\'s'"]],
		[{ exclusiveMinimum: 0 }, 0, ['field: exclusiveMinimum: got 0, want 0']],
		[{ exclusiveMaximum: 5 }, 5, ['field: exclusiveMaximum: got 5, want 5']],
		[{ multipleOf: 8 }, 12, ['field: multipleOf: got 12, want 8']],
		[
			{ type: 'object', required: ['type', 'url'] },
			{},
			["field: missing properties 'type', 'url'"],
		],
		[{ type: 'object', minProperties: 1 }, {}, ['field: minProperties: got 0, want 1']],
		[false, 1, ['field: false schema']],
		[true, 1, []],
	])('schema %j with %j gives %j', (schema, value, expected) => {
		expect(validateInput(withField(schema), { field: value })).toEqual(expected);
	});

	it.each<[string, Json]>([
		['an unknown keyword', { type: 'string', notAKeyword: { x: 1 } }],
		['an unknown type', { type: 'file' }],
		[
			'alternatives',
			{ anyOf: [{ type: 'object' }], oneOf: [{ type: 'array' }], not: { type: 'string' } },
		],
		['a reference', { $ref: '#/$defs/elsewhere' }],
		['an unknown format', { type: 'string', format: 'color' }],
		['a pattern Go reads differently', { type: 'string', pattern: '^\\S$' }],
		['a pattern that could take for ever', { type: 'string', pattern: '^(a+)+$' }],
		['a pattern that is none', { type: 'string', pattern: '(' }],
		['a fractional step', { type: 'string', multipleOf: 0.1 }],
		[
			'keywords of the wrong kind',
			{ enum: 'x', minLength: '9', required: 'y', allOf: {}, properties: [] },
		],
		['a condition that cannot be judged', { if: { pattern: '\\S' }, then: false, else: false }],
		['a condition on alternatives', { if: { anyOf: [{ type: 'object' }] }, then: false }],
	])('does not refuse because of %s', (_name, schema) => {
		expect(validateInput(withField(schema), { field: 'some text' })).toEqual([]);
	});

	it('does not put a whole file into a message', () => {
		const schema = { properties: { field: { type: 'string', pattern: '^https?://' } } };
		const [problem] = validateInput(schema, { field: `data:image/png;base64,${'A'.repeat(1500)}` });
		expect(problem).toMatch(/^field: 'data:image\/png;base64,A+…' does not match pattern/);
		expect(problem.length).toBeLessThan(200);
	});

	it('does not refuse unknown fields where names are given as patterns', () => {
		expect(
			validateInput(
				{ additionalProperties: false, patternProperties: { '^x-': {} } },
				{ 'x-a': 1 },
			),
		).toEqual([]);
	});

	it('names inherited properties as unknown like any others', () => {
		const input = JSON.parse('{"toString":1,"__proto__":2}') as Json;
		expect(validateInput({ properties: {}, additionalProperties: false }, input)).toEqual([
			"additional properties 'toString', '__proto__' not allowed",
		]);
	});

	it('survives schemas and inputs of any depth', () => {
		let schema: Json = { type: 'string' };
		let value: unknown = 1;
		for (let depth = 0; depth < 5000; depth++) {
			schema = { items: schema };
			value = [value];
		}
		expect(validateInput(withField(schema), { field: value })).toEqual([]);
	});

	it('agrees with a full JSON Schema validator on every schema of the kinds HiAPI publishes', () => {
		fc.assert(
			fc.property(inputSchemas, inputs, (schema, input) => {
				const validate = ajv.compile(schema);
				const isRight = validate(input) as boolean;
				expect({ isRight, problems: validateInput(schema, input) }).toEqual(
					isRight
						? { isRight, problems: [] }
						: { isRight, problems: expect.arrayContaining([expect.any(String)]) },
				);
			}),
			{ numRuns: 300 },
		);
	});

	it('never refuses what a full validator accepts, whatever the schema', () => {
		const keywords = fc.dictionary(
			fc.constantFrom(
				'type',
				'enum',
				'const',
				'minimum',
				'maxLength',
				'items',
				'properties',
				'required',
				'allOf',
				'if',
				'then',
				'not',
				'anyOf',
				'pattern',
				'prefixItems',
				'contains',
				'dependentRequired',
				'unevaluatedProperties',
				'additionalProperties',
				'patternProperties',
			),
			fc.jsonValue({ maxDepth: 3 }),
		);
		fc.assert(
			fc.property(
				fc.oneof(
					keywords,
					fc.tuple(inputSchemas, keywords).map(([a, b]): Json => ({ ...a, ...b })),
				),
				inputs,
				(schema, input) => {
					let isAccepted: boolean;
					try {
						isAccepted = ajv.compile(schema as Json)(input) as boolean;
					} catch {
						return; // not a schema
					}
					if (isAccepted) expect(validateInput(schema as Json, input)).toEqual([]);
				},
			),
			{ numRuns: 300 },
		);
	});
});

test('choices that are lists or objects count by what is in them, as for any JSON Schema library', () => {
	// the library stumbles over fields with the names of an object's own methods
	const value = fc
		.jsonValue({ maxDepth: 2 })
		.filter((json) => !/"(__proto__|valueOf|toString)"/.test(JSON.stringify(json)));
	fc.assert(
		fc.property(
			fc.array(value, { minLength: 1, maxLength: 4 }),
			value,
			fc.nat(),
			(made, other, index) => {
				const copy = (json: unknown): unknown => JSON.parse(JSON.stringify(json));
				const choices = copy(made) as unknown[];
				const picked = choices[index % choices.length];
				for (const given of [picked, other, [picked], { ...(picked as object), more: 1 }].map(
					copy,
				)) {
					const schema: Json = { type: 'object', properties: { field: { enum: choices } } };
					expect(validateInput(schema, { field: given }).length === 0).toBe(
						ajv.validate(
							{
								...schema,
								properties: { field: { anyOf: choices.map((choice) => ({ const: choice })) } },
							},
							{ field: given },
						),
					);
					const fixed: Json = { type: 'object', properties: { field: { const: choices[0] } } };
					expect(validateInput(fixed, { field: given }).length === 0).toBe(
						ajv.validate(fixed, { field: given }),
					);
				}
			},
		),
	);
});
