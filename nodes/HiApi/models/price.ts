import type { UnknownRecord } from '../../shared/values';
import { fieldTitle } from './fieldTitle';
import type { Amount, PriceCondition, PriceRow, ReadPrice } from './priceRow';
import { multiplyExactly } from './usd';

/** What one task will cost by HiAPI's price list, or in plain words why that cannot be said. */
export type CostEstimate = { usd: number } | { reason: string };

/** Fields that are not set and have a default each double the cases to look at; no row seen has more than two. */
const MOST_OPEN_FIELDS = 6;

const label = (field: string) => `'${fieldTitle(field)}'`;
const isSent = (input: UnknownRecord, field: string) =>
	Object.hasOwn(input, field) && input[field] !== undefined;
const isEmpty = (value: unknown) =>
	value === undefined ||
	value === null ||
	value === '' ||
	value === false ||
	(Array.isArray(value) && value.length === 0);

/** Why it cannot be said whether a condition holds: HiAPI's own clients differ there, or the texts nearly agree. */
function doubt(condition: PriceCondition, input: UnknownRecord): string | undefined {
	const { field } = condition;
	if (!isSent(input, field)) return undefined;
	const value = input[field];
	if ('isSet' in condition)
		return isEmpty(value)
			? `the price depends on whether ${label(field)} is set, and it is set to nothing`
			: undefined;
	const text = typeof value === 'object' ? undefined : String(value).trim().toLowerCase();
	const nearly =
		text === undefined ||
		(!condition.oneOf.includes(value as string) &&
			condition.oneOf.some((one) => String(one).trim().toLowerCase() === text));
	return nearly
		? `the price depends on ${label(field)}, whose value is written differently in HiAPI's price list`
		: undefined;
}

function holds(condition: PriceCondition, input: UnknownRecord): boolean {
	const { field } = condition;
	if (!isSent(input, field)) return false;
	return 'isSet' in condition || condition.oneOf.includes(input[field] as string);
}

/** The most specific rule that holds, the dearest of several; the base price without one. */
function chooseAmount(row: PriceRow, input: UnknownRecord): Amount {
	const doubts = row.rules.flatMap(({ conditions }) =>
		conditions.map((condition) => doubt(condition, input)),
	);
	const reason = doubts.find((one) => one !== undefined);
	if (reason !== undefined) return { reason };
	const fitting = row.rules.filter(({ conditions }) =>
		conditions.every((condition) => holds(condition, input)),
	);
	if (fitting.length === 0) return row.base;
	const most = Math.max(...fitting.map(({ conditions }) => conditions.length));
	const amounts = fitting
		.filter(({ conditions }) => conditions.length === most)
		.map(({ amount }) => amount);
	return (
		amounts.find((amount) => 'reason' in amount) ??
		amounts.reduce((dearest, amount) =>
			'usd' in amount && 'usd' in dearest && amount.usd > dearest.usd ? amount : dearest,
		)
	);
}

/** The input as sent, and with every combination of defaults for the fields that rules name and that are not sent. */
function possibleInputs(
	open: string[],
	input: UnknownRecord,
	defaults: UnknownRecord,
): UnknownRecord[] {
	return open.reduce(
		(inputs, field) => inputs.flatMap((one) => [one, { ...one, [field]: defaults[field] }]),
		[input],
	);
}

/**
 * The price of one unit. HiAPI does not say whether a default it fills in counts for a rule, so where that would make a
 * difference there is no price.
 */
function unitPrice(
	row: PriceRow,
	input: UnknownRecord,
	defaults: UnknownRecord | undefined,
): Amount {
	const named = row.rules.flatMap(({ conditions }) => conditions.map(({ field }) => field));
	const unset = [...new Set(named)].filter((field) => !isSent(input, field));
	if (defaults === undefined && unset.length > 0)
		return {
			reason: `the price depends on ${label(unset[0])}, which is not set, and HiAPI's default for it cannot be read now`,
		};
	const open = unset.filter(
		(field) => isSent(defaults ?? {}, field) && !isEmpty((defaults ?? {})[field]),
	);
	const names = open.map(label).join(' and ');
	const dependsOn = `the price depends on ${names}, which ${open.length > 1 ? 'are' : 'is'} not set`;
	if (open.length > MOST_OPEN_FIELDS) return { reason: dependsOn };
	const amounts = possibleInputs(open, input, defaults ?? {}).map((one) => chooseAmount(row, one));
	const [first] = amounts;
	const same = amounts.every(
		(amount) => 'usd' in amount && 'usd' in first && amount.usd === first.usd,
	);
	if (same) return first;
	const reason = amounts.find((amount) => 'reason' in amount);
	return reason ?? { reason: dependsOn };
}

/** How many units the task has. NaN with a reason where that is not known beforehand. */
function unitsOf(
	row: PriceRow,
	input: UnknownRecord,
	defaults: UnknownRecord | undefined,
): { count: number } | { reason: string } {
	const { quantity } = row;
	if (quantity === undefined) return { count: 1 };
	const value = isSent(input, quantity) ? input[quantity] : defaults?.[quantity];
	if (value === undefined)
		return { reason: `${label(quantity)} is not set, and HiAPI's default for it is not known` };
	if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0)
		return {
			reason:
				value === -1
					? `${label(quantity)} is -1, which lets HiAPI decide on the length`
					: `${label(quantity)} is not a number of seconds`,
		};
	return { count: value };
}

/** Seedance may charge the seconds of reference videos and audio besides those it makes (hiapi-skills, seedance-2-5.md). */
function chargesReferences(row: PriceRow, input: UnknownRecord): boolean {
	return (
		row.quantity !== undefined &&
		/seedance/i.test(row.model) &&
		Object.keys(input).some(
			(field) => /^reference_(video|audio)/.test(field) && !isEmpty(input[field]),
		)
	);
}

/**
 * What one task costs by HiAPI's price list, in US dollars and exact, before an account's own discounts. Only what is
 * understood in whole is computed; everything else has a reason instead.
 *
 * @param price the model's row
 * @param input the task's `input` as it is sent
 * @param defaults what HiAPI takes for fields that are not sent, by its published schema; undefined where that is not known
 */
export function estimateCost(
	price: ReadPrice,
	input: UnknownRecord,
	defaults: UnknownRecord | undefined,
): CostEstimate {
	if ('reason' in price) return { reason: price.reason };
	if (chargesReferences(price, input))
		return { reason: 'HiAPI may also charge the seconds of the reference videos and audio' };
	const units = unitsOf(price, input, defaults);
	if ('reason' in units) return units;
	const amount = unitPrice(price, input, defaults);
	if ('reason' in amount) return amount;
	const usd = multiplyExactly(amount.usd, units.count);
	return Number.isFinite(usd) && usd > 0
		? { usd }
		: { reason: 'it is out of the range of numbers' };
}

/**
 * The row that prices a model on a route: its own, else that of its only route (seen for gpt-image-2.5-flare, which is
 * listed as gpt-image-2.5-flare@pro). Undefined where there is none, or more than one.
 */
export function findPrice(rows: ReadPrice[], id: string): ReadPrice | undefined {
	const own = rows.filter(({ model }) => model === id);
	const fitting = own.length > 0 ? own : rows.filter(({ model }) => model.startsWith(`${id}@`));
	return fitting.length === 1 ? fitting[0] : undefined;
}
