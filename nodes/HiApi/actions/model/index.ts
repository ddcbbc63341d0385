import type { INodeProperties } from 'n8n-workflow';

import { shownFor, type Resource } from '../operations';
import { get, getFields } from './get';
import { getMany, getManyFields } from './getMany';

const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: 'getAll',
	displayOptions: { show: { resource: ['model'] } },
	options: [
		{
			name: 'Get',
			value: 'get',
			action: 'Get model',
			description: 'Read which input fields a model takes and what it costs',
		},
		{
			name: 'Get Many',
			value: 'getAll',
			action: 'Get many models',
			description: 'Read the list of models',
		},
	],
};

/** The resource Model: free of charge, and without the API key. */
export const modelResource: Resource = {
	operations: { get, getAll: getMany },
	properties: [
		operationField,
		...shownFor('model', 'get', getFields),
		...shownFor('model', 'getAll', getManyFields),
	],
};
