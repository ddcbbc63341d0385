import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { createClient } from '../../shared/api/client';
import { toNodeError } from '../../shared/errors/nodeError';
import { LARGEST_PAGE } from '../../shared/api/pages';
import { listStored } from '../actions/storedOutput/storages';
import { parseStoredOutput, type StoredOutput } from '../actions/storedOutput/storedOutput';
import { systemClock } from '../../shared/clock';

const PAGE_BUDGET_MS = 20_000;

const label = ({ id, type, model, storage, createdAt }: StoredOutput) =>
	[type ?? `file ${id}`, model, storage, createdAt]
		.filter((part) => part !== undefined)
		.join(' · ');

/**
 * Fills the picker of stored outputs, a page at a time.
 *
 * @param filter a text that must occur in the entry's id, task, model, type or storage
 * @param paginationToken number of the page to read, from 1
 * @throws NodeApiError or NodeOperationError when the list cannot be read
 */
export async function searchStoredOutputs(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	try {
		const page = Number(paginationToken ?? 1);
		const client = await createClient(this, systemClock);
		const result = await listStored(client, page, {
			deadlineMs: systemClock.monotonic() + PAGE_BUDGET_MS,
		});
		if (!result.ok) throw result.failure;
		const wanted = (filter ?? '').toLowerCase();
		const results = result.value
			.map(parseStoredOutput)
			.filter((output) => output !== undefined)
			.filter((output) =>
				`${output.id} ${output.taskId ?? ''} ${label(output)}`.toLowerCase().includes(wanted),
			)
			.map((output) => ({
				name: label(output),
				value: output.id,
				description: output.taskId ?? output.id,
			}));
		return {
			results,
			paginationToken: result.value.length >= LARGEST_PAGE ? String(page + 1) : undefined,
		};
	} catch (error) {
		throw toNodeError(this.getNode(), error, 0);
	}
}
