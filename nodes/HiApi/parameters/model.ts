import type { INodeProperties } from 'n8n-workflow';

import type { Purpose } from '../models/purposes';

/** Which model is meant. */
export const modelField: INodeProperties = {
	displayName: 'Model',
	name: 'model',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The model that generates the image, video or audio',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a model...',
			typeOptions: { searchListMethod: 'searchModels', searchable: true },
		},
		{
			displayName: 'ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. gpt-image-2/text-to-image',
		},
	],
};

/** The same for an operation that starts with a model that works. */
export function modelFieldFor({ defaultModel: { id, name } }: Purpose): INodeProperties {
	return {
		...modelField,
		default: { __rl: true, mode: 'list', value: id, cachedResultName: name },
		description: 'The model to use. The list begins with the recommended ones.',
	};
}

/** Which of the model's routes is meant. */
export const routeOption: INodeProperties = {
	displayName: 'Route',
	name: 'route',
	type: 'string',
	default: '',
	placeholder: 'e.g. ext',
	description:
		'The route of the model to use. Routes differ in price and in input fields. Empty means the default route.',
};
