import { readPages, type ListPage } from '../../../shared/api/pages';
import type { ApiResult } from '../../../shared/api/tasks';
import type { IDataObject } from 'n8n-workflow';

import { toIsoTime } from '../../../shared/api/task';
import { idText, isRecord, trimmedOrUndefined, type UnknownRecord } from '../../../shared/values';

/** A file that HiAPI keeps for the account. Only `id` and the tier are documented (docs.hiapi.ai/storage/promote). */
export interface StoredOutput {
	id: string;
	/** `temp` or `persistent`, when HiAPI says. */
	storage?: string;
	url?: string;
	type?: string;
	taskId?: string;
	model?: string;
	fileName?: string;
	/** ISO 8601 in UTC. */
	createdAt?: string;
	expiresAt?: string;
	/** The entry exactly as HiAPI sent it. */
	source: IDataObject;
}

/** The same thing under names that HiAPI uses elsewhere, most likely first. */
const NAMES = {
	storage: ['storage_tier', 'storageTier', 'storage', 'tier'],
	url: ['url', 'file_url', 'fileUrl'],
	type: ['type', 'output_type', 'outputType'],
	taskId: ['taskId', 'task_id'],
	model: ['model', 'model_name', 'modelName'],
	fileName: ['file_name', 'fileName', 'name'],
	createdAt: ['created', 'created_at', 'createdAt'],
	expiresAt: ['expireAt', 'expire_at', 'expiresAt', 'expires_at'],
} as const;

const LIST_NAMES = ['items', 'storages', 'list', 'records', 'outputs', 'files', 'data'];

function first(entry: UnknownRecord, names: readonly string[]): unknown {
	return names
		.map((name) => entry[name])
		.find((value) => value !== undefined && value !== null && value !== '');
}

/** Reads one entry of the list; undefined when it is not an object with an id. */
export function parseStoredOutput(value: unknown): StoredOutput | undefined {
	if (!isRecord(value)) return undefined;
	const id = idText(value.id);
	if (id === undefined) return undefined;
	const output: StoredOutput = { id, source: value as IDataObject };
	for (const field of ['storage', 'url', 'type', 'taskId', 'model', 'fileName'] as const) {
		const found = first(value, NAMES[field]);
		const text = field === 'taskId' ? idText(found) : trimmedOrUndefined(found);
		if (text !== undefined) output[field] = text;
	}
	for (const field of ['createdAt', 'expiresAt'] as const) {
		const time = toIsoTime(first(value, NAMES[field]));
		if (time !== null) output[field] = time;
	}
	return output;
}

/** The list in the data of a reply, under whatever name it comes; undefined when there is none. */
export function storedOutputList(data: unknown): unknown[] | undefined {
	if (Array.isArray(data)) return data;
	if (!isRecord(data)) return undefined;
	return LIST_NAMES.map((name) => data[name]).find((value) => Array.isArray(value)) as
		| unknown[]
		| undefined;
}

/** The short form for workflows: what is known of an entry, dates ISO 8601 in UTC. */
export function simplifyStoredOutput(output: StoredOutput): IDataObject {
	const known: IDataObject = { ...output };
	delete known.source;
	return known;
}

/** Which stored outputs are wanted. */
export interface StoredFilter {
	storage?: string;
	taskId?: string;
}

/** Whether an entry is wanted. Its task shows in the task id, or else in the address (`…/tasks/{taskId}/…`). */
export function matchesStored(
	{ storage, taskId, url }: StoredOutput,
	filter: StoredFilter,
): boolean {
	if (filter.storage !== undefined && storage !== filter.storage) return false;
	if (filter.taskId === undefined) return true;
	return taskId === undefined
		? (url ?? '').split('/').includes(filter.taskId)
		: taskId === filter.taskId;
}

interface StoredPage extends ListPage {
	outputs: StoredOutput[];
}

/**
 * Reads pages until enough entries match or no page brings anything new. How HiAPI pages this list is not documented, so
 * neither a short page nor a missing total counts as its end, and a server that ignores `page` is asked twice.
 *
 * @param readPage reads the raw entries of a page, counted from 1
 * @throws HiApiError when a page cannot be read
 */
export async function collectStored(
	readPage: (page: number) => Promise<ApiResult<unknown[]>>,
	filter: StoredFilter,
	limit: number,
): Promise<StoredOutput[]> {
	const readOutputs = async (page: number): Promise<ApiResult<StoredPage>> => {
		const read = await readPage(page);
		if (!read.ok) return read;
		const outputs = read.value.map(parseStoredOutput).filter((output) => output !== undefined);
		return { ok: true, value: { entries: read.value.length, outputs } };
	};
	const idsOf = ({ outputs }: StoredPage) => outputs.map(({ id }) => id);
	const found = new Map<string, StoredOutput>();
	for await (const read of readPages(readOutputs, {
		shortPageEnds: false,
		repeats: { idsOf, endAfter: 1 },
	})) {
		if (!read.ok) throw read.failure;
		for (const output of read.value.outputs) {
			if (matchesStored(output, filter) && !found.has(output.id)) found.set(output.id, output);
			if (found.size >= limit) return [...found.values()];
		}
	}
	return [...found.values()];
}
