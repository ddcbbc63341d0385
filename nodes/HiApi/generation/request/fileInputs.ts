import { createHash } from 'node:crypto';

import type { IBinaryData, IDataObject } from 'n8n-workflow';

import { HiApiError } from '../../../shared/errors/apiError';
import { inputFileType, isMedia, plainMimeType } from '../../../shared/downloads/mediaType';
import type { FileSource } from './fileSources';

export type SendAs = 'inline' | 'link';

/** A file of the incoming item that goes into a task's input. */
export interface InputFile {
	/** The model's input field. */
	field: string;
	/** What messages call it: the item's binary field, or the parameter whose expression gave it. */
	label: string;
	sendAs: SendAs;
	/** For `inline`, in bytes. */
	maximumBytes: number;
	data: IBinaryData;
	mimeType: string;
	/** For `link`: where HiAPI can fetch the file. */
	link?: string;
	/**
	 * Stands in the input for the file until the task is sent: of the same form, and another for every other file, so that
	 * an input can be checked, recognised and given its key without the file in memory.
	 */
	placeholder: string;
}

export const BYTES_PER_MEGABYTE = 1_000_000;

/** What makes a file this one and no other: its id in n8n's storage, or its content where n8n keeps files in memory. */
export function identityOf({ id, data }: Pick<IBinaryData, 'id' | 'data'>): string {
	return createHash('sha256')
		.update(id ?? data, 'utf8')
		.digest('hex');
}

/** Size in bytes as far as n8n says it before the file is read. */
function knownBytes({ id, bytes, data }: IBinaryData): number | undefined {
	if (typeof bytes === 'number') return bytes;
	return id === undefined ? Math.floor((data.length * 3) / 4) : undefined;
}

/** @throws HiApiError when a file is larger than may be sent inside a request */
export function checkSize(
	{ label, sendAs, maximumBytes }: Pick<InputFile, 'label' | 'sendAs' | 'maximumBytes'>,
	bytes: number,
): void {
	if (sendAs !== 'inline' || bytes <= maximumBytes) return;
	const megabytes = Math.ceil((bytes / BYTES_PER_MEGABYTE) * 100) / 100;
	throw new HiApiError(
		`The file in '${label}' has ${megabytes} MB, and 'Maximum Size (MB)' allows ${maximumBytes / BYTES_PER_MEGABYTE}`,
		"No task was created for this item. Large files are better given as a URL: put the file where HiAPI can fetch it and give its address in the model's field, or set 'Send As' to 'Link'. 'Maximum Size (MB)' can be raised too; HiAPI does not say how large a request may be.",
	);
}

/** Where a file goes, and how. */
export type FileTarget = Pick<InputFile, 'field' | 'sendAs' | 'maximumBytes'>;

/**
 * Checks a file by its beginning and by what n8n says of it, before any task is created.
 *
 * @param firstBytes some hundred bytes, or all of a smaller file; they decide what it is
 * @throws HiApiError when it is empty, neither an image nor a video nor audio, or too large
 */
export function planFile(
	target: FileTarget,
	{ label, data }: FileSource,
	firstBytes: Uint8Array,
): InputFile {
	if (firstBytes.length === 0) throw isEmpty(label);
	const mimeType = inputFileType({ ...data, firstBytes });
	if (mimeType === undefined || !isMedia(mimeType)) {
		const told = plainMimeType(data.mimeType);
		const found = mimeType ?? (told || 'unknown type');
		throw new HiApiError(
			`The file in '${label}' is neither an image nor a video nor audio (${found}${isMedia(told) ? `, although it is labelled ${told}` : ''})`,
			'The models of HiAPI take images, videos and audio. If it is one, see to it that the node before gives the file its MIME type or a name with the right extension. No task was created for this item.',
		);
	}
	const identity = identityOf(data);
	const file: InputFile = {
		...target,
		label,
		data,
		mimeType,
		placeholder:
			target.sendAs === 'inline' ? dataUri(mimeType, identity) : `https://n8n.example/${identity}`,
	};
	const bytes = knownBytes(data);
	if (bytes !== undefined) checkSize(file, bytes);
	return file;
}

/** The failure for a file without content. */
export function isEmpty(label: string): HiApiError {
	return new HiApiError(
		`The file in '${label}' is empty`,
		'See to it that the node before gives the file. No task was created for this item.',
	);
}

/** A `data:` URI of content that is in base64 already. */
export function dataUri(mimeType: string, base64: string): string {
	return `data:${mimeType};base64,${base64}`;
}

// For a model nobody describes: HiAPI's fields for several files have names in the plural, or these.
const SEVERAL = /s$|^image_input$|^reference_image$/;

/**
 * The input with the placeholders of its files: alone, or in a list after what the user gave there.
 *
 * @param isList what is known about a field; undefined when nothing is
 * @throws HiApiError when a field that takes one file would get more
 */
export function insertFiles(
	input: IDataObject,
	files: InputFile[],
	isList: (field: string) => boolean | undefined,
): IDataObject {
	const placed: IDataObject = { ...input };
	for (const field of new Set(files.map((file) => file.field))) {
		const placeholders = files
			.filter((file) => file.field === field)
			.map((file) => file.placeholder);
		const given = placed[field];
		const before =
			given === undefined || given === null || given === ''
				? []
				: Array.isArray(given)
					? given
					: [given];
		const all = [...before, ...placeholders] as string[];
		if (isList(field) ?? (Array.isArray(given) || all.length > 1 || SEVERAL.test(field)))
			placed[field] = all;
		else if (all.length === 1) placed[field] = all[0];
		else {
			throw new HiApiError(
				`The field '${field}' takes one file, and ${all.length} were given`,
				"Give it one entry under 'Files as Input' with one binary field, and nothing under 'Input'. No task was created for this item.",
			);
		}
	}
	return placed;
}

/** The same value with every placeholder replaced. */
export function resolvePlaceholders<T>(value: T, contents: Map<string, string>): T {
	if (typeof value === 'string') return (contents.get(value) ?? value) as T;
	if (Array.isArray(value))
		return value.map((entry: unknown) => resolvePlaceholders(entry, contents)) as T;
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, entry]) => [
			name,
			resolvePlaceholders(entry as unknown, contents),
		]),
	) as T;
}
