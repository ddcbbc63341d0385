import { isRecord, type UnknownRecord } from '../../shared/values';
import {
	atLeast,
	atMost,
	boundProblems,
	checkNumber,
	checkText,
	firstProblem,
	quote,
} from './valueProblems';

type Report = (path: string, problem: string) => void;

const MAX_DEPTH = 40;

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

const CHECKED = new Set(
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

/** Whether every keyword of a condition is checked exactly here. If not, nobody knows which branch counts. */
function isFullyChecked(schema: unknown, depth = 0): boolean {
	if (typeof schema === 'boolean') return true;
	if (!isRecord(schema) || depth > MAX_DEPTH) return false;
	return Object.entries(schema).every(([keyword, content]) => {
		if (ANNOTATIONS.has(keyword)) return true;
		if (!CHECKED.has(keyword)) return false;
		if (keyword === 'items') return isFullyChecked(content, depth + 1);
		if (keyword === 'additionalProperties') return typeof content === 'boolean';
		if (keyword === 'allOf')
			return Array.isArray(content) && content.every((part) => isFullyChecked(part, depth + 1));
		if (keyword !== 'properties') return true;
		return (
			isRecord(content) && Object.values(content).every((part) => isFullyChecked(part, depth + 1))
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
	if (!('if' in schema) || !isFullyChecked(schema.if)) return;
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
 * Only what is certain is reported. Keywords not checked here (`anyOf`, `oneOf`, `not`, `$ref`, formats other than `uri`,
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
