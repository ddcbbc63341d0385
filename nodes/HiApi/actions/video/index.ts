import type { INodeProperties } from 'n8n-workflow';

import { generatingResource } from '../generate';

const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: 'generate',
	displayOptions: { show: { resource: ['video'] } },
	options: [
		{
			name: 'Generate',
			value: 'generate',
			action: 'Generate a video from text',
			description: 'Make a video from a text, and wait until it is ready',
		},
		{
			name: 'Animate Image',
			value: 'animateImage',
			action: 'Generate a video from an image',
			description: 'Make a video that begins with an image, and wait until it is ready',
		},
		{
			name: 'Generate From References',
			value: 'generateFromReferences',
			action: 'Generate a video from references',
			description: 'Make a video of what reference images show, and wait until it is ready',
		},
	],
};

/** The resource Video. */
export const videoResource = generatingResource('video', operationField);
