import { isRecord, trimmedOrUndefined, toNumber, type UnknownRecord } from '../../shared/values';
import { multiplyExactly } from './usd';

type Scalar = string | number | boolean;

/** What a rule of the price list asks of one input field. */
export type PriceCondition = { field: string; oneOf: Scalar[] } | { field: string; isSet: true };

/** US dollars for one unit, or why they are not known. */
export type Amount = { usd: number } | { reason: string };

/** Another price than the base price: it counts when every condition holds. */
export interface PriceRule {
	conditions: PriceCondition[];
	amount: Amount;
}

/** What one model, or one route of it, costs. */
export interface PriceRow {
	/** As the price list names it; a route is `model@route`. */
	model: string;
	/** What the price is for, in HiAPI's words, such as `per second`. */
	unit?: string;
	/** The input field that says how many units a task has. Absent: the price is for a task. */
	quantity?: string;
	/** The price where no rule holds. */
	base: Amount;
	rules: PriceRule[];
}

/** A row of the price list as far as it is understood. */
export type ReadPrice = PriceRow | { model: string; unit?: string; reason: string };

const NO_PRICE = "HiAPI's price list holds no price for it";
const QUOTA_UNITS = "HiAPI's price list states it in internal units instead of US dollars";
const UNKNOWN_RULE = "HiAPI's price list has a rule for it that this version does not understand";
const UNKNOWN_FACTORS =
	"HiAPI's price list counts it in a way that this version does not understand";

const QUANTITIES = ['duration', 'seconds', 'duration_seconds'];
/** Units of which a task can have many, and nothing in the row tells how many. */
const COUNTED_UNIT =
	/\d|second|minute|hour|character|word|token|letter|pixel|frame|byte|\b(k|m|kb|mb|gb|sec|min|s)\b/i;
const PER_SECOND = /^(per\s+|\/\s*)?(output\s+)?(second|sec|s)$/i;

const isScalar = (value: unknown): value is Scalar =>
	['string', 'number', 'boolean'].includes(typeof value);

/** NaN for anything that is no price: zero and negative ones included. */
function positive(value: unknown): number {
	const number = typeof value === 'string' && value.trim() === '' ? NaN : toNumber(value);
	return Number.isFinite(number) && number > 0 ? number : NaN;
}

function amountOf(usd: number, reason = NO_PRICE): Amount {
	return Number.isFinite(usd) && usd > 0 ? { usd } : { reason };
}

function readCondition([field, test]: [string, unknown]): PriceCondition | undefined {
	if (!isRecord(test) || Object.keys(test).length !== 1) return undefined;
	if (test.with === true) return { field, isSet: true };
	const values: unknown[] = Array.isArray(test.match) ? test.match : [test.match];
	return values.length > 0 && values.every(isScalar) ? { field, oneOf: values } : undefined;
}

function policyAmount(policy: UnknownRecord, base: unknown): Amount {
	const type = policy.pricing_type ?? 'fixed';
	if (type === 'multiply') {
		const [unit, times] = [positive(base), positive(policy.times ?? policy.pricing_value)];
		return Number.isNaN(unit + times)
			? { reason: NO_PRICE }
			: amountOf(multiplyExactly(unit, times));
	}
	if (type !== 'fixed') return { reason: UNKNOWN_RULE };
	const isQuota = (policy.usd_value ?? null) === null && (policy.pricing_value ?? null) !== null;
	return amountOf(positive(policy.usd_value), isQuota ? QUOTA_UNITS : NO_PRICE);
}

/** Undefined when the policy's rule is not understood: then nobody can tell whether it counts. */
function readRule(policy: unknown, base: unknown): PriceRule | undefined {
	if (!isRecord(policy) || !isRecord(policy.rule)) return undefined;
	const conditions = Object.entries(policy.rule).map(readCondition);
	if (conditions.length === 0 || conditions.includes(undefined)) return undefined;
	return {
		conditions: conditions.filter((condition) => condition !== undefined),
		amount: policyAmount(policy, base),
	};
}

function readUnit(value: unknown): string | undefined {
	const text = trimmedOrUndefined(isRecord(value) ? value.en : value);
	return text && `per ${text.replace(/^(\/|per\s)\s*/i, '')}`;
}

/**
 * One entry of `data` in `GET /api/pricing`, read as HiAPI's own clients read it (hiapi-product-video-skills,
 * references/api.md, section Pricing): `{model_name, base_usd_value, base_display_unit, factors, policies: [{rule,
 * pricing_type, usd_value, times, pricing_value}], model_price}`. A row that is not understood in whole says why and has
 * no price: a wrong one is worse than none.
 */
export function readPriceRow(model: string, entry: UnknownRecord): ReadPrice {
	const unit = readUnit(entry.base_display_unit);
	const notRead = (reason: string): ReadPrice => ({ model, ...(unit && { unit }), reason });
	const factors = entry.factors ?? [];
	const policies = entry.policies ?? [];
	if (!Array.isArray(factors) || factors.length > 1) return notRead(UNKNOWN_FACTORS);
	const [quantity] = factors as unknown[];
	if (quantity !== undefined) {
		if (typeof quantity !== 'string' || !QUANTITIES.includes(quantity))
			return notRead(UNKNOWN_FACTORS);
		if (unit !== undefined && !PER_SECOND.test(unit)) return notRead(UNKNOWN_FACTORS);
	} else if (unit !== undefined && COUNTED_UNIT.test(unit)) {
		return notRead(`HiAPI charges it ${unit}, and does not say beforehand how many there will be`);
	}
	if (!Array.isArray(policies)) return notRead(UNKNOWN_RULE);
	const rules = policies.map((policy) => readRule(policy, entry.base_usd_value));
	if (rules.includes(undefined)) return notRead(UNKNOWN_RULE);
	return {
		model,
		...(unit && { unit }),
		...(typeof quantity === 'string' && { quantity }),
		base: amountOf(positive(entry.base_usd_value ?? entry.model_price)),
		rules: rules.filter((rule) => rule !== undefined),
	};
}
