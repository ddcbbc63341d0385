import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { MemoryLimit, type Room } from '../../../../nodes/shared/downloads/memoryLimit';

const MB = 1_000_000;
const inMemory = (bytes: number): IBinaryData => ({ data: 'AAAA', mimeType: 'video/mp4', bytes });
const stored = (bytes: number): IBinaryData => ({ ...inMemory(bytes), id: 'filesystem-v2:1' });

function start(keep: (bytes: number) => IBinaryData) {
	let probes = 0;
	const context = {
		helpers: {
			prepareBinaryData: async (content: Buffer) => {
				probes++;
				return await Promise.resolve(keep(content.length));
			},
		},
	} as unknown as IExecuteFunctions;
	const memory = new MemoryLimit(context);
	/** Takes room for a file of so many bytes and stores it. */
	const take = async (bytes: number | undefined, actual = bytes as number) => {
		const room = await memory.room(bytes);
		room?.settle(keep(actual));
		return room?.maximumBytes;
	};
	return { memory, take, probes: () => probes };
}

describe('where n8n keeps files in memory', () => {
	test('a file of at most 16 MB has room', async () => {
		const { take } = start(inMemory);
		expect(await take(16 * MB)).toBe(16 * MB);
		expect(await take(16 * MB + 1)).toBeUndefined();
		expect(await take(300 * MB)).toBeUndefined();
	});

	test('all files of a run together have 64 MB', async () => {
		const { take } = start(inMemory);
		for (let count = 0; count < 4; count++) expect(await take(15 * MB)).toBe(15 * MB);
		expect(await take(5 * MB)).toBeUndefined();
		expect(await take(4 * MB)).toBe(4 * MB);
		expect(await take(1)).toBeUndefined();
	});

	test('files under way take their room, and give back what they did not need', async () => {
		const { memory } = start(inMemory);
		const rooms: Array<Room | undefined> = [];
		for (let count = 0; count < 5; count++) rooms.push(await memory.room(16 * MB));
		expect(rooms.map((room) => room?.maximumBytes)).toEqual([
			...Array<number>(4).fill(16 * MB),
			undefined,
		]);
		rooms[0]?.settle();
		expect((await memory.room(16 * MB))?.maximumBytes).toBe(16 * MB);
	});

	test('a file whose length nobody tells may have what is left, up to 16 MB', async () => {
		const { take } = start(inMemory);
		expect(await take(undefined, 2 * MB)).toBe(16 * MB);
		for (let count = 0; count < 3; count++) await take(16 * MB);
		expect(await take(undefined, 1 * MB)).toBe(14 * MB);
	});
});

describe('where it does not', () => {
	test('there is room for everything', async () => {
		const { take } = start(stored);
		expect(await take(300 * MB)).toBe(Infinity);
		expect(await take(undefined, 300 * MB)).toBe(Infinity);
	});

	test('small files tell, so nothing has to be tried out', async () => {
		const { take, probes } = start(stored);
		for (let count = 0; count < 30; count++) await take(10 * MB);
		expect(await take(300 * MB)).toBe(Infinity);
		expect(probes()).toBe(0);
	});

	test('a large file that comes first costs one try of one byte', async () => {
		const { take, probes } = start(stored);
		await take(300 * MB);
		await take(300 * MB);
		expect(probes()).toBe(1);
	});
});
