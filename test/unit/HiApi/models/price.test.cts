import fc from 'fast-check';
import { estimateCost, findPrice } from '../../../../nodes/HiApi/models/price';
import { readPriceRow } from '../../../../nodes/HiApi/models/priceRow';

const perImage = { base_usd_value: 0.05, base_display_unit: { en: 'per output image' } };
const perSecond = {
	base_usd_value: 0.1,
	base_display_unit: { en: 'per second' },
	factors: ['duration'],
};
const match = (value: unknown) => ({ match: value });
const read = (row: object, model = 'm') => readPriceRow(model, row as Record<string, unknown>);
const estimate = (
	row: object,
	input: Record<string, unknown>,
	defaults: Record<string, unknown> | undefined = {},
	model = 'm',
) => estimateCost(read(row, model), input, defaults);

const resolutions = [
	{ rule: { resolution: match('2K') }, usd_value: 0.08 },
	{ rule: { resolution: match(['4K', '8K']) }, usd_value: 0.12 },
	{ rule: { resolution: match('4K'), quality: match('high') }, usd_value: 0.3 },
	{ rule: { resolution: match('4K'), quality: match('draft') }, usd_value: 0.07 },
	{ rule: { resolution: match('4K'), image_urls: { with: true } }, usd_value: 0.4 },
];

describe('the price of a task', () => {
	it.each([
		['no rule holds', { resolution: '1K' }, 0.05],
		['one value', { resolution: '2K' }, 0.08],
		['one of several values', { resolution: '8K' }, 0.12],
		['the rule with most fields', { resolution: '4K', quality: 'high' }, 0.3],
		['the rule with most fields, also a cheap one', { resolution: '4K', quality: 'draft' }, 0.07],
		['the dearest of equals', { resolution: '4K', quality: 'high', image_urls: ['x'] }, 0.4],
		['a value the rules do not name', { resolution: '4K', quality: 'low' }, 0.12],
	])('%s', (_name, input, usd) => {
		expect(estimate({ ...perImage, policies: resolutions }, input)).toEqual({ usd });
	});

	it('is counted by the second, exactly', () => {
		const policies = [
			{ rule: { resolution: match('1080p') }, pricing_type: 'multiply', times: 1.8 },
		];
		const row = { ...perSecond, policies };
		expect(estimate(row, { duration: 7, resolution: '1080p' })).toEqual({ usd: 1.26 });
		expect(estimate(row, { duration: 3, resolution: '720p' })).toEqual({ usd: 0.3 });
		expect(estimate({ ...row, factors: ['seconds'] }, { seconds: 2.5 })).toEqual({ usd: 0.25 });
	});

	it('takes the default of a duration that is not sent', () => {
		expect(estimate(perSecond, {}, { duration: 5 })).toEqual({ usd: 0.5 });
		expect(estimate(perSecond, { duration: 6 }, { duration: 5 })).toEqual({ usd: 0.6 });
	});
});

describe('no price', () => {
	const unknown = (result: object, about: RegExp) =>
		expect(result).toEqual({ reason: expect.stringMatching(about) });

	it('without a duration, or with one that says nothing', () => {
		unknown(estimate(perSecond, {}), /'Duration' is not set/);
		unknown(estimate(perSecond, { duration: -1 }), /-1.*lets HiAPI decide/);
		for (const duration of [0, -2, '5', null, NaN, Infinity, [5], { a: 1 }])
			unknown(estimate(perSecond, { duration }), /'Duration' is not a number/);
	});

	it('where a default that is not sent may count or not', () => {
		const row = { ...perImage, policies: resolutions };
		unknown(estimate(row, {}, { resolution: '2K' }), /depends on 'Resolution', which is not set/);
		expect(estimate(row, {}, { resolution: '1K' })).toEqual({ usd: 0.05 });
		expect(estimate(row, { resolution: '4K' }, { resolution: '2K', quality: 'low' })).toEqual({
			usd: 0.12,
		});
		unknown(
			estimate(row, { resolution: '4K' }, { quality: 'high', image_urls: 'x' }),
			/'Quality' and 'Image URLs', which are not set/,
		);
	});

	it('where the defaults cannot be read', () => {
		const row = { ...perImage, policies: resolutions };
		const all = { resolution: '2K', quality: 'low', image_urls: ['x'] };
		expect(estimateCost(read(row), all, undefined)).toEqual({ usd: 0.08 });
		unknown(estimateCost(read(row), { resolution: '2K' }, undefined), /cannot be read now/);
		expect(estimateCost(read(perImage), {}, undefined)).toEqual({ usd: 0.05 });
	});

	it.each([[false], [''], [null], [[]]])('where a field is set to nothing: %j', (sound) => {
		const row = { ...perImage, policies: [{ rule: { sound: { with: true } }, usd_value: 1 }] };
		unknown(estimate(row, { sound }), /'Sound'.*set to nothing/);
		// HiAPI's own clients do not send such a default
		expect(estimate(row, {}, { sound })).toEqual({ usd: 0.05 });
	});

	it.each([['4k'], [' 4K'], [['4K']]])('where a value is written differently: %j', (resolution) => {
		unknown(
			estimate({ ...perImage, policies: resolutions }, { resolution }),
			/'Resolution'.*written differently/,
		);
	});

	it('where the rule that counts is in quota units, and only there', () => {
		const policies = [{ rule: { q: match('high') }, usd_value: null, pricing_value: 350_000 }];
		unknown(estimate({ ...perImage, policies }, { q: 'high' }), /internal units/);
		expect(estimate({ ...perImage, policies }, { q: 'low' })).toEqual({ usd: 0.05 });
	});

	it('where the base price counts and is missing', () => {
		const row = { ...perImage, base_usd_value: null, policies: resolutions };
		expect(estimate(row, { resolution: '2K' })).toEqual({ usd: 0.08 });
		unknown(estimate(row, { resolution: '1K' }), /no price/);
	});

	it('for Seedance with reference videos or audio, whose seconds may be charged too', () => {
		const input = { duration: 5, reference_video_urls: ['x'] };
		unknown(estimate(perSecond, input, {}, 'seedance-2.0'), /reference videos/);
		expect(estimate(perSecond, { duration: 5 }, {}, 'seedance-2.0')).toEqual({ usd: 0.5 });
		expect(estimate(perSecond, { ...input, reference_video_urls: [] }, {}, 'seedance-2.0')).toEqual(
			{ usd: 0.5 },
		);
		expect(estimate(perSecond, input, {}, 'other')).toEqual({ usd: 0.5 });
	});

	it('for fields that are no own ones', () => {
		const row = { ...perImage, policies: [{ rule: { toString: { with: true } }, usd_value: 9 }] };
		expect(estimate(row, {})).toEqual({ usd: 0.05 });
	});
});

describe('properties', () => {
	const amount = fc.integer({ min: 1, max: 100_000 }).map((millis) => millis / 1000);
	const value = fc.constantFrom('a', 'b', 'c', 1, true);
	const field = fc.constantFrom('x', 'y', 'z');
	const condition = fc.oneof(
		value.map(match),
		fc.uniqueArray(value, { minLength: 1, maxLength: 3 }).map(match),
		fc.constant({ with: true }),
	);
	const policy = fc.record({
		rule: fc.dictionary(field, condition, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
		usd_value: amount,
	});
	const row = fc.record({ base: amount, policies: fc.array(policy, { maxLength: 5 }) });
	const input = fc.dictionary(field, value, { noNullPrototype: true });

	it('never falls when the duration grows, and is proportional to it', () => {
		fc.assert(
			fc.property(
				row,
				input,
				fc.integer({ min: 1, max: 60 }),
				fc.integer({ min: 1, max: 60 }),
				({ base, policies }, given, one, two) => {
					const price = { ...perSecond, base_usd_value: base, policies };
					const usd = (duration: number) => {
						const result = estimate(price, { ...given, duration });
						if (!('usd' in result)) throw new Error(result.reason);
						return result.usd;
					};
					expect(usd(Math.max(one, two))).toBeGreaterThanOrEqual(usd(Math.min(one, two)));
					expect(usd(one + two)).toBeCloseTo(usd(one) + usd(two), 6);
				},
			),
		);
	});

	it('is one of the prices in the row, whatever the input', () => {
		fc.assert(
			fc.property(row, input, input, ({ base, policies }, given, defaults) => {
				const price = { ...perImage, base_usd_value: base, policies };
				const result = estimate(price, given, defaults);
				if ('reason' in result) expect(result.reason).toMatch(/depends on/);
				else expect([base, ...policies.map((one) => one.usd_value)]).toContain(result.usd);
			}),
		);
	});

	it('does not depend on the order of the rules', () => {
		fc.assert(
			fc.property(row, input, ({ base, policies }, given) => {
				const price = { ...perImage, base_usd_value: base };
				expect(estimate({ ...price, policies: [...policies].reverse() }, given)).toEqual(
					estimate({ ...price, policies }, given),
				);
			}),
		);
	});

	it('is unknown as soon as one rule is not understood', () => {
		const broken = fc.constantFrom<unknown>(
			null,
			{},
			{ rule: {}, usd_value: 1 },
			{ rule: { x: { above: 1 } }, usd_value: 1 },
			{ rule: { x: { match: [] } }, usd_value: 1 },
			{ rule: { x: { match: 'a', with: true } }, usd_value: 1 },
		);
		fc.assert(
			fc.property(row, broken, input, fc.nat(5), ({ base, policies }, wrong, given, at) => {
				const all: unknown[] = [...policies];
				all.splice(at, 0, wrong);
				expect(
					estimate({ ...perImage, base_usd_value: base, policies: all }, given),
				).toHaveProperty('reason');
			}),
		);
	});

	it('takes any input without failing, and is above zero', () => {
		fc.assert(
			fc.property(row, fc.jsonValue(), fc.jsonValue(), ({ base, policies }, x, duration) => {
				const result = estimate({ ...perSecond, base_usd_value: base, policies }, { x, duration });
				if ('usd' in result) expect(result.usd).toBeGreaterThan(0);
				else expect(result.reason).not.toBe('');
			}),
		);
	});
});

describe('findPrice', () => {
	const rows = ['a', 'b@pro', 'c@x', 'c@y', 'd', 'd', 'e', 'e@x'].map((model) =>
		read(perImage, model),
	);

	it.each([
		['a', 'a'],
		['b', 'b@pro'],
		['b@pro', 'b@pro'],
		['b@other', undefined],
		['c', undefined],
		['c@y', 'c@y'],
		['d', undefined],
		['e', 'e'],
		['', undefined],
	])('%s is priced by %s', (id, expected) => {
		expect(findPrice(rows, id)?.model).toBe(expected);
	});
});
