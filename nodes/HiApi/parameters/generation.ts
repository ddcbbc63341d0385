import type { INodeProperties } from 'n8n-workflow';

import type { Purpose } from '../models/purposes';
import { inputFilesField } from './filesAsInput';
import { imageFields, moreFileFields } from './imageFrom';
import { modelField, modelFieldFor } from './model';
import { promptFields, promptFieldsFor } from './prompt';
import { usualSettingFields } from './usualSettings';
import { variationsField } from './variations';

/** The model's own fields, as HiAPI publishes them. */
const modelFieldsField: INodeProperties = {
	displayName: 'Fields',
	name: 'fields',
	type: 'resourceMapper',
	noDataExpression: true,
	default: { mappingMode: 'defineBelow', value: null },
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
};

/** What to generate: what Create and Run and Wait ask for first. */
export const generationFields: INodeProperties[] = [
	modelField,
	...promptFields,
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
	{ ...modelFieldsField, displayOptions: { show: { inputMode: ['fields'] } } },
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

/** What to generate, in an operation that says what comes out: the rest of the model's fields have to be asked for. */
export function generationFieldsFor(purpose: Purpose): INodeProperties[] {
	return [
		modelFieldFor(purpose),
		...imageFields(purpose),
		...promptFieldsFor(purpose),
		...usualSettingFields(purpose),
		...(purpose.text === 'none' ? [] : [variationsField]),
		...moreFileFields(purpose),
		{
			...modelFieldsField,
			displayName: 'More Fields',
			description: 'Whatever else the model can be told. Only what is added here is sent.',
		},
	];
}
