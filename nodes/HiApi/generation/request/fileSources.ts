import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import { HiApiError } from '../../../shared/errors/apiError';
import { COMBINED_FILES } from '../../../shared/n8nCompat';
import { isRecord, type UnknownRecord } from '../../../shared/values';

const LABEL = 'Input Data Field Name';

const MOST_NAMES = 5;
const LONGEST_NAME = 100;

/** A file of a workflow, and what messages call it. */
export interface FileSource {
	/** The name the user gave, or that of the parameter where an expression gave the file itself. */
	label: string;
	data: IBinaryData;
}

/** What the files are looked for in. */
export interface FilePlace {
	item: Pick<INodeExecutionData, 'json' | 'binary'>;
	/** Whether the node is the tool of an AI agent, whose items carry no files. */
	isTool: boolean;
}

/**
 * The files that 'Input Data Field Name' gives: by name, by several names separated by commas or in a list, as file
 * objects of an expression such as `{{ $('Form').item.binary.photo }}`, or all of `{{ $binary }}`. In workflows with
 * combined JSON and files a name is a field of the JSON, with or without the `_files` in front.
 *
 * @throws HiApiError when there is no such file; the value itself is never told, because it may be a file's content
 */
export function findFiles(given: unknown, place: FilePlace): FileSource[] {
	const files = sourcesOf(given, place);
	if (files.length === 0) throw nothingGiven(given);
	return files;
}

function sourcesOf(given: unknown, place: FilePlace): FileSource[] {
	if (given === undefined || given === null) return [];
	if (Array.isArray(given)) return given.flatMap((entry: unknown) => sourcesOf(entry, place));
	if (typeof given === 'string') return namesIn(given).flatMap((name) => named(name, place));
	const files = fileObjects(given, place);
	if (files !== undefined) return files.map((data) => ({ label: LABEL, data }));
	throw new HiApiError(
		`'Input Data Field Name' is ${whatCame(given)}, not the name of a file`,
		HOW_TO_NAME,
	);
}

const HOW_TO_NAME =
	"Enter the name of the item's binary field, for example data. No task was created for this item.";

function nothingGiven(given: unknown): HiApiError {
	return typeof given === 'object' && given !== null
		? new HiApiError(
				`'Input Data Field Name' gave no file`,
				`The expression found nothing. ${HOW_TO_NAME}`,
			)
		: new HiApiError(
				`'Input Data Field Name' is empty`,
				"Enter the name of the item's binary field; it is mostly called data. No task was created for this item.",
			);
}

/** The names in a text, also in one that holds a list in JSON, as AI agents write it. */
function namesIn(text: string): string[] {
	if (/^\s*\[\s*"/.test(text)) {
		try {
			const list = JSON.parse(text) as unknown[];
			if (list.every((entry) => typeof entry === 'string')) return list;
		} catch {
			// then it is a name
		}
	}
	if (isContent(text)) {
		throw new HiApiError(
			`'Input Data Field Name' holds the content of a file, not its name`,
			`For a file that comes as text put the node Convert to File in front. ${HOW_TO_NAME}`,
		);
	}
	if (/^\s*https?:\/\//i.test(text)) {
		throw new HiApiError(
			`'Input Data Field Name' holds a link, not the name of a file`,
			"Give a link in the model's own field under 'Fields'. No task was created for this item.",
		);
	}
	return text
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');
}

/** A `data:` URI, markup, several lines, or a long text: no list of names. */
function isContent(text: string): boolean {
	return (
		/^\s*data:|[<>]|\S\s*[\r\n]\s*\S/i.test(text) ||
		text.split(',').some((part) => part.trim().length > LONGEST_NAME)
	);
}

function named(name: string, { item, isTool }: FilePlace): FileSource[] {
	const { json, binary } = item;
	const combined = json[COMBINED_FILES];
	const found =
		own(binary, name) ??
		own(combined, name) ??
		own(json, name) ??
		at(json, name) ??
		at(combined, name);
	const files = isRecord(found) || Array.isArray(found) ? withContent(found) : undefined;
	if (files !== undefined && files.length > 0) return files.map((data) => ({ label: name, data }));
	const names = [...Object.keys(binary ?? {}), ...Object.keys(isRecord(combined) ? combined : {})];
	const shown = names.slice(0, MOST_NAMES).join(', ');
	throw new HiApiError(
		`The item has no file in '${name}'`,
		names.length > 0
			? `It has: ${shown}${names.length > MOST_NAMES ? ', …' : ''}. No task was created for this item.`
			: isTool
				? `An AI agent hands its tools no files. Use an expression that gives the file itself, for example {{ $("When chat message received").first().binary.data }}. No task was created for this item.`
				: 'It has no files at all: the node before gives none, or gives them under a link. To use the files of an earlier node, use an expression that gives the file itself, for example {{ $("Form").item.binary.photo }}. No task was created for this item.',
	);
}

const own = (record: unknown, name: string): unknown =>
	isRecord(record) && Object.hasOwn(record, name) ? record[name] : undefined;

/** The value at a path such as `_files.data` or `photos[0]`. */
function at(record: unknown, path: string): unknown {
	return path
		.split(/[.[\]]+/)
		.filter((step) => step !== '')
		.reduce<unknown>(
			(value, step) =>
				Array.isArray(value) ? (value as unknown[])[Number(step)] : own(value, step),
			record,
		);
}

const hasContent = (value: unknown): value is IBinaryData =>
	isRecord(value) &&
	typeof value.mimeType === 'string' &&
	(typeof value.id === 'string' || typeof value.data === 'string');

/** The file or files a value is; undefined when it is none. */
function withContent(value: UnknownRecord | unknown[]): IBinaryData[] | undefined {
	if (hasContent(value)) return [value];
	const entries = Object.values(value);
	return entries.length > 0 && entries.every(hasContent) ? entries : undefined;
}

/**
 * The files of an object that an expression gave: one, or several by name. n8n leaves the content out of `$binary`, so a
 * file that n8n keeps in memory is looked for among those of the item.
 */
function fileObjects(given: unknown, { item }: FilePlace): IBinaryData[] | undefined {
	if (!isRecord(given)) return undefined;
	const complete = withContent(given);
	if (complete !== undefined) return complete;
	const described = typeof given.mimeType === 'string' ? [given] : Object.values(given);
	const files = described.map((entry) =>
		isRecord(entry) && typeof entry.mimeType === 'string' ? sameFile(entry, item) : undefined,
	);
	return files.every((file) => file !== undefined) ? files : undefined;
}

function sameFile(
	description: UnknownRecord,
	{ binary }: FilePlace['item'],
): IBinaryData | undefined {
	const traits = ['fileName', 'mimeType', 'fileSize', 'bytes', 'fileExtension'] as const;
	const same = Object.values(binary ?? {}).filter((file) =>
		traits.every((trait) => file[trait] === description[trait]),
	);
	return same.length === 1 ? same[0] : undefined;
}

function whatCame(given: unknown): string {
	if (!isRecord(given)) return `a ${typeof given}`;
	const names = Object.keys(given).filter((name) => /^[\w-]{1,40}$/.test(name));
	return names.length > 0 ? `an object with ${names.slice(0, MOST_NAMES).join(', ')}` : 'an object';
}
