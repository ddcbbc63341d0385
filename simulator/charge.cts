import type { PriceCondition, PricePolicy, PriceRow } from './models/prices.cts';
import type { JsonSchema } from './models/schema.cts';

type Input = Record<string, unknown>;

/** Prices are computed in billionths of a dollar, so that they come out to the cent. */
const NANO = 1e9;
/** What a dollar is in quota units (the gateway software HiAPI resembles). A guess. */
const QUOTA_PER_USD = 500_000;
/** Seconds of a task whose input says nothing about them, and of a reference video or audio. A guess. */
const SECONDS = 5;

const isGiven = (value: unknown) =>
	Array.isArray(value) ? value.length > 0 : ![undefined, null, '', false].includes(value as null);

function isMet(condition: PriceCondition, value: unknown): boolean {
	if ('with' in condition) return isGiven(value);
	if ('atLeast' in condition) return Number(value) >= condition.atLeast;
	return [condition.match].flat().includes(value);
}

function nanoPrice(policy: PricePolicy, row: PriceRow): number {
	if (policy.pricing_type === 'multiply')
		return (row.base_usd_value ?? 0) * (policy.times ?? policy.pricing_value ?? 1) * NANO;
	if (policy.usd_value !== undefined && policy.usd_value !== null) return policy.usd_value * NANO;
	return ((policy.pricing_value ?? 0) / QUOTA_PER_USD) * NANO;
}

/** The rule with most fields among those that hold, of equals the dearest. */
function unitPrice(row: PriceRow, input: Input, fallbackUsd: number): number {
	const held = row.policies
		.filter((policy) => policy !== null)
		.filter(({ rule }) =>
			Object.entries(rule).every(([field, condition]) => isMet(condition, input[field])),
		)
		.map((policy) => ({
			fields: Object.keys(policy.rule).length,
			nano: Math.round(nanoPrice(policy, row)),
		}))
		.sort((one, other) => other.fields - one.fields || other.nano - one.nano);
	const base = (row.base_usd_value ?? row.model_price) || fallbackUsd;
	return held.length > 0 ? held[0].nano : Math.round(base * NANO);
}

function unitsOf(row: PriceRow, input: Input): number {
	if (row.base_display_unit.en === 'per 1000 characters')
		return String(input.text ?? '').length / 1000;
	const factor = Array.isArray(row.factors) ? row.factors[0] : undefined;
	if (factor === undefined) return 1;
	const references = ['reference_video_urls', 'reference_audio_urls'].flatMap(
		(field) => (input[field] as unknown[] | undefined) ?? [],
	);
	const asked = input[factor];
	const seconds = typeof asked === 'number' && asked > 0 ? asked : SECONDS;
	return seconds + references.length * SECONDS;
}

/** The input with what the schema says for fields that were left out. */
function withDefaults(input: Input, schema: JsonSchema | null): Input {
	const properties = (schema?.properties ?? {}) as Record<string, JsonSchema>;
	const defaults = Object.entries(properties).filter(
		([, { default: value }]) => value !== undefined,
	);
	return {
		...Object.fromEntries(defaults.map(([name, { default: value }]) => [name, value])),
		...input,
	};
}

/**
 * What a task is charged in US dollars, by the row HiAPI would price it by. Written apart from the package's own reading of
 * the price list, so that tests can compare the two; where that list is no help (quota units, characters, operators nobody
 * documents) it is invented.
 *
 * @param ruleDefaults whether the default of a field that was left out counts for a rule
 */
export function chargeUsd(
	row: PriceRow,
	input: Input,
	schema: JsonSchema | null,
	fallbackUsd: number,
	ruleDefaults: boolean,
): number {
	const filled = withDefaults(input, schema);
	const nano = unitPrice(row, ruleDefaults ? filled : input, fallbackUsd);
	return Math.round(nano * unitsOf(row, filled)) / NANO;
}

/** A sum of US dollars without the dust of binary fractions. */
export function sumUsd(amounts: number[]): number {
	return amounts.reduce((sum, usd) => sum + Math.round(usd * NANO), 0) / NANO;
}
