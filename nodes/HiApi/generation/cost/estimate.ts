import type { PricedTask } from '../../models/modelCatalog';
import { addExactly } from '../../models/usd';

/** What one item will cost, as the output shows it. */
export interface ItemEstimate {
	/** US dollars by HiAPI's price list; absent where that is not known. */
	estimatedCostUsd?: number;
	/** Why it is not known, in plain words. */
	reason?: string;
	/** What the price list counts, such as `per second`. */
	unit?: string;
	model?: string;
	route?: string;
	/** When the price list was read, ISO 8601. */
	pricedAt?: string;
}

/** What all items will cost together. */
export interface CostSum {
	items: number;
	/** US dollars; absent where the cost of any item is not known. */
	estimatedCostUsd?: number;
	reason?: string;
	/** The items whose cost is known, in US dollars. Only where others are not. */
	knownCostUsd?: number;
	/** Indexes of the items whose cost is not known. */
	itemsWithoutPrice?: number[];
	pricedAt?: string;
}

/** One item's estimate as JSON. */
export function estimateItem(
	model: string,
	route: string | undefined,
	cost: PricedTask,
): ItemEstimate {
	return {
		...('usd' in cost ? { estimatedCostUsd: cost.usd } : { reason: cost.reason }),
		...(cost.unit && { unit: cost.unit }),
		model,
		...(route && { route }),
		...(cost.pricedAtMs !== undefined && { pricedAt: new Date(cost.pricedAtMs).toISOString() }),
	};
}

/** The sum of estimates. One that is not known makes the sum unknown: half a sum would be taken for the whole. */
export function sumOf(estimates: ItemEstimate[]): CostSum {
	const known = estimates.flatMap(({ estimatedCostUsd }) => estimatedCostUsd ?? []);
	const without = estimates.flatMap(({ estimatedCostUsd }, index) =>
		estimatedCostUsd === undefined ? [index] : [],
	);
	const pricedAt = estimates.find((estimate) => estimate.pricedAt !== undefined)?.pricedAt;
	const sum = addExactly(known);
	return {
		items: estimates.length,
		...(without.length === 0
			? { estimatedCostUsd: sum }
			: {
					reason: `No price for item ${without[0]}: ${estimates[without[0]].reason}`,
					knownCostUsd: sum,
					itemsWithoutPrice: without,
				}),
		...(pricedAt && { pricedAt }),
	};
}
