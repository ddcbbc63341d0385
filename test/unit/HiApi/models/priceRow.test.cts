import fc from 'fast-check';
import { readPriceRow } from '../../../../nodes/HiApi/models/priceRow';

const entry = { base_usd_value: 0.5, base_display_unit: { en: 'per second', zh: '每秒' } };
const bySecond = { ...entry, factors: ['duration'] };
const withPolicy = (policy: unknown) => ({ ...bySecond, policies: [policy] });
const read = (row: object) => readPriceRow('m', row as Record<string, unknown>);

it('reads what a price is for, what it is multiplied by, and its rules', () => {
	expect(
		read({
			...bySecond,
			policies: [
				{ rule: { resolution: { match: '2K' }, quality: { match: 'high' } }, usd_value: 0.1 },
				{ rule: { image_urls: { with: true } }, usd_value: '0.2' },
			],
		}),
	).toEqual({
		model: 'm',
		unit: 'per second',
		quantity: 'duration',
		base: { usd: 0.5 },
		rules: [
			{
				conditions: [
					{ field: 'resolution', oneOf: ['2K'] },
					{ field: 'quality', oneOf: ['high'] },
				],
				amount: { usd: 0.1 },
			},
			{ conditions: [{ field: 'image_urls', isSet: true }], amount: { usd: 0.2 } },
		],
	});
});

it.each([
	['several values', { rule: { q: { match: ['low', 'auto'] } }, usd_value: 2 }, { usd: 2 }],
	['a multiple', { rule: { q: { match: 1 } }, pricing_type: 'multiply', times: 3 }, { usd: 1.5 }],
	[
		'a multiple in an older field',
		{ rule: { q: { match: 1 } }, pricing_type: 'multiply', pricing_value: 4 },
		{ usd: 2 },
	],
	[
		'a multiple of nothing',
		{ rule: { q: { match: 1 } }, pricing_type: 'multiply' },
		{ reason: expect.stringContaining('no price') },
	],
	[
		'quota units',
		{ rule: { q: { match: 1 } }, usd_value: null, pricing_value: 9 },
		{ reason: expect.stringContaining('internal units') },
	],
	['zero', { rule: { q: { match: 1 } }, usd_value: 0 }, { reason: expect.any(String) }],
	[
		'a negative price',
		{ rule: { q: { match: 1 } }, usd_value: -1 },
		{ reason: expect.any(String) },
	],
	[
		'another way of pricing',
		{ rule: { q: { match: 1 } }, pricing_type: 'tiered', usd_value: 1 },
		{ reason: expect.stringContaining('does not understand') },
	],
])('reads %s', (_name, policy, amount) => {
	expect(read(withPolicy(policy))).toMatchObject({ rules: [{ amount }] });
});

it('makes no price of two negative numbers', () => {
	const policy = { rule: { q: { match: 1 } }, pricing_type: 'multiply', times: -2 };
	expect(read({ base_usd_value: -0.5, policies: [policy] })).toMatchObject({
		rules: [{ amount: { reason: expect.any(String) } }],
	});
});

it.each([
	['a comparison', withPolicy({ rule: { a: { above: 1 } }, usd_value: 1 })],
	[
		'a comparison beside a match',
		withPolicy({ rule: { a: { match: 1, above: 1 } }, usd_value: 1 }),
	],
	['"not set"', withPolicy({ rule: { a: { with: false } }, usd_value: 1 })],
	['a match without a value', withPolicy({ rule: { a: { match: [] } }, usd_value: 1 })],
	['a match with an object', withPolicy({ rule: { a: { match: { b: 1 } } }, usd_value: 1 })],
	['a condition that is none', withPolicy({ rule: { a: 'high' }, usd_value: 1 })],
	['an empty rule', withPolicy({ rule: {}, usd_value: 1 })],
	['no rule', withPolicy({ usd_value: 1 })],
	['no policy', withPolicy(null)],
	['policies that are no list', { ...bySecond, policies: { a: 1 } }],
	['several factors', { ...entry, factors: ['duration', 'resolution'] }],
	['the same factor twice', { ...entry, factors: ['duration', 'duration'] }],
	['a factor that is no text', { ...entry, factors: [5] }],
	['an unknown factor', { ...entry, factors: ['frames'] }],
	['factors that are no list', { ...entry, factors: 'duration' }],
	['seconds without a factor', { ...entry, factors: [] }],
	['characters', { ...entry, base_display_unit: { en: 'per 1000 characters' }, factors: [] }],
	['minutes by the second', { ...bySecond, base_display_unit: { en: 'per minute' } }],
])('has no price for a row with %s', (_name, row) => {
	expect(read(row)).toEqual({
		model: 'm',
		unit: expect.any(String),
		reason: expect.stringMatching(/^HiAPI/),
	});
});

it.each<[object, object]>([
	[{ base_usd_value: null, model_price: 0.5 }, { usd: 0.5 }],
	[{ model_price: '0.5' }, { usd: 0.5 }],
	[{ base_usd_value: 0, model_price: 0.5 }, { reason: expect.any(String) }],
	...[null, '', 'free', -1, undefined, {}, [1], true].map((price): [object, object] => [
		{ base_usd_value: price },
		{ reason: expect.any(String) },
	]),
])('base price of %j', (row, base) => {
	expect(read(row)).toEqual({ model: 'm', base, rules: [] });
});

it.each([
	['per output image', 'per output image'],
	['/second', 'per second'],
	['song', 'per song'],
	[undefined, undefined],
])('unit %j is %j', (unit, expected) => {
	const row = {
		base_usd_value: 1,
		base_display_unit: unit,
		factors: unit === '/second' ? ['seconds'] : [],
	};
	expect(read(row).unit).toBe(expected);
});

it('reads anything without failing', () => {
	fc.assert(
		fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (a, b, c) => {
			read({ base_usd_value: a, base_display_unit: b, policies: c, factors: a });
			read({ ...bySecond, policies: [a, { rule: b, usd_value: c, times: a }] });
			read({
				...bySecond,
				policies: [{ rule: { a: { match: a }, b: { with: b } }, usd_value: c }],
			});
		}),
	);
});
