import type { INodeProperties } from 'n8n-workflow';

/** Files of the incoming item as input of the model. Names and values are stored in workflows. */
export const inputFilesField: INodeProperties = {
	displayName: 'Files as Input',
	name: 'inputFiles',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add File',
	default: {},
	description:
		'Images, videos or audio of the incoming item that the model gets as input, for example a photo to edit',
	options: [
		{
			displayName: 'File',
			name: 'file',
			values: [
				{
					displayName: 'Input Field Name or ID',
					name: 'field',
					type: 'options',
					typeOptions: {
						loadOptionsMethod: 'getFileFields',
						loadOptionsDependsOn: ['model.value', 'options.route'],
					},
					default: '',
					description:
						'The field of the model that takes the file. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
				},
				{
					displayName: 'Input Data Field Name',
					name: 'binaryField',
					type: 'string',
					default: 'data',
					placeholder: 'e.g. data',
					hint: 'The name of the input binary field that holds the file',
					description:
						'For several files give several names separated by commas, or an expression that gives the files, for example {{ $binary }}',
				},
				{
					displayName: 'Send As',
					name: 'sendAs',
					type: 'options',
					default: 'inline',
					description: 'How HiAPI gets the file',
					options: [
						{
							name: 'Inside the Request',
							value: 'inline',
							description: 'For smaller files; works wherever n8n runs',
						},
						{
							name: 'Link',
							value: 'link',
							description:
								'For larger files; n8n needs a public address, and has to keep the execution until HiAPI has fetched the file',
						},
					],
				},
				{
					displayName: 'Maximum Size (MB)',
					name: 'maximumSize',
					type: 'number',
					typeOptions: { minValue: 0.1 },
					default: 8,
					displayOptions: { show: { sendAs: ['inline'] } },
					description: 'A larger file stops the node before any task is created',
				},
			],
		},
	],
};
