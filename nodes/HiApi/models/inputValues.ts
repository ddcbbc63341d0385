import { isRecord, type UnknownRecord } from '../../shared/values';
import type { EntryType, FieldChoice, InputField } from './inputSchema';

/** What has to be known about a field to turn what was typed into what is sent. */
export type ValueShape = Pick<InputField, 'name' | 'type'> &
	Partial<Pick<InputField, 'entryType' | 'choices'>>;

/** Nothing was set: the field is left out, so that HiAPI's own default counts. */
const isUnset = (value: unknown) => value === undefined || value === null || value === '';

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

/** `' 42 '` is 42. Text that is no number, or not exactly one in JavaScript, stays text: the check then names the field. */
function toNumber(value: unknown): unknown {
	if (typeof value !== 'string' || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim()))
		return value;
	const number = Number(value);
	return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number))
		? number
		: value;
}

function toBoolean(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	const text = value.trim().toLowerCase();
	return text === 'true' ? true : text === 'false' ? false : value;
}

function toText(value: unknown): unknown {
	return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

/** Text that holds an object or a list becomes that; other text stays what it is. */
function toJson(value: unknown): unknown {
	if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
	return parsed(value) ?? value;
}

function toChoice(value: unknown, choices: FieldChoice[]): unknown {
	if (choices.includes(value as FieldChoice) || typeof value === 'object') return value;
	const text = String(value).trim();
	return choices.find((choice) => String(choice) === text) ?? value;
}

function toEntry(value: unknown, type: EntryType, choices?: FieldChoice[]): unknown {
	if (choices) return toChoice(value, choices);
	switch (type) {
		case 'number':
		case 'integer':
			return toNumber(value);
		case 'boolean':
			return toBoolean(value);
		case 'string':
			return toText(value);
		default:
			return toJson(value);
	}
}

/** Commas separate only where none of the parts can hold one: between URLs, and between values of a fixed list. */
function splitAtCommas(text: string, { entryType, choices }: ValueShape): string[] {
	const atSpaces = text.split(/\s*,\s+/);
	const isUrl = (part: string) => /^(https?|data|asset):/i.test(part);
	if (atSpaces.every(isUrl)) return text.split(/\s*,\s*(?=(?:https?|data|asset):)/i);
	const parts = text.split(/\s*,\s*/);
	if (choices) return parts.every((part) => choices.map(String).includes(part)) ? parts : [text];
	return entryType === 'number' || entryType === 'integer' ? parts : [text];
}

function listEntries(value: unknown, shape: ValueShape): unknown[] {
	if (Array.isArray(value)) return value;
	if (typeof value !== 'string') return [value];
	const json = /^\s*\[/.test(value) ? parsed(value) : undefined;
	if (Array.isArray(json)) return json;
	if (shape.entryType === 'object') return [value];
	const lines = value.split(/\r?\n/).map((line) => line.trim());
	return lines.flatMap((line) => (line === '' ? [] : splitAtCommas(line, shape)));
}

/**
 * What is sent for a field: numbers as numbers, lists from one value, several lines, comma-separated URLs, JSON or a list,
 * objects from JSON. Undefined when nothing was set. What cannot be converted is passed on as it is, because the check
 * before sending, or the API, then says what is wrong with it.
 */
export function toInputValue(value: unknown, shape: ValueShape): unknown {
	if (isUnset(value)) return undefined;
	if (shape.type !== 'list') return toEntry(value, shape.type, shape.choices);
	const entries = listEntries(value, shape)
		.filter((entry) => !isUnset(entry))
		.map((entry) => toEntry(entry, shape.entryType ?? 'any', shape.choices));
	return entries.length > 0 ? entries : undefined;
}

/**
 * The `input` object of a task out of the values set field by field. Values of fields no shape is known for are sent as
 * they are, if set.
 */
export function toInput(values: UnknownRecord, shapes: ValueShape[]): UnknownRecord {
	const byName = new Map(shapes.map((shape) => [shape.name, shape]));
	const input: UnknownRecord = {};
	for (const [name, value] of Object.entries(values)) {
		if (name === '__proto__') continue;
		const shape = byName.get(name);
		const sent = shape ? toInputValue(value, shape) : isUnset(value) ? undefined : value;
		if (sent !== undefined) input[name] = sent;
	}
	return input;
}

/** Whether something read from a workflow is usable as a field's shape. */
export function isValueShape(value: unknown): value is ValueShape {
	const types = ['string', 'number', 'integer', 'boolean', 'object', 'any', 'list'];
	return isRecord(value) && typeof value.name === 'string' && types.includes(value.type as string);
}
