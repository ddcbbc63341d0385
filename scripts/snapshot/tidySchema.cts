import { fieldTitle } from '../../nodes/HiApi/models/fieldTitle';
import type { Snapshot } from '../../nodes/HiApi/models/snapshot';
import { isRecord, type UnknownRecord } from '../../nodes/shared/values';

const VALUE_KEYWORDS = new Set(
	(
		'type enum const default minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern ' +
		'format minItems maxItems uniqueItems minProperties maxProperties required dependentRequired $ref'
	).split(' '),
);
const SCHEMA_KEYWORDS = new Set('items additionalProperties if then else not contains'.split(' '));
const LIST_KEYWORDS = new Set('allOf anyOf oneOf prefixItems'.split(' '));
const MAP_KEYWORDS = new Set('properties patternProperties $defs definitions'.split(' '));

const isEmptyValue = (value: unknown) =>
	value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** A schema without texts and annotations: what it demands, and nothing else. */
function tidy(schema: unknown): unknown {
	if (!isRecord(schema)) return schema;
	const kept: UnknownRecord = {};
	for (const [keyword, content] of Object.entries(schema)) {
		if (keyword === 'default' && isEmptyValue(content)) continue;
		if (VALUE_KEYWORDS.has(keyword)) kept[keyword] = content;
		else if (SCHEMA_KEYWORDS.has(keyword)) kept[keyword] = tidy(content);
		else if (LIST_KEYWORDS.has(keyword) && Array.isArray(content))
			kept[keyword] = content.map(tidy);
		else if (MAP_KEYWORDS.has(keyword) && isRecord(content)) {
			kept[keyword] = Object.fromEntries(
				Object.entries(content).map(([name, part]) => [name, tidy(part)]),
			);
		}
	}
	return kept;
}

/** The words already in the snapshot for a field of this name, the most frequent ones first. */
function usualWords(snapshot: Snapshot, name: string): string | undefined {
	const counts = new Map<string, number>();
	for (const { inputSchema } of snapshot.models) {
		const field = isRecord(inputSchema?.properties) ? inputSchema.properties[name] : undefined;
		if (isRecord(field) && typeof field.description === 'string') {
			counts.set(field.description, (counts.get(field.description) ?? 0) + 1);
		}
	}
	return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

export interface TidySchema {
	schema: UnknownRecord;
	/** Fields nobody has described yet: they got their name as description. */
	withoutWords: string[];
}

/**
 * A published schema as the snapshot keeps it. The catalogue's own texts are left out (they are HiAPI's, and some are
 * Chinese): a field keeps the words it had, or gets those of the same field of other models.
 */
export function tidySchema(
	published: UnknownRecord,
	previous: UnknownRecord | undefined,
	snapshot: Snapshot,
): TidySchema {
	const schema = tidy(published) as UnknownRecord;
	const before = isRecord(previous?.properties) ? previous.properties : {};
	const withoutWords: string[] = [];
	const properties: UnknownRecord = {};
	for (const [name, field] of Object.entries(
		isRecord(schema.properties) ? schema.properties : {},
	)) {
		const own = isRecord(before[name]) ? before[name].description : undefined;
		const words = typeof own === 'string' ? own : usualWords(snapshot, name);
		if (words === undefined) withoutWords.push(name);
		properties[name] = isRecord(field)
			? { ...field, description: words ?? fieldTitle(name) }
			: field;
	}
	return { schema: { ...schema, properties }, withoutWords };
}
