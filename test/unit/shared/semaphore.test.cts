import fc from 'fast-check';

import { Semaphore } from '../../../nodes/shared/semaphore';
import { VirtualTiming } from '../../support/virtualTiming.cts';

/** Sends jobs of the given lengths (milliseconds; negative ones reject at their end) through a gate. */
async function passThrough(limit: number, lengths: number[]) {
	const timing = new VirtualTiming(0);
	const gate = new Semaphore(limit);
	const started: number[] = [];
	let running = 0;
	let most = 0;
	const results = await Promise.allSettled(
		lengths.map(
			async (length, index) =>
				await gate.run(async () => {
					started.push(index);
					most = Math.max(most, ++running);
					await timing.pause(Math.abs(length));
					running -= 1;
					if (length < 0) throw new Error(`job ${index}`);
					return index;
				}),
		),
	);
	return { started, most, results, tookMs: timing.now() };
}

test('runs as many at once as allowed, the others in the order in which they came', async () => {
	const { started, most, tookMs } = await passThrough(2, [10, 10, 10, 10, 10]);
	expect(most).toBe(2);
	expect(started).toEqual([0, 1, 2, 3, 4]);
	expect(tookMs).toBe(30);
});

test('a free place is used at once', async () => {
	expect((await passThrough(2, [100, 10, 10, 10])).tookMs).toBe(100);
});

test('a job that rejects makes room like any other, and only its caller hears of it', async () => {
	const { results, most } = await passThrough(1, [-5, 5, -5, 5]);
	expect(most).toBe(1);
	expect(results.map(({ status }) => status)).toEqual([
		'rejected',
		'fulfilled',
		'rejected',
		'fulfilled',
	]);
});

test('a job that throws before it waits makes room too', async () => {
	const gate = new Semaphore(1);
	await expect(
		gate.run(() => {
			throw new Error('at once');
		}),
	).rejects.toThrow('at once');
	await expect(gate.run(async () => await Promise.resolve('next'))).resolves.toBe('next');
});

test('never more than allowed, never fewer than possible, nobody forgotten', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 1, max: 5 }),
			fc.array(fc.integer({ min: -30, max: 30 }), { maxLength: 20 }),
			async (limit, lengths) => {
				const { started, most, results } = await passThrough(limit, lengths);
				expect(most).toBe(Math.min(limit, lengths.length));
				expect(started).toEqual(lengths.map((_, index) => index));
				expect(
					results.map((result) => (result.status === 'fulfilled' ? result.value : -1)),
				).toEqual(lengths.map((length, index) => (length < 0 ? -1 : index)));
			},
		),
		{ numRuns: 100 },
	);
});
