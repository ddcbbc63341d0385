import { isRecord, type UnknownRecord } from '../../shared/values';
import { matchesPattern } from './safePattern';

type Report = (path: string, problem: string) => void;

const MAX_DEPTH = 40;
const MAX_QUOTED_LENGTH = 100;
const TYPES: unknown[] = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];

/** Text as the API's validator shows it: Go's %q in single quotes. */
function quote(text: string): string {
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

/** The library the API uses stops at the first of these and does not look at the rest of that schema. */
function firstProblem(schema: UnknownRecord, value: unknown): string | undefined {
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

function boundProblems(
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

const atLeast = (got: number, want: number) => got >= want;
const atMost = (got: number, want: number) => got <= want;

function checkNumber(schema: UnknownRecord, value: number): string[] {
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
	// with fractions, rounding would decide
	const isJudgeable = Number.isInteger(step) && Number.isSafeInteger(value);
	if (isJudgeable && (step as number) > 0 && value % (step as number) !== 0) {
		problems.push(`multipleOf: got ${value}, want ${String(step)}`);
	}
	return problems;
}

function checkText(schema: UnknownRecord, value: string): string[] {
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

const inside = (path: string, name: string | number) =>
	path === '' ? String(name) : `${path}.${name}`;

function checkList(
	schema: UnknownRecord,
	value: unknown[],
	path: string,
	depth: number,
	report: Report,
): void {
	for (const problem of boundProblems(
		schema,
		[
			['minItems', atLeast],
			['maxItems', atMost],
		],
		value.length,
	)) {
		report(path, problem);
	}
	if ('prefixItems' in schema) return;
	value.forEach((entry, index) =>
		check(schema.items, entry, inside(path, index), depth + 1, report),
	);
}

function checkObject(
	schema: UnknownRecord,
	value: UnknownRecord,
	path: string,
	depth: number,
	report: Report,
): void {
	const names = Object.keys(value).filter((name) => value[name] !== undefined);
	const properties = isRecord(schema.properties) ? schema.properties : {};
	if (schema.additionalProperties === false && !('patternProperties' in schema)) {
		const unknown = names.filter((name) => !Object.hasOwn(properties, name));
		if (unknown.length > 0)
			report(path, `additional properties ${unknown.map(quote).join(', ')} not allowed`);
	}
	const required = Array.isArray(schema.required)
		? schema.required.filter((name) => typeof name === 'string')
		: [];
	const missing = required.filter((name) => !names.includes(name));
	if (missing.length > 0) {
		report(
			path,
			`missing ${missing.length === 1 ? 'property' : 'properties'} ${missing.map(quote).join(', ')}`,
		);
	}
	for (const problem of boundProblems(
		schema,
		[
			['minProperties', atLeast],
			['maxProperties', atMost],
		],
		names.length,
	)) {
		report(path, problem);
	}
	for (const name of Object.keys(properties)) {
		if (names.includes(name))
			check(properties[name], value[name], inside(path, name), depth + 1, report);
	}
}

const JUDGED = new Set(
	(
		'type const enum minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength minItems maxItems ' +
		'minProperties maxProperties properties items required additionalProperties allOf'
	).split(' '),
);
const ANNOTATIONS = new Set(
	'title description default examples deprecated readOnly writeOnly $comment $schema $id'.split(
		' ',
	),
);

/** Whether every keyword of a condition is judged exactly here. If not, nobody knows which branch counts. */
function isFullyJudged(schema: unknown, depth = 0): boolean {
	if (typeof schema === 'boolean') return true;
	if (!isRecord(schema) || depth > MAX_DEPTH) return false;
	return Object.entries(schema).every(([keyword, content]) => {
		if (ANNOTATIONS.has(keyword)) return true;
		if (!JUDGED.has(keyword)) return false;
		if (keyword === 'items') return isFullyJudged(content, depth + 1);
		if (keyword === 'additionalProperties') return typeof content === 'boolean';
		if (keyword === 'allOf')
			return Array.isArray(content) && content.every((part) => isFullyJudged(part, depth + 1));
		if (keyword !== 'properties') return true;
		return (
			isRecord(content) && Object.values(content).every((part) => isFullyJudged(part, depth + 1))
		);
	});
}

function checkBranches(
	schema: UnknownRecord,
	value: unknown,
	path: string,
	depth: number,
	report: Report,
): void {
	if (Array.isArray(schema.allOf))
		for (const part of schema.allOf) check(part, value, path, depth + 1, report);
	if (!('if' in schema) || !isFullyJudged(schema.if)) return;
	let holds = true;
	check(schema.if, value, path, depth + 1, () => (holds = false));
	check(holds ? schema.then : schema.else, value, path, depth + 1, report);
}

function check(schema: unknown, value: unknown, path: string, depth: number, report: Report): void {
	if (depth > MAX_DEPTH) return;
	if (schema === false) report(path, 'false schema');
	if (!isRecord(schema)) return;
	const first = firstProblem(schema, value);
	if (first !== undefined) return report(path, first);
	if (typeof value === 'number')
		for (const problem of checkNumber(schema, value)) report(path, problem);
	if (typeof value === 'string')
		for (const problem of checkText(schema, value)) report(path, problem);
	if (Array.isArray(value)) checkList(schema, value, path, depth, report);
	if (isRecord(value)) checkObject(schema, value, path, depth, report);
	checkBranches(schema, value, path, depth, report);
}

/**
 * Everything that is wrong with an input, each problem in the API's own words (its validator is the Go library
 * santhosh-tekuri/jsonschema): `duration: maximum: got 99, want 15`. Empty when nothing is known to be wrong.
 *
 * Only what is certain is reported. Keywords not judged here (`anyOf`, `oneOf`, `not`, `$ref`, formats other than `uri`,
 * patterns that engines read differently) are passed over, and so is a rule whose `if` holds such a keyword: the API
 * still checks them, and a refusal there costs nothing.
 *
 * @param schema a model's input schema without the wrapper's `model`, see `readInputSchema`
 */
export function validateInput(schema: UnknownRecord, input: UnknownRecord): string[] {
	const problems = new Set<string>();
	check(schema, input, '', 0, (path, problem) =>
		problems.add(path === '' ? problem : `${path}: ${problem}`),
	);
	return [...problems];
}
