import fc from 'fast-check';

import {
	DurationMemory,
	type DurationStore,
} from '../../../../../nodes/HiApi/generation/wait/durations';

const HOST = 'https://api.hiapi.ai/v1';
const memoryIn = (store: DurationStore = new Map(), host = HOST) => new DurationMemory(host, store);

test('what is known is told with how many tasks it is known from', () => {
	const memory = memoryIn();
	expect(memory.expected('m')).toBeUndefined();
	memory.remember('m', 10);
	expect(memory.expected('m')).toEqual({ shortest: 10, longest: 10, tasks: 1 });
	memory.remember('m', 30);
	expect(memory.expected('m')).toEqual({ shortest: 10, longest: 30, tasks: 2 });
	expect(memory.expected('other')).toBeUndefined();
});

test('what HiAPI recorded counts until a task of the model has ended', () => {
	const memory = memoryIn();
	expect(memory.expected('minimax-music-2.6')).toEqual({ shortest: 70, longest: 153, tasks: 2 });
	memory.remember('minimax-music-2.6', 40);
	expect(memory.expected('minimax-music-2.6')).toEqual({ shortest: 40, longest: 40, tasks: 1 });
	expect(memory.expected('toString')).toBeUndefined();
});

test('only the last 16 durations count', () => {
	const memory = memoryIn();
	for (const seconds of [500, ...Array.from({ length: 16 }, (_, index) => index + 1)])
		memory.remember('m', seconds);
	expect(memory.expected('m')).toEqual({ shortest: 1, longest: 16, tasks: 16 });
});

test('a batch whose quick tasks end first does not leave only its slowest behind', () => {
	const store: DurationStore = new Map();
	const memory = memoryIn(store);
	// Created one after another in this order, remembered as they end: the shortest first.
	const batch = [
		...Array.from({ length: 8 }, () => 300),
		...[90, 8, 250, 40, 260, 9, 120, 20, 280, 60, 8, 200, 30, 150, 12, 270],
	].map((seconds, createdMs) => ({ seconds, createdMs }));
	for (const { seconds, createdMs } of batch.toSorted((a, b) => a.seconds - b.seconds))
		memory.remember('m', seconds, createdMs);
	expect(memoryIn(store).expected('m')).toEqual({ shortest: 8, longest: 280, tasks: 16 });
});

test('within a run a task is expected to take as long as the last one that ended, whenever that was created', () => {
	const store: DurationStore = new Map();
	const memory = memoryIn(store);
	for (let createdMs = 1; createdMs <= 16; createdMs++) memory.remember('m', 30, 1_000 + createdMs);
	memory.remember('m', 50, 0);
	expect(memory.expected('m')).toEqual({ shortest: 30, longest: 50, tasks: 16 });
	expect(memoryIn(store).expected('m')).toEqual({ shortest: 30, longest: 30, tasks: 16 });
});

test('runs at the same time learn from each other, and hosts are kept apart', () => {
	const store: DurationStore = new Map();
	const [one, other, elsewhere] = [memoryIn(store), memoryIn(store), memoryIn(store, 'https://b')];
	one.remember('m', 10);
	other.remember('m', 20);
	elsewhere.remember('m', 500);
	expect(one.expected('m')).toEqual({ shortest: 10, longest: 20, tasks: 2 });
	expect(other.expected('m')).toEqual({ shortest: 10, longest: 20, tasks: 2 });
	expect(elsewhere.expected('m')).toEqual({ shortest: 500, longest: 500, tasks: 1 });
});

test('a run without a store of its own finds what an earlier run of the process learned', () => {
	const host = 'https://only-in-this-test.example';
	for (const seconds of [10, 20]) new DurationMemory(host).remember('m', seconds);
	expect(new DurationMemory(host).expected('m')).toEqual({ shortest: 10, longest: 20, tasks: 2 });
});

test('memory stays bounded, and the models used last are kept', () => {
	fc.assert(
		fc.property(
			fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.double()), { maxLength: 400 }),
			(durations) => {
				const store: DurationStore = new Map();
				const memory = memoryIn(store);
				for (const [model, seconds] of durations) memory.remember(`model-${model}`, seconds);
				expect(store.size).toBeLessThanOrEqual(100);
				for (const list of store.values()) expect(list.length).toBeLessThanOrEqual(16);
				const lastGood = durations
					.filter(([, seconds]) => Number.isFinite(seconds) && seconds >= 0)
					.at(-1);
				if (lastGood)
					expect([...store.keys()]).toContain(JSON.stringify([HOST, `model-${lastGood[0]}`]));
			},
		),
	);
});
