import { systemClock } from '../../../nodes/shared/clock';

afterEach(() => jest.restoreAllMocks());

test.each([-3_600_000, 3_600_000])(
	'a machine whose clock is set by %d ms pauses for as long as asked',
	async (setBy) => {
		const startedMs = performance.now();
		const pause = systemClock.pause(300);
		const { now } = Date;
		jest.spyOn(Date, 'now').mockImplementation(() => now() + setBy);
		await pause;
		const tookMs = performance.now() - startedMs;
		expect(tookMs).toBeGreaterThanOrEqual(299);
		expect(tookMs).toBeLessThan(30_000);
	},
);

test('a stop ends a pause', async () => {
	const startedMs = performance.now();
	const stop = new AbortController();
	const pause = systemClock.pause(120_000, stop.signal);
	stop.abort();
	await pause;
	expect(performance.now() - startedMs).toBeLessThan(30_000);
});
