import type { IDataObject } from 'n8n-workflow';

import { HiApiError } from '../errors/apiError';
import { numberOption } from '../numberOption';
import { trimmedOrUndefined } from '../values';
import { MAIN_OUTPUTS } from './wantedOutputs';

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

export const STANDARD_FIELD = 'data';
export const STANDARD_MEGABYTES = 2_000;
export const STANDARD_FILES = 50;

const BYTES_PER_MEGABYTE = 1_000_000;

function limit(options: IDataObject, name: string, label: string, standard: number): number {
	const number = numberOption(options, name, label, standard, { least: 0 });
	return number === 0 ? Number.POSITIVE_INFINITY : number;
}

/**
 * Reads the settings out of the node's options; the names are those of `downloadFields`.
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
		maximumBytes:
			limit(options, 'maximumFileSize', 'Maximum File Size (MB)', STANDARD_MEGABYTES) *
			BYTES_PER_MEGABYTE,
		maximumFiles: Math.ceil(limit(options, 'maximumFiles', 'Maximum Files', STANDARD_FILES)),
	};
}
