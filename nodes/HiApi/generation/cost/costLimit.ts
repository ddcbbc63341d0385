import { HiApiError } from '../../../shared/errors/apiError';
import type { PricedTask } from '../../models/modelCatalog';
import { addExactly, exactUsd, multiplyExactly } from '../../models/usd';

/** What one item may buy. */
export interface PlannedItem {
	itemIndex: number;
	model: string;
	/** The price of one task. */
	cost: PricedTask;
	/** Whether a task is bought for it; false where one that was bought before is only picked up. */
	buys: boolean;
	/** How many failed tasks may still be replaced by new ones. */
	replacements: number;
}

const NAMED_ITEMS = 3;
const tasksOf = ({ buys, replacements }: PlannedItem) => (buys ? 1 + replacements : replacements);

/** What an item costs at most in US dollars; NaN where its price is not known. */
const mostOf = (item: PlannedItem) =>
	'usd' in item.cost ? multiplyExactly(item.cost.usd, tasksOf(item)) : NaN;

/**
 * Stops a run before it buys more than the user allows, or something whose price is not known.
 *
 * @param items every item of the run that is going to buy, or may
 * @param maximumUsd what all of them together may cost at most, in US dollars
 * @returns whether failed tasks may be replaced for items that only pick up what was bought before. Such an item is never a
 * reason to stop, since its task is paid for; without the money for replacements it gets none.
 * @throws HiApiError naming the sum and the dearest items, or the items without a price, and what to do
 */
export function keepMaximumCost(
	items: PlannedItem[],
	maximumUsd: number,
): { replacesPickedUp: boolean } {
	const buying = items.filter(({ buys }) => buys);
	const unknown = buying.filter(({ cost }) => 'reason' in cost);
	if (unknown.length > 0) throw priceNotKnown(unknown, buying);
	const sum = addExactly(buying.map(mostOf));
	if (sum > maximumUsd) throw tooExpensive(buying, sum, maximumUsd);
	const pickedUp = items.filter(({ buys }) => !buys).map(mostOf);
	const isKnown = pickedUp.every((usd) => !Number.isNaN(usd));
	return { replacesPickedUp: isKnown && addExactly([sum, ...pickedUp]) <= maximumUsd };
}

function tooExpensive(items: PlannedItem[], sum: number, maximumUsd: number): HiApiError {
	const dearest = [...items].sort((one, other) => mostOf(other) - mostOf(one));
	const named = dearest
		.slice(0, NAMED_ITEMS)
		.map((item) => `item ${item.itemIndex} ${exactUsd(mostOf(item))}${taskCount(item)}`);
	const hasRetries = items.some(({ replacements }) => replacements > 0);
	return new HiApiError(
		`${items.length} ${items.length === 1 ? 'item' : 'items'} would cost ${exactUsd(sum)} by HiAPI's price list, and 'Maximum Cost (USD)' allows ${exactUsd(maximumUsd)}`,
		`Nothing was bought. Dearest: ${named.join(', ')}. Raise 'Maximum Cost (USD)', send fewer items, or choose a cheaper model or setting${hasRetries ? "; with 'Retry Failed Tasks' every allowed retry counts as one more task" : ''}.`,
		{ estimatedCostUsd: sum },
	);
}

function taskCount(item: PlannedItem): string {
	const count = tasksOf(item);
	return count > 1 ? ` (up to ${count} tasks)` : '';
}

function priceNotKnown(unknown: PlannedItem[], buying: PlannedItem[]): HiApiError {
	const [first] = unknown;
	if (first.cost.listMissing)
		return new HiApiError(
			`HiAPI's price list cannot be read now, so 'Maximum Cost (USD)' cannot be kept`,
			`Nothing was bought. Run the workflow again later, or check 'Model Catalogue URL' in the credential and that n8n can reach it. Remove the option 'Maximum Cost (USD)' to buy without a limit.`,
		);
	const named = unknown
		.slice(0, NAMED_ITEMS)
		.map(
			({ itemIndex, model, cost }) =>
				`item ${itemIndex} (${model}): ${'reason' in cost ? cost.reason : ''}`,
		);
	const others = unknown.length - named.length;
	const known = buying.filter(({ cost }) => 'usd' in cost);
	const sum = addExactly(known.map(mostOf));
	return new HiApiError(
		`It is not known what ${unknown.length === 1 ? `item ${first.itemIndex} will` : `${unknown.length} items will`} cost, so 'Maximum Cost (USD)' cannot be kept`,
		`Nothing was bought. No price for ${named.join('; ')}${others > 0 ? `; and ${others} more` : ''}.${known.length > 0 ? ` The other items come to ${exactUsd(sum)}.` : ''} Set the fields the price depends on or choose another model; the operation 'Estimate Cost' tells for each item, free of charge. Remove the option 'Maximum Cost (USD)' to buy without a limit.`,
	);
}
