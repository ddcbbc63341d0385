import type { INodeProperties } from 'n8n-workflow';

import { shownFor, type Resource } from '../operations';
import { deleteFields, deleteStored } from './delete';
import { getMany, getManyFields } from './getMany';
import { promote, promoteFields } from './promote';

const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: 'getAll',
	displayOptions: { show: { resource: ['storedOutput'] } },
	options: [
		{
			name: 'Delete',
			value: 'delete',
			action: 'Delete stored output',
			description: 'Delete files HiAPI keeps, for good',
		},
		{
			name: 'Get Many',
			value: 'getAll',
			action: 'Get many stored outputs',
			description: 'List the files HiAPI keeps for the account',
		},
		{
			name: 'Promote',
			value: 'promote',
			action: 'Promote stored output',
			description: 'Keep files that would expire until they are deleted',
		},
	],
};

/** The resource Stored Output: files of tasks as HiAPI keeps them. */
export const storedOutputResource: Resource = {
	operations: { delete: deleteStored, getAll: getMany, promote },
	properties: [
		operationField,
		...shownFor('storedOutput', 'delete', deleteFields),
		...shownFor('storedOutput', 'getAll', getManyFields),
		...shownFor('storedOutput', 'promote', promoteFields),
	],
};
