import { isRecord, type UnknownRecord } from '../../shared/values';
import { matchesPattern } from './safePattern';

// The problems of a single value, in the words of the API's validator, see `validateInput`.

const MAX_QUOTED_LENGTH = 100;
const TYPES: unknown[] = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];

/** Text as the API's validator shows it: Go's %q in single quotes. */
export function quote(text: string): string {
	const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
	return `'${escaped}'`;
}

/** A value that was given, as far as it fits into a message: it may be a whole file as a `data:` URI. */
const quoteGiven = (text: string) =>
	quote(text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text);

function typeName(value: unknown): string {
	if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return 'null';
	return Array.isArray(value) ? 'array' : typeof value;
}

function isOfType(value: unknown, type: unknown): boolean {
	if (type === 'integer') return typeof value === 'number' && Number.isInteger(value);
	return typeName(value) === type;
}

function sameValue(a: unknown, b: unknown): boolean {
	if (Array.isArray(a) && Array.isArray(b)) {
		return a.length === b.length && a.every((entry, index) => sameValue(entry, b[index]));
	}
	if (isRecord(a) && isRecord(b)) {
		const keys = Object.keys(a);
		return (
			keys.length === Object.keys(b).length &&
			keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
		);
	}
	return a === b;
}

function valuesProblem(values: unknown[], keyword: string): string {
	if (values.some((value) => typeof value === 'object' && value !== null))
		return `${keyword} failed`;
	const shown = values
		.map((value) =>
			typeof value === 'string' ? quote(value) : value === null ? '<nil>' : String(value),
		)
		.join(', ');
	return values.length === 1 ? `value must be ${shown}` : `value must be one of ${shown}`;
}

/** The library the API uses stops at the first of these and skips the rest of that schema. */
export function firstProblem(schema: UnknownRecord, value: unknown): string | undefined {
	const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter(
		(type) => type !== undefined,
	);
	const isKnown = types.length > 0 && types.every((type) => TYPES.includes(type));
	if (isKnown && !types.some((type) => isOfType(value, type))) {
		return `got ${typeName(value)}, want ${types.join(' or ')}`;
	}
	if ('const' in schema && !sameValue(schema.const, value))
		return valuesProblem([schema.const], 'const');
	if (Array.isArray(schema.enum) && !schema.enum.some((choice) => sameValue(choice, value))) {
		return valuesProblem(schema.enum, 'enum');
	}
	if (schema.format === 'uri' && typeof value === 'string' && !/^[a-z][a-z0-9+.-]*:/i.test(value)) {
		return `${quoteGiven(value)} is not valid uri: relative url`;
	}
	return undefined;
}

/** Which of the schema's limits a number, length or count breaks. Each keyword comes with what holds within it. */
export function boundProblems(
	schema: UnknownRecord,
	keywords: Array<[string, (got: number, want: number) => boolean]>,
	got: number,
) {
	return keywords.flatMap(([keyword, holds]) => {
		const want = schema[keyword];
		return typeof want === 'number' && !holds(got, want)
			? [`${keyword}: got ${got}, want ${want}`]
			: [];
	});
}

export const atLeast = (got: number, want: number) => got >= want;
export const atMost = (got: number, want: number) => got <= want;

/** What is wrong with a number, its type apart. */
export function checkNumber(schema: UnknownRecord, value: number): string[] {
	const problems = boundProblems(
		schema,
		[
			['minimum', atLeast],
			['maximum', atMost],
			['exclusiveMinimum', (got, want) => got > want],
			['exclusiveMaximum', (got, want) => got < want],
		],
		value,
	);
	const step = schema.multipleOf;
	// With fractions, rounding would decide.
	const isExact = Number.isInteger(step) && Number.isSafeInteger(value);
	if (isExact && (step as number) > 0 && value % (step as number) !== 0) {
		problems.push(`multipleOf: got ${value}, want ${String(step)}`);
	}
	return problems;
}

/** What is wrong with a text, its type apart. */
export function checkText(schema: UnknownRecord, value: string): string[] {
	const problems = boundProblems(
		schema,
		[
			['minLength', atLeast],
			['maxLength', atMost],
		],
		[...value].length,
	);
	if (typeof schema.pattern === 'string' && matchesPattern(schema.pattern, value) === false) {
		problems.push(`${quoteGiven(value)} does not match pattern ${quote(schema.pattern)}`);
	}
	return problems;
}
