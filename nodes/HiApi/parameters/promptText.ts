import type { IDataObject } from 'n8n-workflow';

import { HiApiError } from '../../shared/errors/apiError';
import { isRecord } from '../../shared/values';

/** What JavaScript makes of an object that is put into a text: nothing a model can use, and it would be charged. */
const OBJECT_AS_TEXT = /\[object (?:Object|Promise|Array|Null|Undefined)\]/;

const MOST_NAMES = 5;
const SHOWABLE_NAME = /^[\w-]{1,40}$/;

/**
 * The text of the parameter Prompt. Numbers and true or false count as text; nothing is an empty one.
 *
 * @param expression what the user entered, for advice that names the same path
 * @param label what the panel calls the parameter
 * @throws HiApiError when an object or a list came, or one became part of the text
 */
export function promptText(value: unknown, expression?: unknown, label = 'Prompt'): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'object') throw notText(label, value, pathOf(expression));
	const text = String(value as string | number | boolean);
	checkText(label, text);
	return text;
}

/**
 * Looks for objects that became text anywhere in an input, and for a `prompt` that is none.
 *
 * @throws HiApiError naming the field, never what is in it
 */
export function checkTexts(input: IDataObject): void {
	const { prompt } = input;
	if (typeof prompt === 'object' && prompt !== null) throw notText('prompt', prompt, '$json.…');
	for (const [name, value] of Object.entries(input)) checkDeep(name, value);
}

function checkDeep(path: string, value: unknown): void {
	if (typeof value === 'string') checkText(path, value);
	else if (Array.isArray(value))
		for (const [index, entry] of value.entries()) checkDeep(`${path}[${index}]`, entry);
	else if (isRecord(value))
		for (const [name, entry] of Object.entries(value)) checkDeep(`${path}.${name}`, entry);
}

/** @throws HiApiError when an object became part of a text that a person entered */
export function checkText(label: string, text: string): void {
	const found = OBJECT_AS_TEXT.exec(text)?.[0];
	if (found === undefined) return;
	throw new HiApiError(
		`'${label}' contains ${found} in place of a text`,
		'An expression in it gives a whole object. Name the field that is meant, for example {{ $json.output.prompt }}, not {{ $json.output }}. No task was created for this item.',
	);
}

function notText(label: string, value: object, path: string): HiApiError {
	if (Array.isArray(value)) {
		return new HiApiError(
			`'${label}' is a list of ${value.length}, not a text`,
			`For one task per entry put the node Split Out in front. For one prompt of all entries use {{ ${path}.join(', ') }}. No task was created for this item.`,
		);
	}
	const names = Object.keys(value);
	const shown = names.filter((name) => SHOWABLE_NAME.test(name)).slice(0, MOST_NAMES);
	const more = names.length - shown.length;
	const list = `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
	return new HiApiError(
		`'${label}' is an object${shown.length > 0 ? ` with ${list}` : ''}, not a text`,
		`Use the field that holds the text, for example {{ ${path}${accessor(likeliestField(value, shown))} }}. If the model is to get the whole object as JSON, use {{ JSON.stringify(${path}) }}. No task was created for this item.`,
	);
}

function likeliestField(value: object, names: string[]): string {
	const texts = names.filter(
		(name) => typeof (value as Record<string, unknown>)[name] === 'string',
	);
	return texts.find((name) => /prompt/i.test(name)) ?? texts[0] ?? names[0] ?? 'prompt';
}

const accessor = (name: string) =>
	/^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;

/** The path of an expression that is nothing but one, such as `$json.output`. */
function pathOf(expression: unknown): string {
	const path =
		typeof expression === 'string'
			? /^=\s*\{\{\s*(\$json(?:\.\w+|\["[\w -]+"\]|\['[\w -]+'\]|\[\d+\])*)\s*\}\}\s*$/.exec(
					expression,
				)?.[1]
			: undefined;
	return path ?? '$json.…';
}
