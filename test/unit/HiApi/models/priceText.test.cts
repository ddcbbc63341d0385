import { readPriceRow } from '../../../../nodes/HiApi/models/priceRow';
import { describePrice, priceOutput } from '../../../../nodes/HiApi/models/priceText';

const read = (row: object) => readPriceRow('m', row as Record<string, unknown>);
const match = (value: unknown) => ({ match: value });
const video = {
	base_usd_value: 0.1,
	base_display_unit: { en: 'per second' },
	factors: ['duration'],
};

it.each([
	[
		'one price',
		{ base_usd_value: 0.21, base_display_unit: { en: 'song' } },
		'$0.21 per song',
		0.21,
	],
	['no unit', { base_usd_value: 0.5 }, '$0.50 per task', 0.5],
	[
		'a yes or no and a field that is set',
		{
			...video,
			policies: [
				{ rule: { sound: match(true) }, usd_value: 0.143 },
				{ rule: { sound: match(false), image_urls: { with: true } }, usd_value: 0.09 },
			],
		},
		'$0.10 per second; $0.143 with sound; $0.09 without sound with image URLs',
		0.09,
	],
	[
		'the same price for several settings, and rules that change nothing',
		{
			...video,
			policies: [
				{ rule: { resolution: match(['480p', '720p']) }, usd_value: 0.1 },
				{ rule: { resolution: match('1080p') }, pricing_type: 'multiply', times: 1.8 },
				{ rule: { quality: match('high') }, usd_value: 0.18 },
			],
		},
		'$0.10 per second; $0.18 at 1080p or with quality high',
		0.1,
	],
	[
		'no base price',
		{
			...video,
			base_usd_value: null,
			policies: [{ rule: { resolution: match('1080p') }, usd_value: 2 }],
		},
		'$2.00 per second at 1080p',
		undefined,
	],
	[
		'a price in other units',
		{
			...video,
			policies: [{ rule: { quality: match('high') }, usd_value: null, pricing_value: 7 }],
		},
		'$0.10 per second; price not known with quality high',
		undefined,
	],
	[
		'many prices',
		{
			...video,
			policies: [1, 2, 3, 4, 5, 6, 7].map((size) => ({
				rule: { size: match(size) },
				usd_value: size,
			})),
		},
		'$0.10 per second; $1.00 with size 1; $2.00 with size 2; $3.00 with size 3; $4.00 with size 4; $5.00 with size 5; 2 more prices for other settings',
		0.1,
	],
	[
		'no price',
		{ base_usd_value: 0 },
		"Not known: HiAPI's price list holds no price for it",
		undefined,
	],
	[
		'what cannot be counted',
		{ base_usd_value: 1, base_display_unit: { en: 'per 1000 characters' } },
		'Not known: HiAPI charges it per 1000 characters, and does not say beforehand how many there will be',
		undefined,
	],
])('%s', (_name, row, text, fromUsd) => {
	expect(describePrice(read(row))).toEqual({ text, ...(fromUsd !== undefined && { fromUsd }) });
});

it('puts out the text, a number to sort by, and the unit', () => {
	expect(priceOutput(read(video))).toEqual({
		price: '$0.10 per second',
		fromUsd: 0.1,
		priceUnit: 'per second',
	});
	expect(priceOutput(undefined)).toBeUndefined();
});
