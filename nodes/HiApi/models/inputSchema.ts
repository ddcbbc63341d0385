import { isRecord, trimmedOrUndefined, type UnknownRecord } from '../../shared/values';
import { matchesPattern } from './safePattern';
import { describeConditions } from './schemaConditions';

/** What one value of a field is. `any` where several types are allowed, or none is given. */
export type EntryType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'any';

export type FieldChoice = string | number | boolean;

/** One field of a model's input, as a form needs it. */
export interface InputField {
	name: string;
	type: EntryType | 'list';
	/** What a list is made of. */
	entryType?: EntryType;
	required: boolean;
	/** The values allowed, for the field itself or for the entries of a list. */
	choices?: FieldChoice[];
	/** What HiAPI uses when the field is left out, as far as a form can show it. Never sent on its own. */
	defaultValue?: FieldChoice;
	description?: string;
	/** The field, or each entry of the list, has to be an http(s) address: a file cannot be sent inside the request. */
	linksOnly?: true;
	/** Limits in a few words each, e.g. `3 to 15` or `up to 8000 characters`. */
	limits: string[];
	/** Rules that come into force when this field is set, one sentence each. */
	conditions: string[];
}

const MAX_REFERENCES = 8;
/** A form with more fields is of no use, and no model has that many. */
const MAX_FIELDS = 300;
const SINGLE_TYPES = ['string', 'number', 'integer', 'boolean', 'object'];

/** Follows `$ref` inside the same document; anything else it points to counts as "anything". */
function resolve(schema: unknown, root: UnknownRecord): UnknownRecord {
	let current = schema;
	for (let hops = 0; isRecord(current) && typeof current.$ref === 'string'; hops++) {
		if (hops >= MAX_REFERENCES || !current.$ref.startsWith('#/')) return {};
		let target: unknown = root;
		for (const part of current.$ref.slice(2).split('/')) {
			const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
			target = isRecord(target) && Object.hasOwn(target, key) ? target[key] : undefined;
		}
		current = target;
	}
	return isRecord(current) ? current : {};
}

const isChoice = (value: unknown): value is FieldChoice =>
	['string', 'number', 'boolean'].includes(typeof value);

function choicesOf(schema: UnknownRecord): FieldChoice[] | undefined {
	const values = Array.isArray(schema.enum)
		? schema.enum
		: 'const' in schema
			? [schema.const]
			: undefined;
	const usable = values?.filter((value) => value !== null);
	return usable && usable.length > 0 && usable.every(isChoice) ? usable : undefined;
}

function typeNames(schema: UnknownRecord, root: UnknownRecord): string[] {
	const given = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter(
		(name): name is string => typeof name === 'string' && name !== 'null',
	);
	if (given.length > 0) return given;
	const choices = choicesOf(schema);
	if (choices) return [...new Set(choices.map((value) => typeof value))];
	if (isRecord(schema.properties)) return ['object'];
	if ('items' in schema) return ['array'];
	for (const branches of [schema.anyOf, schema.oneOf]) {
		if (!Array.isArray(branches)) continue;
		return [...new Set(branches.flatMap((branch) => typeNames(resolve(branch, root), {})))];
	}
	return [];
}

function fieldType(schema: UnknownRecord, root: UnknownRecord): EntryType | 'list' {
	const names = typeNames(schema, root);
	if (names.length === 1 && names[0] === 'array') return 'list';
	if (names.length === 1 && SINGLE_TYPES.includes(names[0])) return names[0] as EntryType;
	return names.length > 1 && names.every((name) => name === 'number' || name === 'integer')
		? 'number'
		: 'any';
}

function rangeText(low: unknown, high: unknown, unit = ''): string[] {
	const [from, to] = [low, high].map((bound) => (typeof bound === 'number' ? bound : undefined));
	if (from !== undefined && to !== undefined)
		return [from === to ? `exactly ${from}${unit}` : `${from} to ${to}${unit}`];
	if (to !== undefined) return [`up to ${to}${unit}`];
	return from !== undefined ? [`at least ${from}${unit}`] : [];
}

/** Whether a field's pattern takes web addresses and refuses `data:` URIs (gpt-image-2.5-flare@pro has such a one). */
const isForLinksOnly = ({ pattern }: UnknownRecord) =>
	typeof pattern === 'string' &&
	matchesPattern(pattern, 'https://example.com/file.png') === true &&
	matchesPattern(pattern, 'data:image/png;base64,AAAA') === false;

function limitsOf(schema: UnknownRecord): string[] {
	// every text has to have at least one character, so saying so helps nobody
	const minLength =
		typeof schema.minLength === 'number' && schema.minLength > 1 ? schema.minLength : undefined;
	return [
		...rangeText(schema.minimum, schema.maximum),
		...rangeText(minLength, schema.maxLength, ' characters'),
		...rangeText(schema.minItems, schema.maxItems, ' entries'),
	];
}

function readField(
	name: string,
	declared: UnknownRecord,
	root: UnknownRecord,
): Omit<InputField, 'required' | 'conditions'> {
	const schema = { ...resolve(declared, root), ...declared };
	const type = fieldType(schema, root);
	const items = type === 'list' ? resolve(schema.items, root) : undefined;
	const itemType = items && fieldType(items, root);
	const choices = choicesOf(items ?? schema);
	const linksOnly = isForLinksOnly(items ?? schema);
	return {
		name,
		type,
		...(itemType && { entryType: itemType === 'list' ? 'any' : itemType }),
		...(choices && { choices }),
		...(isChoice(schema.default) && schema.default !== '' && { defaultValue: schema.default }),
		...(trimmedOrUndefined(schema.description) !== undefined && {
			description: trimmedOrUndefined(schema.description),
		}),
		...(linksOnly && { linksOnly }),
		limits: [...limitsOf(schema), ...(linksOnly ? ['http(s) links only'] : [])],
	};
}

/** The fields of an input schema: required ones first, otherwise in the schema's order. */
export function fieldsOf(schema: UnknownRecord): InputField[] {
	const properties = isRecord(schema.properties) ? schema.properties : {};
	const required = Array.isArray(schema.required) ? schema.required : [];
	const conditions = describeConditions(schema);
	const fields = Object.entries(properties)
		.filter(([name, declared]) => declared !== false && name !== '__proto__')
		.map(([name, declared]) => ({
			...readField(name, isRecord(declared) ? declared : {}, schema),
			required: required.includes(name),
			conditions: conditions
				.filter(({ triggers }) => triggers.includes(name))
				.map(({ text }) => text),
		}));
	return [
		...fields.filter((field) => field.required),
		...fields.filter((field) => !field.required),
	];
}

/** A wrapper's rule that looks at `model` says nothing about an input without it. */
const mentionsModel = (rule: unknown) =>
	isRecord(rule) &&
	isRecord(rule.if) &&
	((isRecord(rule.if.properties) && 'model' in rule.if.properties) ||
		(Array.isArray(rule.if.required) && rule.if.required.includes('model')));

/**
 * A model's input schema out of what `www.hiapi.ai/api/models/content?name=` answers (`{data:{input_schema}}`, the schema
 * as JSON Schema 2020-12 or as its text), out of a schema alone, or undefined when there is no usable one in it. The published
 * schema lists the playground's `model` among the fields; a request has it outside `input`, so it is left out here.
 */
export function readInputSchema(answer: unknown): UnknownRecord | undefined {
	const data = isRecord(answer) && isRecord(answer.data) ? answer.data : answer;
	let published = isRecord(data) && 'input_schema' in data ? data.input_schema : data;
	if (typeof published === 'string') {
		try {
			published = JSON.parse(published) as unknown;
		} catch {
			return undefined;
		}
	}
	if (!isRecord(published) || !isRecord(published.properties)) return undefined;
	if (Object.keys(published.properties).length > MAX_FIELDS) return undefined;
	const properties = { ...published.properties };
	delete properties.model;
	const schema: UnknownRecord = { ...published, properties };
	if (Array.isArray(schema.required))
		schema.required = schema.required.filter((name) => name !== 'model');
	if (Array.isArray(schema.allOf))
		schema.allOf = schema.allOf.filter((rule) => !mentionsModel(rule));
	if (mentionsModel(schema)) for (const keyword of ['if', 'then', 'else']) delete schema[keyword];
	return schema;
}

const listedTypes: Record<string, UnknownRecord> = {
	string: { type: 'string' },
	text: { type: 'string' },
	enum: {},
	integer: { type: 'integer' },
	number: { type: 'number' },
	float: { type: 'number' },
	boolean: { type: 'boolean' },
	bool: { type: 'boolean' },
	object: { type: 'object' },
};

/**
 * A schema out of a model's `input` list in `www.hiapi.ai/docs/models.json` (`[{name,type,required,enum?,default?}]`).
 * It holds names, types and choices only, and is silent on other fields, since the list makes no promise to be complete.
 */
export function schemaOfFieldList(list: unknown): UnknownRecord | undefined {
	if (!Array.isArray(list)) return undefined;
	const unusable = ['model', '__proto__'];
	const named = list
		.filter(isRecord)
		.filter(({ name }) => trimmedOrUndefined(name) && !unusable.includes(String(name)));
	if (named.length === 0) return undefined;
	const properties: UnknownRecord = {};
	for (const { name, type, enum: choices, default: defaultValue } of named) {
		const text = typeof type === 'string' ? type.trim().toLowerCase() : '';
		const entry = text.endsWith('[]') ? text.slice(0, -2) : undefined;
		const values = Array.isArray(choices) && choices.length > 0 ? { enum: choices } : {};
		const simple = { ...listedTypes[entry ?? text], ...values };
		const field = entry === undefined ? simple : { type: 'array', items: simple };
		properties[String(name)] =
			defaultValue === undefined ? field : { ...field, default: defaultValue };
	}
	const required = named.filter((entry) => entry.required === true).map((entry) => entry.name);
	return { type: 'object', required, properties };
}
