import { isRecord, type UnknownRecord } from '../../shared/values';
import { fieldTitle } from './fieldTitle';

/** One rule between fields, as a sentence, with the fields whose setting brings it into force. */
export interface SchemaCondition {
	triggers: string[];
	text: string;
}

const listing = (values: unknown[], word: string) => {
	const shown = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
	return shown.length < 2
		? shown.join('')
		: `${shown.slice(0, -1).join(', ')} ${word} ${shown[shown.length - 1]}`;
};

function allowedValues(schema: unknown): unknown[] | undefined {
	if (!isRecord(schema)) return undefined;
	if (Array.isArray(schema.enum)) return schema.enum;
	return 'const' in schema ? [schema.const] : undefined;
}

const namesOf = (required: unknown): string[] =>
	Array.isArray(required) && required.every((name) => typeof name === 'string') ? required : [];

/** `Background is set`, `Aspect Ratio is auto`; undefined when there is more in it than this can say. */
function ifText(condition: UnknownRecord, properties: UnknownRecord): SchemaCondition | undefined {
	if (Object.keys(condition).some((key) => key !== 'properties' && key !== 'required'))
		return undefined;
	const asked = isRecord(condition.properties) ? condition.properties : {};
	const required = namesOf(condition.required);
	if (Object.keys(asked).some((name) => !required.includes(name))) return undefined;
	const parts: string[] = [];
	for (const name of required) {
		const values = allowedValues(asked[name]);
		if (name in asked && (!values || Object.keys(asked[name] as object).length !== 1))
			return undefined;
		const choices = allowedValues(properties[name]);
		const isAnyChoice = !values || (choices?.every((choice) => values.includes(choice)) ?? false);
		parts.push(`${fieldTitle(name)} is ${isAnyChoice ? 'set' : listing(values, 'or')}`);
	}
	return parts.length > 0 ? { triggers: required, text: parts.join(' and ') } : undefined;
}

function propertyText(name: string, rule: unknown): string | undefined {
	const title = fieldTitle(name);
	if (rule === false) return `${title} cannot be set`;
	const values = allowedValues(rule);
	if (values) return `${title} must be ${listing(values, 'or')}`;
	if (!isRecord(rule)) return undefined;
	const bounds = [
		typeof rule.minimum === 'number' ? `at least ${rule.minimum}` : '',
		typeof rule.maximum === 'number' ? `at most ${rule.maximum}` : '',
	].filter(Boolean);
	return bounds.length > 0 ? `${title} must be ${bounds.join(' and ')}` : undefined;
}

function thenText(consequence: unknown): string | undefined {
	if (!isRecord(consequence)) return undefined;
	const parts: string[] = [];
	if (isRecord(consequence.properties)) {
		for (const [name, rule] of Object.entries(consequence.properties)) {
			const text = propertyText(name, rule);
			if (text) parts.push(text);
		}
	}
	const titles = namesOf(consequence.required).map(fieldTitle);
	if (titles.length > 0) {
		parts.push(`${listing(titles, 'and')} must be set`);
	}
	const ruledOut = isRecord(consequence.not) ? namesOf(consequence.not.required) : [];
	if (ruledOut.length === 1) parts.push(`${fieldTitle(ruledOut[0])} cannot be set`);
	return parts.length > 0 ? parts.join(', ') : undefined;
}

/**
 * The if/then rules of a schema in words, as far as they are of the kind HiAPI publishes ("when this field holds that,
 * this other one must hold that"). Rules of other kinds are left out; the API still applies them.
 */
export function describeConditions(schema: UnknownRecord): SchemaCondition[] {
	const properties = isRecord(schema.properties) ? schema.properties : {};
	const rules = [schema, ...(Array.isArray(schema.allOf) ? schema.allOf : [])];
	const conditions: SchemaCondition[] = [];
	for (const rule of rules) {
		if (!isRecord(rule) || !isRecord(rule.if)) continue;
		const when = ifText(rule.if, properties);
		const then = thenText(rule.then);
		if (when && then)
			conditions.push({ triggers: when.triggers, text: `When ${when.text}, ${then}` });
	}
	return conditions;
}
