import { FILES } from './files.cts';
import { engine, mutantsOf, unit, type Mutant } from './mutant.cts';

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
	...mutantsOf(FILES.costLimit, unit('generation/cost/costLimit'), [
		[
			'the limit may be passed by a little',
			'if (sum > maximumUsd)',
			'if (sum > maximumUsd + 0.01)',
		],
		['the limit stops at the exact sum', 'if (sum > maximumUsd)', 'if (sum >= maximumUsd)'],
		['what has no price costs nothing', 'if (unknown.length > 0)', 'if (false)'],
		[
			'retries of failed tasks are not counted',
			'(createsTask(item) ? 1 : 0) + item.replacements',
			'createsTask(item) ? 1 : item.replacements',
		],
		['replacements of tasks that are picked up are free', 'most <= maximumUsd', 'true'],
		['picked up tasks stop a run', 'items.filter(createsTask);', 'items;'],
	]),
	...mutantsOf(FILES.costCheck, engine('engine/cost'), [
		[
			'nobody looks at the limit',
			'if (maximumUsd === undefined) return;',
			'return;',
			engine('engine/cost', 'stops 50 rows'),
		],
		[
			'a task bought before is counted again',
			'taskId: foreseen[index]?.taskId',
			'taskId: undefined',
			engine('engine/cost', 'counts only what it is going to buy'),
		],
		[
			'a task that is picked up is replaced without money for it',
			'if (foreseen[index] !== undefined) job.mostRetries = 0;',
			'void job;',
			engine('engine/cost', 'replaces no failed task'),
		],
	]),
	...mutantsOf(FILES.createOptions, engine('engine/cost', 'lifted by mistake'), [
		[
			'a limit that is no number is none',
			'if (Number.isFinite(usd) && usd > 0) return usd;',
			'return Number.isFinite(usd) && usd > 0 ? usd : undefined;',
		],
	]),
	...mutantsOf(FILES.usd, unit('HiApi/models/usd'), [
		[
			'sums are rounded',
			'return toNumber({ digits, exponent });',
			'return Number(toNumber({ digits, exponent }).toFixed(2));',
		],
	]),
];
