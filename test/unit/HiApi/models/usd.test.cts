import fc from 'fast-check';
import {
	addExactly,
	exactUsd,
	multiplyExactly,
	roundedUsd,
} from '../../../../nodes/HiApi/models/usd';

/** Prices as they stand in a list: up to six decimals. */
const price = fc.integer({ min: 1, max: 9_999_999 }).map((millionths) => millionths / 1e6);

describe('exact amounts', () => {
	it.each([
		[[0.1, 3], 0.3],
		[[0.1, 1.8, 7], 1.26],
		[[0.0172, 1], 0.0172],
		[[1e-7, 3], 3e-7],
		[[2.5e21, 2], 5e21],
	])('%j multiplied is %d', (factors, product) => {
		expect(multiplyExactly(...factors)).toBe(product);
	});

	it('add up like money: in any order, and to what counting millionths gives', () => {
		expect(addExactly([])).toBe(0);
		expect(addExactly([0.1, 0.2])).toBe(0.3);
		fc.assert(
			fc.property(fc.array(price, { maxLength: 200 }), (prices) => {
				const millionths = prices.reduce((sum, one) => sum + Math.round(one * 1e6), 0);
				expect(addExactly(prices)).toBe(millionths / 1e6);
				expect(addExactly([...prices].reverse())).toBe(addExactly(prices));
			}),
		);
	});

	it('multiply to what adding gives', () => {
		fc.assert(
			fc.property(price, fc.integer({ min: 1, max: 60 }), (one, count) => {
				expect(multiplyExactly(one, count)).toBe(addExactly(Array<number>(count).fill(one)));
			}),
		);
	});
});

describe('amounts for people', () => {
	it.each([
		[0, '$0.00', '$0.00'],
		[1.2, '$1.20', '$1.20'],
		[0.1, '$0.10', '$0.10'],
		[0.143, '$0.143', '$0.14'],
		[0.0172, '$0.0172', '$0.017'],
		[0.002, '$0.002', '$0.002'],
		[1.2344, '$1.2344', '$1.23'],
		[1e-7, '$0.0000001', '$0.0000001'],
		[1000, '$1000.00', '$1000.00'],
	])('%d', (usd, exact, rounded) => {
		expect(exactUsd(usd)).toBe(exact);
		expect(roundedUsd(usd)).toBe(rounded);
	});

	it('exact ones can be read back', () => {
		fc.assert(fc.property(price, (usd) => Number(exactUsd(usd).slice(1)) === usd));
	});
});
