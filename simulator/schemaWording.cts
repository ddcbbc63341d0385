import Ajv2020, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { JsonSchema } from './models/index.cts';

const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: false });
addFormats(ajv);

const compiled = new WeakMap<JsonSchema, ValidateFunction>();

function validatorOf(schema: JsonSchema): ValidateFunction {
	let validate = compiled.get(schema);
	if (!validate) {
		validate = ajv.compile(schema);
		compiled.set(schema, validate);
	}
	return validate;
}

/** Like Go's %q, in single quotes: the way the API's validator shows text. */
function quote(text: string): string {
	const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
	return `'${escaped}'`;
}

function display(value: unknown): string {
	if (typeof value === 'string') return quote(value);
	if (value === null) return '<nil>';
	return typeof value === 'object' ? 'value' : String(value);
}

function typeName(value: unknown): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	return typeof value;
}

function sizeOf(value: unknown): number {
	if (typeof value === 'string') return [...value].length;
	if (Array.isArray(value)) return value.length;
	return Object.keys(value as object).length;
}

function valuesText(values: unknown[], keyword: string): string {
	if (values.some((value) => typeof value === 'object' && value !== null))
		return `${keyword} failed`;
	const shown = values.map(display).join(', ');
	return values.length === 1 ? `value must be ${shown}` : `value must be one of ${shown}`;
}

function uriComplaint(value: unknown): string {
	const text = String(value);
	return /^[a-z][a-z0-9+.-]*:/i.test(text)
		? `parse ${JSON.stringify(text)}: invalid character`
		: 'relative url';
}

/** One problem in the words of the Go library the API uses (santhosh-tekuri/jsonschema, kind/kind.go). */
function wording(error: ErrorObject): string | undefined {
	const { keyword, data } = error;
	const limit = (error.params as { limit?: number }).limit;
	switch (keyword) {
		case 'type':
			return `got ${typeName(data)}, want ${([] as string[]).concat(error.schema as string | string[]).join(' or ')}`;
		case 'enum':
			return valuesText(error.schema as unknown[], 'enum');
		case 'const':
			return valuesText([error.schema], 'const');
		case 'format':
			return `${display(data)} is not valid ${error.schema}: ${error.schema === 'uri' ? uriComplaint(data) : 'invalid'}`;
		case 'minLength':
		case 'maxLength':
		case 'minItems':
		case 'maxItems':
		case 'minProperties':
		case 'maxProperties':
			return `${keyword}: got ${sizeOf(data)}, want ${limit}`;
		case 'minimum':
		case 'maximum':
		case 'exclusiveMinimum':
		case 'exclusiveMaximum':
			return `${keyword}: got ${data}, want ${limit}`;
		case 'multipleOf':
			return `multipleOf: got ${data}, want ${error.schema}`;
		case 'pattern':
			return `${quote(String(data))} does not match pattern ${quote(String(error.schema))}`;
		case 'uniqueItems': {
			const { i, j } = error.params as { i: number; j: number };
			return `items at ${Math.min(i, j)} and ${Math.max(i, j)} are equal`;
		}
		case 'oneOf': {
			const passing = (error.params as { passingSchemas: number[] | null }).passingSchemas;
			return passing ? `oneOf failed, subschemas ${passing.join(', ')} matched` : undefined;
		}
		case 'not':
			return 'not failed';
		case 'false schema':
			return 'false schema';
		case 'if':
		case 'anyOf':
			return undefined; // what failed inside is reported by itself
		default:
			return `${keyword} failed`;
	}
}

/** The library stops at the first of these; only when none fails does it look at the rest of that schema. */
const STOPS = ['type', 'const', 'enum', 'format'];

function withoutWhatIsNeverReached(errors: ErrorObject[]): ErrorObject[] {
	const first = new Map<object, Map<string, number>>();
	const rank = (error: ErrorObject) => {
		const position = STOPS.indexOf(error.keyword);
		return position < 0 ? STOPS.length : position;
	};
	for (const error of errors) {
		const perPath = first.get(error.parentSchema!) ?? new Map<string, number>();
		perPath.set(
			error.instancePath,
			Math.min(rank(error), perPath.get(error.instancePath) ?? Infinity),
		);
		first.set(error.parentSchema!, perPath);
	}
	return errors.filter(
		(error) => rank(error) === first.get(error.parentSchema!)!.get(error.instancePath),
	);
}

function prefixOf(instancePath: string, separator: string): string {
	if (instancePath === '') return '';
	const names = instancePath
		.slice(1)
		.split('/')
		.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
	return `${names.join(separator)}: `;
}

/** Properties that one schema says the same of. */
interface NamedProperties {
	schema: unknown;
	prefix: string;
	names: string[];
}

/** What two schemas require of the same value are two problems. */
function collect(
	into: NamedProperties[],
	{ parentSchema: schema }: ErrorObject,
	prefix: string,
	name: string,
): void {
	const known = into.find((one) => one.schema === schema && one.prefix === prefix);
	if (known === undefined) into.push({ schema, prefix, names: [quote(name)] });
	else known.names.push(quote(name));
}

/**
 * Everything wrong with an input, as the API words it: unknown fields first, then missing ones, then the rest
 * (the API's own order is not stable). Empty when the input is right.
 */
export function inputProblems(
	schema: JsonSchema,
	input: unknown,
	nestedPathSeparator = '.',
): string[] {
	const validate = validatorOf(schema);
	if (validate(input)) return [];
	const unknown: NamedProperties[] = [];
	const missing: NamedProperties[] = [];
	const rest: string[] = [];
	for (const error of withoutWhatIsNeverReached(validate.errors ?? [])) {
		const prefix = prefixOf(error.instancePath, nestedPathSeparator);
		if (error.keyword === 'additionalProperties')
			collect(unknown, error, prefix, error.params.additionalProperty as string);
		else if (error.keyword === 'required')
			collect(missing, error, prefix, error.params.missingProperty as string);
		else {
			const words = wording(error);
			if (words) rest.push(prefix + words);
		}
	}
	const problems = [
		...unknown.map(
			({ prefix, names }) => `${prefix}additional properties ${names.join(', ')} not allowed`,
		),
		...missing.map(
			({ prefix, names }) =>
				`${prefix}missing ${names.length === 1 ? 'property' : 'properties'} ${names.join(', ')}`,
		),
		...rest,
	];
	return [...new Set(problems)];
}
