/** A rule of the price list: input fields, each with the value or values that lead to the price, or "is set at all". */
export interface PricePolicy {
	name?: string;
	rule: Record<string, { match: unknown } | { with: true }>;
	pricing_type?: 'fixed' | 'multiply';
	usd_value?: number | null;
	times?: number;
	pricing_value?: number;
}

/** What a model's row in `GET /api/pricing` says, besides the model itself. */
export interface PriceRow {
	base_usd_value?: number | null;
	/** What older rows have instead. */
	model_price?: number;
	base_display_unit: { en: string; zh: string };
	factors: string[];
	policies: PricePolicy[];
}

const perImage = { en: 'per output image', zh: '每张' };
const perSecond = { en: 'per second', zh: '每秒' };

/**
 * One row of each kind that HiAPI's own clients know (hiapi-product-video-skills references/api.md, section Pricing, and
 * its tests). The numbers are of 2026-09/10 or invented. A model without a row here has one plain price.
 */
export const PRICE_ROWS: Record<string, PriceRow> = {
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
	// several values to a price
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
				rule: { resolution: { match: '1080p' }, reference_video_urls: { with: true } },
				pricing_type: 'multiply',
				times: 2.5,
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
	// quota units, which are no price
	'gpt-image-2/text-to-image@ext': {
		base_usd_value: 0.07,
		base_display_unit: perImage,
		factors: [],
		policies: [{ rule: { quality: { match: 'high' } }, usd_value: null, pricing_value: 350_000 }],
	},
	// factors nobody can compute with
	'wan2.7-video/text-to-video': {
		base_usd_value: 0.1,
		base_display_unit: perSecond,
		factors: ['duration', 'resolution'],
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
};
