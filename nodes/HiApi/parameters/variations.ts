import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { HiApiError } from '../../shared/errors/apiError';

const MOST = 20;

export const variationsField: INodeProperties = {
	displayName: 'Variations',
	name: 'variations',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: MOST },
	default: 1,
	description:
		'How many results to make for each item. Each is a task that is charged, and an item of the output.',
};

/** How many tasks an item asks for. @throws HiApiError when it is no whole number within the limits */
export function readVariations(context: IExecuteFunctions, itemIndex: number): number {
	const value: unknown = context.getNodeParameter('variations', itemIndex, 1);
	const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= MOST)
		return count;
	throw new HiApiError(
		`'Variations' is not a whole number from 1 to ${MOST} in item ${itemIndex}`,
		'Correct it, or set it to 1. No task was created for this item.',
	);
}

/** How many tasks all items ask for together. An item whose number cannot be used counts as one: it fails by itself. */
export function countVariations(context: IExecuteFunctions): number {
	return context.getInputData().reduce((sum, _, itemIndex) => {
		try {
			return sum + readVariations(context, itemIndex);
		} catch {
			return sum + 1;
		}
	}, 0);
}
