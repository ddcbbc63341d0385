import { fieldTitle } from './fieldTitle';
import type { Amount, PriceCondition, PriceRow, ReadPrice } from './priceRow';
import { exactUsd } from './usd';

/** Prices shown; a table of them is no text any more. */
const MOST_PRICES = 6;

/** What a person reads about a model's price, and a number to sort by. */
export interface PriceSummary {
	/** `$0.10 per second; $0.143 with sound`, or why there is no price. */
	text: string;
	/** The lowest price of one unit in US dollars; absent where not every price is known. */
	fromUsd?: number;
}

/** `Image URLs` becomes `image URLs`. */
const lower = (field: string) =>
	fieldTitle(field).replace(/\b[A-Z][a-z]*\b/g, (word) => word.toLowerCase());

function conditionText(condition: PriceCondition): string {
	const name = lower(condition.field);
	if ('isSet' in condition) return `with ${name}`;
	const [only, ...others] = condition.oneOf;
	if (others.length === 0 && typeof only === 'boolean')
		return `${only ? 'with' : 'without'} ${name}`;
	const values = condition.oneOf.join(' or ');
	return condition.field === 'resolution' ? `at ${values}` : `with ${name} ${values}`;
}

/** One entry per price, each with the settings that lead to it; the base price first. */
function priceEntries({ base, rules }: PriceRow): string[] {
	const settings = new Map<string, string[]>();
	const add = (amount: Amount, text: string[]) => {
		const price = 'usd' in amount ? exactUsd(amount.usd) : 'price not known';
		settings.set(price, [...(settings.get(price) ?? []), ...text]);
	};
	if ('usd' in base) add(base, []);
	for (const { conditions, amount } of rules) {
		if ('usd' in amount && 'usd' in base && amount.usd === base.usd) continue;
		add(amount, [conditions.map(conditionText).join(' ')]);
	}
	return [...settings].map(([price, texts]) => [price, texts.join(' or ')].join(' ').trim());
}

/** A model's price for people. */
export function describePrice(price: ReadPrice): PriceSummary {
	if ('reason' in price) return { text: `Not known: ${price.reason}` };
	const amounts = [price.base, ...price.rules.map(({ amount }) => amount)];
	const known = amounts.flatMap((amount) => ('usd' in amount ? [amount.usd] : []));
	if (known.length === 0 && 'reason' in price.base)
		return { text: `Not known: ${price.base.reason}` };
	const entries = priceEntries(price);
	const shown = entries.slice(0, MOST_PRICES);
	shown[0] = shown[0].replace(/^\S+/, (first) => `${first} ${price.unit ?? 'per task'}`);
	const rest = entries.length - shown.length;
	return {
		text: [...shown, ...(rest > 0 ? [`${rest} more prices for other settings`] : [])].join('; '),
		...(known.length === amounts.length && { fromUsd: Math.min(...known) }),
	};
}

/** What Model → Get and Get Many put out about a price; nothing where the price list holds none. */
export function priceOutput(
	price: ReadPrice | undefined,
): { price: string; fromUsd?: number; priceUnit?: string } | undefined {
	if (price === undefined) return undefined;
	const { text, fromUsd } = describePrice(price);
	return {
		price: text,
		...(fromUsd !== undefined && { fromUsd }),
		...(price.unit && { priceUnit: price.unit }),
	};
}
