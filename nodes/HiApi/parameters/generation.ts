import type { INodeProperties } from 'n8n-workflow';

import { inputFilesField } from './filesAsInput';
import { modelField } from './model';

/** What to generate: what Create and Run and Wait ask for first. */
export const generationFields: INodeProperties[] = [
	modelField,
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		placeholder: 'e.g. A quiet alpine lake at dawn',
		description:
			"What to generate. Goes into the input as 'prompt' and replaces one given there. Leave empty for models without a prompt.",
	},
	{
		displayName: 'Input',
		name: 'inputMode',
		type: 'options',
		default: 'fields',
		description: "How to give the model's other input fields",
		options: [
			{
				name: 'Fields',
				value: 'fields',
				description: 'Pick the fields of the model and fill them in',
			},
			{
				name: 'JSON',
				value: 'json',
				description: 'Give one JSON object, for example from an expression',
			},
		],
	},
	{
		displayName: 'Fields',
		name: 'fields',
		type: 'resourceMapper',
		noDataExpression: true,
		default: { mappingMode: 'defineBelow', value: null },
		displayOptions: { show: { inputMode: ['fields'] } },
		description: "The model's own input fields. Only what is added here is sent.",
		typeOptions: {
			loadOptionsDependsOn: ['model.value', 'options.route'],
			resourceMapper: {
				resourceMapperMethod: 'getModelInputFields',
				mode: 'add',
				fieldWords: { singular: 'field', plural: 'fields' },
				valuesLabel: 'Fields to Send',
				addAllFields: false,
				supportAutoMap: false,
				noFieldsError: 'No fields are known for this model. Give its input as JSON instead.',
			},
		},
	},
	{
		displayName: 'Input (JSON)',
		name: 'input',
		type: 'json',
		default: '{}',
		displayOptions: { show: { inputMode: ['json'] } },
		description:
			'The model\'s other input fields as a JSON object, for example { "aspect_ratio": "16:9" }. Each model has its own fields; HiAPI refuses unknown ones.',
	},
	inputFilesField,
];
