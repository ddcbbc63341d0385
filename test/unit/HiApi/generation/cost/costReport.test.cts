import fc from 'fast-check';
import { costOutput, costSummary } from '../../../../../nodes/HiApi/generation/cost/costReport';
import { estimateItem, sumOf } from '../../../../../nodes/HiApi/generation/cost/estimate';

const unknown = { reason: 'odd' };

it.each([
	[[], undefined],
	[[unknown], undefined],
	[[{ usd: 0.05 }], "1 task, about $0.05 by HiAPI's price list"],
	[Array(24).fill({ usd: 0.05 }), "24 tasks, about $1.20 by HiAPI's price list"],
	[
		[{ usd: 0.0172 }, unknown, { usd: 0.0172 }],
		"3 tasks: 2 of them about $0.034 by HiAPI's price list, the price of the others is not known",
	],
])('%j is summed up as %j', (costs, text) => {
	expect(costSummary(costs)).toBe(text);
});

it('an item has the exact price, or none', () => {
	expect(costOutput({ usd: 0.0172, unit: 'per image' })).toEqual({ estimatedCostUsd: 0.0172 });
	expect(costOutput(unknown)).toEqual({});
});

it('an estimate says what it is about and how old it is', () => {
	expect(estimateItem('m', 'pro', { usd: 0.5, unit: 'per second', pricedAtMs: 0 })).toEqual({
		estimatedCostUsd: 0.5,
		unit: 'per second',
		model: 'm',
		route: 'pro',
		pricedAt: '1970-01-01T00:00:00.000Z',
	});
	expect(estimateItem('m', undefined, unknown)).toEqual({ reason: 'odd', model: 'm' });
});

it('the sum is that of all items, and unknown with any of them', () => {
	const pricedAt = '2026-01-01T00:00:00.000Z';
	expect(
		sumOf([
			{ estimatedCostUsd: 0.1, pricedAt },
			{ estimatedCostUsd: 0.2, pricedAt },
		]),
	).toEqual({ items: 2, estimatedCostUsd: 0.3, pricedAt });
	expect(sumOf([{ estimatedCostUsd: 0.1, pricedAt }, unknown, unknown])).toEqual({
		items: 3,
		reason: 'No price for item 1: odd',
		knownCostUsd: 0.1,
		itemsWithoutPrice: [1, 2],
		pricedAt,
	});
	const prices = fc.array(fc.integer({ min: 1, max: 9999 }));
	fc.assert(
		fc.property(prices, (millis) => {
			const { estimatedCostUsd, items } = sumOf(
				millis.map((one) => ({ estimatedCostUsd: one / 1000 })),
			);
			expect(estimatedCostUsd).toBe(millis.reduce((sum, one) => sum + one, 0) / 1000);
			expect(items).toBe(millis.length);
		}),
	);
});
