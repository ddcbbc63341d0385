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
 * How a run went, for the output pane: how many tasks succeeded, and which items did not get a result. Undefined where
 * the one item says it all.
 */
export function outcomeHint(items: INodeExecutionData[]): string | undefined {
	if (items.length < 2) return undefined;
	const failed = items.filter(({ json }) => json.error !== undefined);
	const unfinished = items.filter(({ json }) => json.timedOut === true);
	const parts = [
		`${items.length - failed.length - unfinished.length} of ${items.length} succeeded`,
		...(failed.length > 0 ? [`${failed.length} failed (${listed(failed)})`] : []),
		...(unfinished.length > 0
			? [`${unfinished.length} not finished in time (${listed(unfinished)})`]
			: []),
	];
	return `${parts.join(', ')}.`;
}
