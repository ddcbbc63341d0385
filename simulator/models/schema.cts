/** A JSON Schema (2020-12). */
export type JsonSchema = Record<string, unknown>;

/** One model of the simulator. `null` instead of a schema: any input object is taken. */
export interface SimulatedModel {
	id: string;
	aliases: string[];
	/** Ids it had before; only taken with the switch `oldModelIds`. */
	oldIds?: string[];
	title: string;
	category: 'image' | 'video' | 'audio';
	capability: string;
	/** Input schema per route; `default` is the one without a route. */
	routes: Record<string, JsonSchema | null>;
	/** Upper-bound estimate of one task, in US dollars. */
	costUsd: number;
	/** Sold, but not in the catalogue. */
	isUnlisted?: boolean;
}

/** An input schema as HiAPI publishes them: an object without unknown fields. */
export function inputSchema(
	required: string[],
	properties: Record<string, JsonSchema>,
	more: JsonSchema = {},
): JsonSchema {
	return {
		$schema: 'https://json-schema.org/draft/2020-12/schema',
		type: 'object',
		additionalProperties: false,
		required,
		properties,
		...more,
	};
}

export const text = (more: JsonSchema = {}): JsonSchema => ({ type: 'string', ...more });
export const choice = (values: string[], more: JsonSchema = {}): JsonSchema => ({
	type: 'string',
	enum: values,
	...more,
});
export const integer = (minimum: number, maximum: number, more: JsonSchema = {}): JsonSchema => ({
	type: 'integer',
	minimum,
	maximum,
	...more,
});
export const yesNo = (more: JsonSchema = {}): JsonSchema => ({ type: 'boolean', ...more });
export const addresses = (more: JsonSchema = {}, ofEach: JsonSchema = {}): JsonSchema => ({
	type: 'array',
	items: { type: 'string', format: 'uri', ...ofEach },
	...more,
});

/**
 * Web addresses only, neither `data:` nor `asset:` (as captured for gpt-image-2.5-flare@pro, hiapi-gpt-image-2-5-skill
 * tests/fixtures/gpt-image-2-5-schemas.json, 2026-10-05).
 */
export const LINK_PATTERN = '^[hH][tT][tT][pP][sS]?://[^\\s/?#]+(?::[0-9]{1,5})?(?:[/?#][^\\s]*)?$';

/** "When this field holds one of these values, that field must hold one of those." */
export function whenThen(
	condition: Record<string, string[]>,
	consequence: Record<string, string[]>,
): JsonSchema {
	const enums = (fields: Record<string, string[]>) =>
		Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, { enum: values }]));
	return {
		if: { properties: enums(condition), required: Object.keys(condition) },
		then: { properties: enums(consequence) },
	};
}
