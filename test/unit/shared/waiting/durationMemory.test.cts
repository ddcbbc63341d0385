import fc from 'fast-check';

import { DurationMemory } from '../../../../nodes/shared/waiting/durationMemory';

test('one duration is not enough to expect anything, two are', () => {
	const memory = new DurationMemory({});
	memory.remember('m', 10);
	expect(memory.expected('m')).toBeUndefined();
	memory.remember('m', 30);
	expect(memory.expected('m')).toEqual({ shortest: 10, longest: 30 });
	expect(memory.expected('other')).toBeUndefined();
});

test('only the last eight durations count', () => {
	const memory = new DurationMemory({});
	for (const seconds of [500, 1, 2, 3, 4, 5, 6, 7, 8]) memory.remember('m', seconds);
	expect(memory.expected('m')).toEqual({ shortest: 1, longest: 8 });
});

test('a batch whose quick tasks end first does not leave only its slowest behind', () => {
	const store: Record<string, unknown> = {};
	const memory = new DurationMemory(store);
	// Created one after another in this order, remembered as they end: the shortest first.
	const batch = [90, 8, 250, 40, 300, 9, 120, 20, 280, 60, 8, 200, 30, 150, 12, 270].map(
		(seconds, createdMs) => ({ seconds, createdMs }),
	);
	for (const { seconds, createdMs } of batch.toSorted((a, b) => a.seconds - b.seconds))
		memory.remember('m', seconds, createdMs);
	expect(new DurationMemory(store).expected('m')).toEqual({ shortest: 8, longest: 280 });
});

test('within a run a task is expected to take as long as the last one that ended, whenever that was created', () => {
	const store: Record<string, unknown> = {};
	const memory = new DurationMemory(store);
	for (const createdMs of [1, 2, 3, 4, 5, 6, 7, 8]) memory.remember('m', 30, 1_000 + createdMs);
	memory.remember('m', 50, 0);
	expect(memory.expected('m')).toEqual({ shortest: 30, longest: 50 });
	expect(new DurationMemory(store).expected('m')).toEqual({ shortest: 30, longest: 30 });
});

test('what was remembered is found in the store again, and broken entries are dropped', () => {
	const store: Record<string, unknown> = {};
	const memory = new DurationMemory(store);
	memory.remember('m', 10);
	memory.remember('m', 20);
	const stored = JSON.parse(JSON.stringify(store)) as { hiApiDurations: Record<string, unknown> };
	stored.hiApiDurations.broken = 'text';
	expect(new DurationMemory(stored).expected('m')).toEqual({ shortest: 10, longest: 20 });
	expect(new DurationMemory(stored).expected('broken')).toBeUndefined();
	expect(new DurationMemory({ hiApiDurations: 'nonsense' }).expected('m')).toBeUndefined();
});

test('memory stays bounded, and the models used last are kept', () => {
	fc.assert(
		fc.property(
			fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.double()), { maxLength: 400 }),
			(durations) => {
				const store: { hiApiDurations?: Record<string, number[]> } = {};
				const memory = new DurationMemory(store);
				for (const [model, seconds] of durations) memory.remember(`model-${model}`, seconds);
				const kept = store.hiApiDurations ?? {};
				expect(Object.keys(kept).length).toBeLessThanOrEqual(30);
				for (const list of Object.values(kept)) expect(list.length).toBeLessThanOrEqual(8);
				const lastGood = durations
					.filter(([, seconds]) => Number.isFinite(seconds) && seconds >= 0)
					.at(-1);
				if (lastGood) expect(Object.keys(kept)).toContain(`model-${lastGood[0]}`);
			},
		),
	);
});
