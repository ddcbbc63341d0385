import type { INodeProperties } from 'n8n-workflow';

import { generatingResource } from '../generate';

const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: 'generateSpeech',
	displayOptions: { show: { resource: ['audio'] } },
	options: [
		{
			name: 'Generate Speech',
			value: 'generateSpeech',
			action: 'Generate speech',
			description: 'Have a text spoken, and wait until the recording is ready',
		},
		{
			name: 'Generate Music',
			value: 'generateMusic',
			action: 'Generate music',
			description: 'Make music or a song from a description, and wait until it is ready',
		},
	],
};

/** The resource Audio. */
export const audioResource = generatingResource('audio', operationField);
