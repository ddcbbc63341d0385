import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { listStored } from './storages';
import { collectStored, simplifyStoredOutput } from './storedOutput';
import { simplifyField } from '../../../shared/simplifyField';
import { trimmedOrUndefined } from '../../../shared/values';
import { limitFields, readLimit } from '../../parameters/limit';
import { forEachItem } from '../forEachItem';
import { toItem } from '../../generation/items/taskItem';
import { openStorage } from './fields';

export const getManyFields: INodeProperties[] = [
	...limitFields,
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		options: [
			{
				displayName: 'Storage',
				name: 'storage',
				type: 'options',
				default: 'persistent',
				description: 'Only files that are kept this way',
				options: [
					{ name: 'Persistent', value: 'persistent' },
					{ name: 'Temporary', value: 'temp' },
				],
			},
			{
				displayName: 'Task ID',
				name: 'taskId',
				type: 'string',
				default: '',
				placeholder: 'e.g. tk-hiapi-01HZTQ8BX2...',
				description: 'Only files of this task',
			},
		],
	},
	simplifyField,
];

/** Stored Output → Get Many: the files HiAPI keeps for the account, with the IDs that Promote and Delete want. */
export async function getMany(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const { client, budget } = await openStorage(context);
	return await forEachItem(context, async (itemIndex) => {
		const limit = readLimit(context, itemIndex);
		const { storage, taskId } = context.getNodeParameter('filters', itemIndex, {});
		const simplify = context.getNodeParameter('simplify', itemIndex, true) as boolean;
		const found = await collectStored(
			async (page) => await listStored(client, page, budget()),
			{ storage: trimmedOrUndefined(storage), taskId: trimmedOrUndefined(taskId) },
			limit,
		);
		return found.map((output) =>
			toItem(simplify ? simplifyStoredOutput(output) : output.source, itemIndex),
		);
	});
}
