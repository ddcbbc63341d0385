import { SimulatedClock } from '../../simulator/clock.cts';
import { sleep } from './support/http.cts';

it('runs faster than real time when scaled', async () => {
	const clock = new SimulatedClock(100);
	const before = clock.now();
	await sleep(50);
	const passed = clock.now() - before;
	expect(passed).toBeGreaterThanOrEqual(4900);
	expect(passed).toBeLessThan(60_000);
	expect(clock.realMillisecondsUntil(clock.now() + 1000)).toBeLessThanOrEqual(10);
});

it('starts at the real time and goes forward only', () => {
	const clock = new SimulatedClock();
	expect(Math.abs(clock.now() - Date.now())).toBeLessThan(10_000);
	const before = clock.seconds();
	clock.advance(3600);
	expect(clock.seconds() - before).toBeGreaterThanOrEqual(3600);
	expect(() => clock.advance(-1)).toThrow('forward');
	expect(() => clock.advance(NaN)).toThrow('forward');
	expect(() => new SimulatedClock(0)).toThrow('time scale');
});

it('keeps appointments, never synchronously, cancelled ones not', async () => {
	const clock = new SimulatedClock();
	const kept: string[] = [];
	clock.at(clock.now() - 1, () => kept.push('past'));
	clock.at(clock.now() + 3_600_000, () => kept.push('in an hour'));
	clock.at(clock.now() + 100 * 86_400_000, () => kept.push('in a hundred days'));
	const cancel = clock.at(clock.now() + 10_000, () => kept.push('cancelled'));
	cancel();
	expect(kept).toEqual([]);
	await sleep(20);
	expect(kept).toEqual(['past']);
	clock.advance(3600);
	await sleep(20);
	expect(kept).toEqual(['past', 'in an hour']);
	clock.advance(100 * 86_400);
	await sleep(20);
	expect(kept).toEqual(['past', 'in an hour', 'in a hundred days']);
	clock.at(clock.now() + 10, () => kept.push('after the end'));
	clock.stop();
	await sleep(30);
	expect(kept).toHaveLength(3);
});
