import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { HiApiError } from '../errors/apiError';
import { readNumber } from '../readNumber';
import { trimmedOrUndefined } from '../values';
import { ALL_OUTPUTS, MAIN_OUTPUTS } from './wantedOutputs';

/** Which files of a task to fetch, and where to put them. */
export interface DownloadSettings {
	/** Types of HiAPI, or the words of `wantedOutputs`. */
	types: string[];
	/** Binary field of the first file. */
	field: string;
	/** Infinity for no limit. */
	maximumBytes: number;
	/** Per task; Infinity for no limit. */
	maximumFiles: number;
}

const STANDARD_FIELD = 'data';

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
	default: 2_000,
	description: 'A larger file is not downloaded. 0 means no limit.',
};

export const maximumFilesField: INodeProperties = {
	displayName: 'Maximum Files',
	name: 'maximumFiles',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 50,
	description: 'How many files of one task are downloaded at most. 0 means no limit.',
};

const BYTES_PER_MEGABYTE = 1_000_000;

function limit(field: INodeProperties, options: IDataObject): number {
	const number = readNumber(field, options, { least: 0 });
	return number === 0 ? Number.POSITIVE_INFINITY : number;
}

/**
 * Reads the settings out of the node's options.
 *
 * @throws HiApiError when one cannot be used
 */
export function readDownloadSettings(options: IDataObject): DownloadSettings {
	const types = Array.isArray(options.outputTypes)
		? options.outputTypes
		: [options.outputTypes ?? MAIN_OUTPUTS];
	const field =
		options.binaryField === undefined ? STANDARD_FIELD : trimmedOrUndefined(options.binaryField);
	if (field === undefined || ['__proto__', 'constructor', 'prototype'].includes(field)) {
		throw new HiApiError(
			"'Put Output File in Field' is not a name for a field",
			'Enter a name such as data. Further files of the same task get the names data_1, data_2 and so on.',
		);
	}
	return {
		types: types.map(trimmedOrUndefined).filter((type) => type !== undefined),
		field,
		maximumBytes: limit(maximumFileSizeField, options) * BYTES_PER_MEGABYTE,
		maximumFiles: Math.ceil(limit(maximumFilesField, options)),
	};
}
