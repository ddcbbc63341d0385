import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { createClient } from '../../../shared/api/client';
import { HiApiError } from '../../../shared/errors/apiError';
import { RateLimiter } from '../../../shared/api/rateLimiter';
import { idText } from '../../../shared/values';
import { systemClock } from '../../../shared/clock';

const REQUEST_BUDGET_MS = 60_000;

/** Which stored outputs are meant. */
export const storedOutputIdField: INodeProperties = {
	displayName: 'Stored Output',
	name: 'storedOutputId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description:
		"The stored output, by the ID that 'Get Many' of Stored Output returns. Several IDs can be given, separated by commas.",
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a stored output...',
			typeOptions: { searchListMethod: 'searchStoredOutputs', searchable: true },
		},
		{ displayName: 'ID', name: 'id', type: 'string', placeholder: 'e.g. 90216' },
	],
};

/** The ids an item names. @throws HiApiError when there is none */
export function readStoredOutputIds(context: IExecuteFunctions, itemIndex: number): string[] {
	const value: unknown = context.getNodeParameter('storedOutputId', itemIndex, '', {
		extractValue: true,
	});
	const parts = Array.isArray(value)
		? (value as unknown[])
		: typeof value === 'string'
			? value.split(',')
			: [value];
	const ids = parts.map(idText).filter((id) => id !== undefined);
	if (ids.length > 0) return [...new Set(ids)];
	throw new HiApiError(
		"'Stored Output' is empty",
		"Select a stored output from the list, or enter an ID that 'Get Many' of Stored Output returned.",
	);
}

/** A client for the requests of one run, and the time budget each of them has. */
export async function openStorage(context: IExecuteFunctions) {
	const client = await createClient(context, systemClock, new RateLimiter(systemClock.monotonic()));
	const signal = context.getExecutionCancelSignal();
	return {
		client,
		budget: () => ({ deadlineMs: systemClock.monotonic() + REQUEST_BUDGET_MS, signal }),
	};
}
