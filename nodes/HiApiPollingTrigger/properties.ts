import type { INodeProperties } from 'n8n-workflow';

import { triggerOnField } from '../shared/triggerOnField';

/** The trigger's parameters besides n8n's own poll times. Names and values are stored in workflows and stay as they are. */
export const pollingTriggerProperties: INodeProperties[] = [
	{
		displayName:
			'Each poll asks HiAPI for the newest tasks of the account and costs no money. Tasks that finished before the workflow was first published do not start it.',
		name: 'pollingNotice',
		type: 'notice',
		default: '',
	},
	triggerOnField,
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		description: 'Tasks that do not match start nothing, also when the filters are changed later',
		options: [
			{
				displayName: 'Models',
				name: 'models',
				type: 'string',
				typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Model' },
				default: [],
				placeholder: 'e.g. seedance-* or gpt-image-2/text-to-image',
				description: 'Model IDs, in which * stands for any characters. An ID without @route covers all routes of the model.',
			},
			{
				displayName: 'Routes',
				name: 'routes',
				type: 'string',
				typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Route' },
				default: [],
				placeholder: 'e.g. pro',
				description: "Names of routes. 'default' stands for tasks that were sent without a route.",
			},
		],
	},
];
