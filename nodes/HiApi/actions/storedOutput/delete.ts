import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { HiApiError } from '../../../shared/errors/apiError';
import { redact } from '../../../shared/errors/redact';
import type { ApiResult } from '../../../shared/api/tasks';
import { listStored } from './storages';
import { rejectionFailure } from './storageRejection';
import { collectStored } from './storedOutput';
import { changeItems } from './changeItems';
import { storedOutputIdField, type openStorage } from './fields';

export const deleteFields: INodeProperties[] = [
	storedOutputIdField,
	{
		displayName: 'A deleted file cannot be brought back.',
		name: 'deleteNotice',
		type: 'notice',
		default: '',
	},
];

/** Stored Output → Delete. What HiAPI answers is not documented, so an answer that says nothing about an id is checked. */
export async function deleteStored(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await changeItems(
		context,
		'delete',
		async (id, { accepted, rejected, data }, _, storage): Promise<ApiResult<IDataObject>> => {
			const reason = rejected.get(id);
			// Whoever wanted it gone has what they wanted.
			if (accepted.has(id) || reason === 'already_deleted')
				return { ok: true, value: { id, deleted: true } };
			if (reason !== undefined) return { ok: false, failure: rejectionFailure(id, reason) };
			if (await isListed(id, storage)) return { ok: false, failure: unconfirmed(id, data) };
			return { ok: true, value: { id, deleted: true } };
		},
	);
}

/** @throws HiApiError when the list cannot be read */
async function isListed(
	id: string,
	{ client, budget }: Awaited<ReturnType<typeof openStorage>>,
): Promise<boolean> {
	const readPage = async (page: number) => await listStored(client, page, budget());
	const outputs = await collectStored(readPage, {}, Number.POSITIVE_INFINITY);
	return outputs.some((output) => output.id === id);
}

function unconfirmed(id: string, data: unknown): HiApiError {
	const answer = redact(JSON.stringify(data ?? null)).slice(0, 300);
	return new HiApiError(
		`HiAPI did not confirm that stored output ${id} was deleted`,
		`It answered with success, but the output is still in the list. Check again in a minute with the operation 'Get Many'. HiAPI's answer was: ${answer}`,
		{ retryable: true },
	);
}
