/** A decimal number without rounding: `digits` × 10^`exponent`. */
interface Decimal {
	digits: bigint;
	exponent: number;
}

/** The decimal number a JavaScript number is written as: 0.1 is exactly one tenth here. */
function toDecimal(value: number): Decimal {
	const [mantissa, exponent] = value.toExponential().split('e');
	const [whole, fraction = ''] = mantissa.split('.');
	return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

const toNumber = ({ digits, exponent }: Decimal) => Number(`${digits}e${exponent}`);

/** The product of finite numbers as one would write it down: 0.1 × 3 is 0.3, not 0.30000000000000004. */
export function multiplyExactly(...factors: number[]): number {
	return toNumber(
		factors.map(toDecimal).reduce((product, factor) => ({
			digits: product.digits * factor.digits,
			exponent: product.exponent + factor.exponent,
		})),
	);
}

/** The sum of finite numbers as one would write it down; 0 for none. */
export function addExactly(values: number[]): number {
	const decimals = values.map(toDecimal);
	const exponent = Math.min(0, ...decimals.map((decimal) => decimal.exponent));
	const digits = decimals.reduce(
		(sum, decimal) => sum + decimal.digits * 10n ** BigInt(decimal.exponent - exponent),
		0n,
	);
	return toNumber({ digits, exponent });
}

/** US dollars to the last digit and with cents: `$0.10`, `$0.0172`. */
export function exactUsd(usd: number): string {
	const { digits, exponent } = toDecimal(usd);
	const decimals = Math.min(20, Math.max(2, -exponent));
	return digits === 0n ? '$0.00' : `$${usd.toFixed(decimals)}`;
}

/** US dollars for people: to the cent, below 10 cents to two digits (`$1.20`, `$0.50`, `$0.017`). */
export function roundedUsd(usd: number): string {
	if (usd >= 0.1 || usd <= 0) return `$${usd.toFixed(2)}`;
	return exactUsd(Number(usd.toPrecision(2)));
}
