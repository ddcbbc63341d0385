import type { INodeProperties } from 'n8n-workflow';

import { generatingResource } from '../generate';

const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: 'generate',
	displayOptions: { show: { resource: ['image'] } },
	options: [
		{
			name: 'Generate',
			value: 'generate',
			action: 'Generate an image',
			description: 'Make an image from a text, and wait until it is ready',
		},
		{
			name: 'Edit',
			value: 'edit',
			action: 'Edit an image',
			description: 'Change an image as a text says, and wait until it is ready',
		},
		{
			name: 'Remove Background',
			value: 'removeBackground',
			action: 'Remove the background of an image',
			description: 'Cut out what is in front, and wait until the image is ready',
		},
	],
};

/** The resource Image. */
export const imageResource = generatingResource('image', operationField);
