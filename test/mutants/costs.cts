import { FILES } from './files.cts';
import { mutantsOf, unit, type Mutant } from './mutant.cts';

/** What a task will cost, and what stops a run that would cost too much. */
export const COST_MUTANTS: Mutant[] = [
	...mutantsOf(FILES.price, unit('HiApi/models/price.test'), [
		['the first rule that holds counts', 'conditions.length === most', 'true'],
		[
			'the cheapest of several rules counts',
			'amount.usd > dearest.usd',
			'amount.usd < dearest.usd',
		],
		[
			'one condition of a rule is enough',
			'conditions.every((condition) => holds(condition, input))',
			'conditions.some((condition) => holds(condition, input))',
		],
		[
			'a default is taken for a value that was sent',
			'[one, { ...one, [field]',
			'[{ ...one, [field]',
		],
		[
			'a default that may count is passed over',
			'[one, { ...one, [field]: defaults[field] }]',
			'[one]',
		],
		[
			'fields that cannot be read count as not set',
			'if (defaults === undefined && unset.length > 0)',
			'if (false)',
		],
		[
			'a duration of -1 has a price',
			'!Number.isFinite(value) || value <= 0',
			'!Number.isFinite(value)',
		],
		[
			'the seconds of reference videos are forgotten',
			'if (chargesReferences(price, input))',
			'if (false)',
		],
		['a video has the price of a second', 'multiplyExactly(amount.usd, units.count)', 'amount.usd'],
		[
			'a row listed twice has a price',
			'fitting.length === 1 ? fitting[0]',
			'fitting.length > 0 ? fitting[0]',
		],
	]),
	...mutantsOf(FILES.priceRow, unit('HiApi/models/priceRow'), [
		['a rule that is not understood is left out', 'if (rules.includes(undefined))', 'if (false)'],
		['an operator beside a known one is passed over', 'Object.keys(test).length !== 1', 'false'],
		['several factors: the first counts', 'factors.length > 1', 'false'],
		['an unknown factor counts as a number', '!QUANTITIES.includes(quantity)', 'false'],
		[
			'quota units are taken for dollars',
			'amountOf(positive(policy.usd_value),',
			'amountOf(positive(policy.usd_value ?? policy.pricing_value),',
		],
		[
			'two negative numbers are a price',
			'Number.isFinite(number) && number > 0',
			'Number.isFinite(number)',
		],
		['1000 characters cost as much as a text', 'COUNTED_UNIT.test(unit)', 'false'],
	]),
	...mutantsOf(FILES.modelCatalog, unit('HiApi/models/modelCatalog'), [
		[
			'a price list of yesterday sets the limit',
			'access.now() - list.readAtMs > FRESH_MS',
			'false',
		],
		['defaults of the bundled list count', "source === 'live' ? (Object", 'true ? (Object'],
	]),
	...mutantsOf(FILES.usd, unit('HiApi/models/usd'), [
		[
			'sums are rounded',
			'return toNumber({ digits, exponent });',
			'return Number(toNumber({ digits, exponent }).toFixed(2));',
		],
	]),
];
