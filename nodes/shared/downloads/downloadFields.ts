import type { INodeProperties } from 'n8n-workflow';

import { STANDARD_FIELD, STANDARD_FILES, STANDARD_MEGABYTES } from './downloadSettings';
import { ALL_OUTPUTS, MAIN_OUTPUTS } from './wantedOutputs';

/** Parameters that say which files of a task become n8n files. Names and values are stored in workflows. */
export const outputTypesField: INodeProperties = {
	displayName: 'Files to Download',
	name: 'outputTypes',
	type: 'multiOptions',
	default: [MAIN_OUTPUTS],
	description: 'Which files of a task to download',
	options: [
		{ name: 'All Files', value: ALL_OUTPUTS, description: 'Everything the task has produced' },
		{ name: 'Audio', value: 'audio' },
		{ name: 'First Frame', value: 'first_frame' },
		{ name: 'Image', value: 'image' },
		{ name: 'Last Frame', value: 'last_frame' },
		{
			name: 'Main Files',
			value: MAIN_OUTPUTS,
			description: 'Everything but frames and thumbnails',
		},
		{ name: 'Thumbnail', value: 'thumbnail' },
		{ name: 'Video', value: 'video' },
	],
};

export const binaryFieldField: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryField',
	type: 'string',
	default: STANDARD_FIELD,
	placeholder: 'e.g. data',
	hint: 'The name of the output binary field to put the file in',
	description: 'Further files of the same task get the same name with _1, _2 and so on',
};

export const maximumFileSizeField: INodeProperties = {
	displayName: 'Maximum File Size (MB)',
	name: 'maximumFileSize',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: STANDARD_MEGABYTES,
	description: 'A larger file is not downloaded. 0 means no limit.',
};

export const maximumFilesField: INodeProperties = {
	displayName: 'Maximum Files',
	name: 'maximumFiles',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: STANDARD_FILES,
	description: 'How many files of one task are downloaded at most. 0 means no limit.',
};
