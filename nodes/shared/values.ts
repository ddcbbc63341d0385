/** A JSON object as it came from outside: nothing about its fields is known yet. */
export type UnknownRecord = Record<string, unknown>;

/** True for a plain JSON object; arrays and null are not objects here. */
export function isRecord(value: unknown): value is UnknownRecord {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The number that a number or a text states, NaN for anything else: JavaScript itself cannot convert every JSON object. */
export function toNumber(value: unknown): number {
	return typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN;
}

/** The trimmed text, or undefined for anything that is not a string with visible characters. */
export function trimmedOrUndefined(value: unknown): string | undefined {
	if (typeof value !== 'string') return undefined;
	const trimmed = value.trim();
	return trimmed === '' ? undefined : trimmed;
}

/** An id as text: HiAPI writes ids as text, and a number is an id as well. */
export function idText(value: unknown): string | undefined {
	return typeof value === 'number' && Number.isFinite(value)
		? String(value)
		: trimmedOrUndefined(value);
}

// JSON.parse rounds numbers above 2^53, and every digit of a task id counts. An unescaped quote is never inside a string.
const NUMERIC_TASK_ID = /(?<!\\)("task(?:Id|_id)"\s*:\s*)(-?\d+)(?=\s*[,}])/g;

/**
 * The value of a JSON text of HiAPI, with or without byte order mark; undefined when it is not JSON. A task id that was
 * sent as a whole number comes as the text of its digits.
 */
export function parseHiApiJson(text: string): unknown {
	try {
		return JSON.parse(text.replace(/^\uFEFF/, '').replace(NUMERIC_TASK_ID, '$1"$2"')) as unknown;
	} catch {
		return undefined;
	}
}
