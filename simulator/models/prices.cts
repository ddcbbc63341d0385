import type { SimulatedModel } from './schema.cts';

/** What a rule asks of an input field. HiAPI's own clients know `match` and `with`; `atLeast` stands for what comes next. */
export type PriceCondition = { match: unknown } | { with: true } | { atLeast: number };

/** A rule of the price list with the price it leads to. */
export interface PricePolicy {
	name?: string;
	rule: Record<string, PriceCondition>;
	pricing_type?: 'fixed' | 'multiply';
	usd_value?: number | null;
	times?: number;
	/** Factor of a multiple, or a price in quota units. */
	pricing_value?: number;
}

/** What a model's row in `GET /api/pricing` says, besides the model itself. */
export interface PriceRow {
	base_usd_value?: number | null;
	/** What older rows have instead. */
	model_price?: number;
	base_display_unit: { en: string; zh: string };
	/** A text and null: rows no client can read. */
	factors: string[] | string;
	policies: Array<PricePolicy | null>;
}

const perImage = { en: 'per output image', zh: '每张' };
const perSecond = { en: 'per second', zh: '每秒' };
const perCharacters = { en: 'per 1000 characters', zh: '每千字符' };

/**
 * One row of each kind that HiAPI's own clients know (hiapi-product-video-skills references/api.md, section Pricing, and
 * its tests), and of each kind they refuse. The numbers are of 2026-09/10 or invented.
 */
const PRICE_ROWS: Record<string, PriceRow> = {
	// one value to a price
	'gpt-image-2.5-flare/text-to-image': {
		base_usd_value: 0.05,
		base_display_unit: perImage,
		factors: [],
		policies: [
			{ name: '2K', rule: { resolution: { match: '2K' } }, pricing_type: 'fixed', usd_value: 0.08 },
			{ name: '4K', rule: { resolution: { match: '4K' } }, pricing_type: 'fixed', usd_value: 0.12 },
		],
	},
	// of two rules that fit and name as many fields, the dearer one counts
	'gpt-image-2.5-flare/image-to-image': {
		base_usd_value: 0.05,
		base_display_unit: perImage,
		factors: [],
		policies: [
			{ rule: { resolution: { match: ['2K', '4K'] } }, usd_value: 0.08 },
			{ rule: { aspect_ratio: { match: '21:9' } }, usd_value: 0.06 },
			{ rule: { background: { match: 'transparent' } }, usd_value: 0.055 },
		],
	},
	// several values to a price; the only row of a model is that of its route
	'gpt-image-2.5-flare@pro': {
		base_usd_value: 0.0672,
		base_display_unit: perImage,
		factors: [],
		policies: [
			{ rule: { quality: { match: 'low' } }, usd_value: 0.0172 },
			{ rule: { quality: { match: ['high', 'auto'] } }, usd_value: 0.1829 },
			{ rule: { quality: { match: ['xhigh', 'max'] } }, usd_value: 0.7143 },
		],
	},
	// by the second, with rules that multiply; of two that fit the one with more fields counts
	'seedance-2.0': {
		base_usd_value: 0.1,
		base_display_unit: perSecond,
		factors: ['duration'],
		policies: [
			{ rule: { resolution: { match: '1080p' } }, pricing_type: 'multiply', times: 1.8 },
			{ rule: { resolution: { match: '4k' } }, pricing_type: 'multiply', pricing_value: 4 },
			{
				rule: { resolution: { match: '1080p' }, first_frame_url: { with: true } },
				pricing_type: 'multiply',
				times: 1.5,
			},
		],
	},
	// a field that is set at all
	'happyhorse-1.1/text-to-video': {
		base_usd_value: 0.12,
		base_display_unit: perSecond,
		factors: ['duration'],
		policies: [{ rule: { resolution: { with: true } }, usd_value: 0.14 }],
	},
	// the most specific rule is not the dearest
	'happyhorse-1.1/image-to-video': {
		base_usd_value: 0.1,
		base_display_unit: perSecond,
		factors: ['duration'],
		policies: [
			{ rule: { resolution: { match: '1080p' } }, usd_value: 0.143 },
			{ rule: { resolution: { match: '1080p' }, prompt: { with: true } }, usd_value: 0.131 },
		],
	},
	// quota units, which are no price
	'gpt-image-2/text-to-image@ext': {
		base_usd_value: 0.07,
		base_display_unit: perImage,
		factors: [],
		policies: [{ rule: { quality: { match: 'high' } }, usd_value: null, pricing_value: 350_000 }],
	},
	// malformed
	'gpt-image-2/text-to-image@beta': {
		base_usd_value: 0.02,
		base_display_unit: perImage,
		factors: 'none',
		policies: [null],
	},
	// a comparison, which HiAPI's own clients refuse
	'qwen-image-2.0': {
		base_usd_value: 0.03,
		base_display_unit: perImage,
		factors: [],
		policies: [{ rule: { seed: { atLeast: 1000 } }, usd_value: 0.04 }],
	},
	// no price at all
	'gpt-image-2.5-sunburst@pro': {
		base_usd_value: 0,
		base_display_unit: perImage,
		factors: [],
		policies: [],
	},
	// factors nobody can compute with
	'wan2.7-video/text-to-video': {
		base_usd_value: 0.1,
		base_display_unit: perSecond,
		factors: ['duration', 'resolution'],
		policies: [],
	},
	// by the second, and nothing says how many there are when the input does not
	'wan2.7-video/text-to-video@pro': {
		base_usd_value: 0.15,
		base_display_unit: perSecond,
		factors: ['duration'],
		policies: [],
	},
	// an older row
	'happyhorse-1-0': {
		base_usd_value: null,
		model_price: 0.5,
		base_display_unit: { en: 'per video', zh: '次' },
		factors: [],
		policies: [],
	},
	'minimax-music-2.6': {
		base_usd_value: 0.21,
		base_display_unit: { en: 'per song', zh: '每首' },
		factors: [],
		policies: [],
	},
	'qwen-audio-3.0-tts-plus': {
		base_usd_value: 0.04,
		base_display_unit: perCharacters,
		factors: [],
		policies: [],
	},
};

/** Invented. */
const VIDEO_SECOND_USD = 0.1;

/**
 * The price row of a model as listed (`model@route`). One without a row of its own has one plain price: by the second for a video
 * whose length can be chosen, as HiAPI's are, else per request.
 */
export function priceRowOf(
	name: string,
	{ category, costUsd, routes }: Pick<SimulatedModel, 'category' | 'costUsd' | 'routes'>,
): PriceRow {
	const schema = routes[name.split('@')[1] ?? 'default'];
	const isBySecond = category === 'video' && Object.hasOwn(schema?.properties ?? {}, 'duration');
	return (
		PRICE_ROWS[name] ?? {
			base_usd_value: isBySecond ? VIDEO_SECOND_USD : costUsd,
			base_display_unit: isBySecond ? perSecond : { en: 'request', zh: '次' },
			factors: isBySecond ? ['duration'] : [],
			policies: [],
		}
	);
}
