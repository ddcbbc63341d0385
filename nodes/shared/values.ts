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
