import { HiApiError, type FailureDetails } from '../../../shared/errors/apiError';
import { toPickUpOthers, type WayOn } from '../../../shared/errors/wayOn';
import type { PricedTask } from '../../models/modelCatalog';
import { addExactly, exactUsd, multiplyExactly } from '../../models/usd';

/** What one item may create. */
export interface PlannedItem {
	itemIndex: number;
	model: string;
	/** The price of one task. */
	cost: PricedTask;
	/** The task that was created before and is only picked up; absent where a new one is created. */
	taskId?: string;
	/** How many failed tasks may still be replaced by new ones. */
	replacements: number;
}

const NAMED_ITEMS = 3;
const createsTask = ({ taskId }: PlannedItem) => taskId === undefined;
const tasksOf = (item: PlannedItem) => (createsTask(item) ? 1 : 0) + item.replacements;

/** What an item costs at most in US dollars; NaN where its price is not known. */
const mostOf = (item: PlannedItem) =>
	'usd' in item.cost ? multiplyExactly(item.cost.usd, tasksOf(item)) : NaN;

/**
 * Stops a run before it spends more than the user allows, or creates something whose price is not known.
 *
 * @param items every item of the run
 * @param maximumUsd what all of them together may cost at most, in US dollars
 * @param wayOn what can be done about tasks created before that this run then does not pick up
 * @returns whether failed tasks may be replaced for items that only pick up what was created before. Such an item is never a
 * reason to stop, since its task is paid for; without the money for replacements it gets none.
 * @throws HiApiError naming the sum and the dearest items, or the items without a price, and what to do
 */
export function keepMaximumCost(
	items: PlannedItem[],
	maximumUsd: number,
	wayOn: WayOn = 'retry',
): { replacesPickedUp: boolean } {
	const toCreate = items.filter(createsTask);
	const pickedUp = items.filter((item) => !createsTask(item));
	const taskIds = pickedUp.flatMap(({ taskId }) => taskId ?? []);
	const unknown = toCreate.filter(({ cost }) => 'reason' in cost);
	const sum = addExactly(toCreate.filter(({ cost }) => 'usd' in cost).map(mostOf));
	if (unknown.length > 0)
		throw refusal(
			priceNotKnown(unknown, toCreate.length > unknown.length ? sum : 0),
			taskIds,
			wayOn,
		);
	if (sum > maximumUsd)
		throw refusal(tooExpensive(toCreate, sum, maximumUsd), taskIds, wayOn, {
			estimatedCostUsd: sum,
		});
	const isKnown = pickedUp.every(({ cost }) => 'usd' in cost);
	const most = isKnown ? addExactly([sum, ...pickedUp.map(mostOf)]) : Infinity;
	return { replacesPickedUp: most <= maximumUsd };
}

interface Words {
	message: string;
	/** Why in detail, and what to do. */
	advice: string;
	/** Whether running the same again later can help. */
	retryable?: boolean;
}

function refusal(
	{ message, advice, retryable = false }: Words,
	taskIds: string[],
	wayOn: WayOn,
	more: FailureDetails = {},
): HiApiError {
	const details = { ...more, retryable };
	if (taskIds.length === 0)
		return new HiApiError(
			message,
			`No task was created and nothing was charged. ${advice}`,
			details,
		);
	return new HiApiError(
		message,
		`No task was created now. ${advice} Tasks of other items that were created before: ${taskIds.join(', ')}. ${toPickUpOthers(wayOn)}`,
		{ ...details, runningTaskIds: taskIds },
	);
}

function tooExpensive(items: PlannedItem[], sum: number, maximumUsd: number): Words {
	const dearest = [...items].sort((one, other) => mostOf(other) - mostOf(one));
	const named = dearest
		.slice(0, NAMED_ITEMS)
		.map((item) => `item ${item.itemIndex} ${exactUsd(mostOf(item))}${taskCount(item)}`);
	const hasRetries = items.some(({ replacements }) => replacements > 0);
	return {
		message: `${items.length} ${items.length === 1 ? 'item' : 'items'} would cost ${exactUsd(sum)} by HiAPI's price list, and 'Maximum Cost (USD)' allows ${exactUsd(maximumUsd)}`,
		advice: `Dearest: ${named.join(', ')}. Raise 'Maximum Cost (USD)', send fewer items, or choose a cheaper model or setting${hasRetries ? "; with 'Retry Failed Tasks' every allowed retry counts as one more task" : ''}.`,
	};
}

function taskCount(item: PlannedItem): string {
	const count = tasksOf(item);
	return count > 1 ? ` (up to ${count} tasks)` : '';
}

function priceNotKnown(unknown: PlannedItem[], knownUsd: number): Words {
	const [first] = unknown;
	if (first.cost.listMissing)
		return {
			message: "HiAPI's price list cannot be read now, so 'Maximum Cost (USD)' cannot be kept",
			advice:
				"Run the workflow again later, or check 'Model Catalogue URL' in the credential and that n8n can reach it. Remove the option 'Maximum Cost (USD)' to run without a limit.",
			retryable: true,
		};
	const named = unknown
		.slice(0, NAMED_ITEMS)
		.map(
			({ itemIndex, model, cost }) =>
				`item ${itemIndex} (${model}): ${'reason' in cost ? cost.reason : ''}`,
		);
	const others = unknown.length - named.length;
	return {
		message: `It is not known what ${unknown.length === 1 ? `item ${first.itemIndex} will` : `${unknown.length} items will`} cost, so 'Maximum Cost (USD)' cannot be kept`,
		advice: `No price for ${named.join('; ')}${others > 0 ? `; and ${others} more` : ''}.${knownUsd > 0 ? ` The other items come to ${exactUsd(knownUsd)}.` : ''} Set the fields the price depends on or choose another model; the operation 'Estimate Cost' tells for each item, free of charge. Remove the option 'Maximum Cost (USD)' to run without a limit.`,
	};
}
