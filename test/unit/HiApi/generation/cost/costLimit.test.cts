import fc from 'fast-check';
import {
	keepMaximumCost,
	type PlannedItem,
} from '../../../../../nodes/HiApi/generation/cost/costLimit';
import { addExactly } from '../../../../../nodes/HiApi/models/usd';
import { HiApiError } from '../../../../../nodes/shared/errors/apiError';

const item = (more: Partial<PlannedItem> = {}): PlannedItem => ({
	itemIndex: 0,
	model: 'm',
	cost: { usd: 0.1 },
	replacements: 0,
	...more,
});
const items = (...prices: number[]) =>
	prices.map((usd, itemIndex) => item({ itemIndex, cost: { usd } }));

function refusal(planned: PlannedItem[], maximumUsd: number): HiApiError {
	try {
		keepMaximumCost(planned, maximumUsd);
	} catch (error) {
		return error as HiApiError;
	}
	throw new Error('the limit let it pass');
}

it('passes at the exact sum and stops a tenth of a cent above it', () => {
	expect(() => keepMaximumCost(items(0.1, 0.1, 0.1), 0.3)).not.toThrow();
	expect(() => keepMaximumCost([], 0.3)).not.toThrow();
	expect(refusal(items(0.1, 0.1, 0.101), 0.3).message).toBe(
		"3 items would cost $0.301 by HiAPI's price list, and 'Maximum Cost (USD)' allows $0.30",
	);
});

it('names the dearest items, and what to do', () => {
	const { description, details } = refusal(items(0.5, 2, 0.25, 1, 0.1), 1);
	expect(description).toBe(
		"No task was created and nothing was charged. Dearest: item 1 $2.00, item 3 $1.00, item 0 $0.50. Raise 'Maximum Cost (USD)', send fewer items, or choose a cheaper model or setting.",
	);
	expect(details).toEqual({ estimatedCostUsd: 3.85, retryable: false });
});

it('counts every task that may replace a failed one', () => {
	const planned = [item({ replacements: 3 })];
	expect(() => keepMaximumCost(planned, 0.4)).not.toThrow();
	const { message, description } = refusal(planned, 0.39);
	expect(message).toContain('1 item would cost $0.40');
	expect(description).toMatch(/item 0 \$0\.40 \(up to 4 tasks\).*'Retry Failed Tasks'/);
});

it.each([[0.0001], [1_000_000]])('stops at $%d where one price is not known', (maximumUsd) => {
	const planned = [
		...items(0.1, 0.2),
		item({ itemIndex: 2, model: 'odd', cost: { reason: "it depends on 'Sound'" } }),
	];
	const { message, description } = refusal(planned, maximumUsd);
	expect(message).toBe(
		"It is not known what item 2 will cost, so 'Maximum Cost (USD)' cannot be kept",
	);
	expect(description).toContain("No price for item 2 (odd): it depends on 'Sound'.");
	expect(description).toContain('The other items come to $0.30.');
	expect(description).toContain("'Estimate Cost'");
});

it('says how many have no price', () => {
	const planned = [1, 2, 3, 4, 5].map((itemIndex) => item({ itemIndex, cost: { reason: 'odd' } }));
	const { message, description } = refusal(planned, 9);
	expect(message).toMatch(/^It is not known what 5 items will cost/);
	expect(description).toContain('item 3 (m): odd; and 2 more.');
	expect(description).not.toContain('The other items');
});

it('is closed without a price list, and says so', () => {
	const cost = { reason: "HiAPI's price list cannot be read now", listMissing: true as const };
	const { message, description } = refusal([item({ cost })], 9);
	expect(message).toBe(
		"HiAPI's price list cannot be read now, so 'Maximum Cost (USD)' cannot be kept",
	);
	expect(description).toMatch(
		/^No task was created and nothing was charged\..*'Model Catalogue URL'.*Remove the option/,
	);
});

describe('items that only pick up a task bought before', () => {
	const pickedUp = (more: Partial<PlannedItem> = {}) => item({ taskId: 'tk-1', ...more });

	it('cost nothing and stop nothing, price or not', () => {
		expect(keepMaximumCost([pickedUp({ cost: { usd: 9 } })], 0.1)).toEqual({
			replacesPickedUp: true,
		});
		const cost = { reason: 'no list', listMissing: true as const };
		expect(keepMaximumCost([pickedUp({ cost }), ...items(0.1)], 0.1)).toEqual({
			replacesPickedUp: false,
		});
	});

	it('are named where the others are too expensive, with the way to them', () => {
		const { description, details } = refusal([pickedUp(), ...items(0.1)], 0.05);
		expect(description).toMatch(
			/^No task was created now\. Dearest: item 0 \$0\.10\. .* created before: tk-1\. Retry on this execution/,
		);
		expect(details).toEqual({
			estimatedCostUsd: 0.1,
			runningTaskIds: ['tk-1'],
			retryable: false,
		});
	});

	it('get replacements only where the limit has room for all of them', () => {
		const planned = [pickedUp({ replacements: 2 }), ...items(0.1)];
		expect(keepMaximumCost(planned, 0.3)).toEqual({ replacesPickedUp: true });
		expect(keepMaximumCost(planned, 0.29)).toEqual({ replacesPickedUp: false });
	});
});

describe('whatever comes in', () => {
	const planned: fc.Arbitrary<PlannedItem> = fc.record({
		itemIndex: fc.nat(100),
		model: fc.constant('m'),
		cost: fc.oneof(
			{ weight: 9, arbitrary: fc.integer({ min: 1, max: 9999 }).map((n) => ({ usd: n / 1000 })) },
			{ weight: 1, arbitrary: fc.constant({ reason: 'odd' }) },
		),
		taskId: fc.constantFrom(undefined, 'tk-1'),
		replacements: fc.nat(3),
	});

	it('never lets more be bought than the limit allows', () => {
		fc.assert(
			fc.property(
				fc.array(planned, { maxLength: 20 }),
				fc.integer({ min: 1, max: 50_000 }),
				(list, limit) => {
					const maximumUsd = limit / 1000;
					let result: { replacesPickedUp: boolean };
					try {
						result = keepMaximumCost(list, maximumUsd);
					} catch (error) {
						expect(error).toBeInstanceOf(HiApiError);
						expect((error as HiApiError).description).toMatch(
							/^No task was created( now| and nothing was charged)\./,
						);
						return;
					}
					const tasks = list.map(({ taskId, replacements }) =>
						taskId === undefined ? 1 + replacements : result.replacesPickedUp ? replacements : 0,
					);
					const bought = list.flatMap(({ cost }, index) =>
						Array<number>(tasks[index]).fill('usd' in cost ? cost.usd : Infinity),
					);
					expect(bought.every(Number.isFinite)).toBe(true);
					expect(addExactly(bought)).toBeLessThanOrEqual(maximumUsd);
				},
			),
		);
	});
});
