import type { INodeExecutionData } from 'n8n-workflow';

const MOST_NUMBERS = 20;

const numbersOf = (items: INodeExecutionData[]): number[] => [
	...new Set(
		items.flatMap(({ pairedItem }) =>
			typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? [pairedItem.item] : [],
		),
	),
];

function listed(items: INodeExecutionData[]): string {
	const numbers = numbersOf(items);
	const shown = numbers.slice(0, MOST_NUMBERS).join(', ');
	const more = numbers.length > MOST_NUMBERS ? ', …' : '';
	return `${numbers.length === 1 ? 'item' : 'items'} ${shown}${more}`;
}

/**
 * Which of several items did not get their result, for the output pane, where a failed item is easily overlooked.
 * Undefined when all did; how many tasks there were, the run says by itself.
 */
export function outcomeHint(items: INodeExecutionData[]): string | undefined {
	if (items.length < 2) return undefined;
	const failed = items.filter(({ json }) => json.error !== undefined);
	const unfinished = items.filter(({ json }) => json.timedOut === true);
	const parts = [
		...(failed.length > 0 ? [`${failed.length} of ${items.length} failed: ${listed(failed)}`] : []),
		...(unfinished.length > 0
			? [`${unfinished.length} of ${items.length} not finished in time: ${listed(unfinished)}`]
			: []),
	];
	return parts.length === 0 ? undefined : `${parts.join('; ')}.`;
}
