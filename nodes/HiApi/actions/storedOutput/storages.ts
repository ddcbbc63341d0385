import type { HiApiClient, RequestBudget } from '../../../shared/api/client';
import { describeRequestFailure } from '../../../shared/errors/apiError';
import { LARGEST_PAGE } from '../../../shared/api/pages';
import type { ApiResult } from '../../../shared/api/tasks';
import { idText, isRecord } from '../../../shared/values';
import { storedOutputList } from './storedOutput';

/** At most this many ids go into one request (docs.hiapi.ai/storage/promote). */
export const MOST_IDS = 50;

/** What HiAPI said about the ids of one request. An id may be in neither. */
export interface StorageAnswer {
	accepted: Set<string>;
	/** Reason by id. */
	rejected: Map<string, string>;
	/** The data of the reply as it came. */
	data: unknown;
}

/** Reads a page of the account's stored outputs: `GET /v1/storages`. `page` counts from 1. */
export async function listStored(
	client: HiApiClient,
	page: number,
	budget: RequestBudget,
): Promise<ApiResult<unknown[]>> {
	const isExpected = (data: unknown) => storedOutputList(data) !== undefined;
	const reply = await client.send(
		{ method: 'GET', path: '/storages', query: { page, size: LARGEST_PAGE }, isExpected },
		budget,
	);
	if (!reply.ok) return { ok: false, failure: describeRequestFailure(reply.failure, 'list') };
	return { ok: true, value: storedOutputList(reply.data) as unknown[] };
}

/**
 * Asks HiAPI to promote stored outputs to persistent storage (docs.hiapi.ai/storage/promote), or to delete them. Of
 * deleting only the address is documented (hiapi-seedance-2-0-video-skill); the rest is taken to be like promoting, and
 * what came back is handed on.
 *
 * @param ids 1 to 50
 */
export async function changeStored(
	client: HiApiClient,
	change: 'promote' | 'delete',
	ids: string[],
	budget: RequestBudget,
): Promise<ApiResult<StorageAnswer>> {
	const isExpected = (data: unknown) =>
		change === 'delete' ||
		(isRecord(data) && (Array.isArray(data.accepted) || Array.isArray(data.rejected)));
	const reply = await client.send(
		{ method: 'POST', path: `/storages/${change}`, body: JSON.stringify(ids), isExpected },
		budget,
	);
	if (!reply.ok) return { ok: false, failure: describeRequestFailure(reply.failure, 'list') };
	return { ok: true, value: readStorageAnswer(reply.data) };
}

/** Reads `{accepted: [id], rejected: [{id, reason}]}`; entries of another form are passed over. */
export function readStorageAnswer(data: unknown): StorageAnswer {
	const { accepted, deleted, rejected } = isRecord(data) ? data : ({} as Record<string, unknown>);
	const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
	const ids = [...list(accepted), ...list(deleted)].map((entry) =>
		idText(isRecord(entry) ? entry.id : entry),
	);
	const reasons = list(rejected)
		.map((entry) =>
			isRecord(entry)
				? ([idText(entry.id), idText(entry.reason) ?? 'unknown'] as const)
				: ([idText(entry), 'unknown'] as const),
		)
		.filter((entry): entry is [string, string] => entry[0] !== undefined);
	return {
		accepted: new Set(ids.filter((id) => id !== undefined)),
		rejected: new Map(reasons),
		data,
	};
}
