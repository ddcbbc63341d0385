import fc from 'fast-check';

/** A JSON object in a test's hands. */
export type Json = Record<string, unknown>;

const fieldNames = [
	'prompt',
	'aspect_ratio',
	'duration',
	'image_urls',
	'seed',
	'watermark',
	'media',
	'rate',
];
const words = ['auto', '16:9', '1K', '2K', 'a', 'b c', "it's", 'ünï', '🎬'];

const bounds = (low: string, high: string, max: number) =>
	fc
		.tuple(
			fc.option(fc.integer({ min: 0, max }), { nil: undefined }),
			fc.option(fc.integer({ min: 0, max }), { nil: undefined }),
		)
		.map(([from, span]) => ({
			...(from !== undefined && { [low]: from }),
			...(span !== undefined && { [high]: (from ?? 0) + span }),
		}));

const text = bounds('minLength', 'maxLength', 6).map(
	(limits): Json => ({ type: 'string', ...limits }),
);
const choice = fc
	.uniqueArray(fc.constantFrom(...words), { minLength: 1, maxLength: 4 })
	.map((values): Json => ({ type: 'string', enum: values }));
const wholeNumber = bounds('minimum', 'maximum', 20).map(
	(limits): Json => ({ type: 'integer', ...limits }),
);
const anyNumber = bounds('minimum', 'maximum', 20).map(
	(limits): Json => ({ type: 'number', ...limits }),
);
const toggle = fc.constant<Json>({ type: 'boolean' });
const url = fc.constant<Json>({ type: 'string', format: 'uri' });
const either = fc.constantFrom<Json>(
	{ type: ['string', 'null'] },
	{ type: ['integer', 'string'] },
	{},
	{ const: 'fixed' },
);
const single = fc.oneof(text, choice, wholeNumber, anyNumber, toggle, url, either);
const nested = fc
	.tuple(
		fc.dictionary(fc.constantFrom('type', 'url', 'text'), single, { minKeys: 1, maxKeys: 3 }),
		fc.boolean(),
	)
	.map(
		([properties, isClosed]): Json => ({
			type: 'object',
			properties,
			required: Object.keys(properties).slice(0, 1),
			...(isClosed && { additionalProperties: false }),
		}),
	);
const list = fc
	.tuple(fc.oneof(text, choice, wholeNumber, url, nested), bounds('minItems', 'maxItems', 3))
	.map(([items, limits]): Json => ({ type: 'array', items, ...limits }));
const field = fc.oneof({ weight: 4, arbitrary: single }, { weight: 2, arbitrary: list }, nested);

/** "When this field is one of these, that one must be one of those", as HiAPI publishes such rules. */
const rule = (names: string[]) =>
	fc.tuple(fc.constantFrom(...names), choice, fc.constantFrom(...names), choice, fc.boolean()).map(
		([cause, values, effect, allowed, isNeeded]): Json => ({
			if: { properties: { [cause]: { enum: values.enum } }, required: [cause] },
			then: {
				properties: { [effect]: { enum: allowed.enum } },
				...(isNeeded && { required: [effect] }),
			},
		}),
	);

/** Input schemas built from everything found in HiAPI's published ones. */
export const inputSchemas: fc.Arbitrary<Json> = fc
	.uniqueArray(fc.constantFrom(...fieldNames), { minLength: 1, maxLength: 6 })
	.chain((names) =>
		fc
			.tuple(
				fc.array(field, { minLength: names.length, maxLength: names.length }),
				fc.subarray(names),
				fc.boolean(),
				fc.array(rule(names), { maxLength: 2 }),
			)
			.map(([fields, required, isClosed, rules]) => ({
				type: 'object',
				properties: Object.fromEntries(names.map((name, index) => [name, fields[index]])),
				required,
				...(isClosed && { additionalProperties: false }),
				...(rules.length > 0 && { allOf: rules }),
			})),
	);

const simpleValue = fc.oneof(
	fc.constantFrom(
		...words,
		'https://example.com/a.png',
		'cat.png',
		'data:image/png;base64,AA==',
		'fixed',
		'',
	),
	fc.integer({ min: -3, max: 25 }),
	fc.double({ min: -3, max: 25, noNaN: true }).map((number) => number + 0), // JSON has no -0
	fc.boolean(),
	fc.constant(null),
);
const entry = fc.oneof(
	simpleValue,
	fc.dictionary(fc.constantFrom('type', 'url', 'text', 'x'), simpleValue, { maxKeys: 3 }),
);

/** Inputs that fit such schemas about as often as not. */
export const inputs: fc.Arbitrary<Json> = fc.dictionary(
	fc.constantFrom(...fieldNames, 'unknown'),
	fc.oneof(entry, fc.array(entry, { maxLength: 4 })),
	{ maxKeys: 6 },
);
