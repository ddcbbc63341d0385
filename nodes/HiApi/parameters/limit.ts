import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { HiApiError } from '../../shared/errors/apiError';

/** Return All and Limit, as every Get Many of n8n has them. */
export const limitFields: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	},
];

/** How many results an item may return. @throws HiApiError when the limit is below 1 */
export function readLimit(context: IExecuteFunctions, itemIndex: number): number {
	if (context.getNodeParameter('returnAll', itemIndex, false)) return Number.POSITIVE_INFINITY;
	const limit = context.getNodeParameter('limit', itemIndex, 50);
	if (limit >= 1) return limit;
	throw new HiApiError(
		"'Limit' is not a number of at least 1",
		"Enter a larger number, or switch on 'Return All'.",
	);
}
