import { SharedRead } from '../../../../nodes/shared/webhook/sharedRead';

const flush = async () => await new Promise<void>((resolve) => setImmediate(resolve));

/** Reads that end when told; the n-th gives n. */
class Source {
	private readonly open: Array<(error?: Error) => void> = [];

	started = 0;

	read = async () => {
		this.started += 1;
		const number = this.started;
		return await new Promise<number>((resolve, reject) => {
			this.open.push((error) => (error ? reject(error) : resolve(number)));
		});
	};

	async end(error?: Error) {
		this.open.shift()?.(error);
		await flush();
	}
}

let time: number;
let source: Source;
let shared: SharedRead<number>;

beforeEach(() => {
	time = 1_000;
	source = new Source();
	shared = new SharedRead(() => time, 2);
});

const recent = async (key = 'a') => await shared.recent(key, 5_000, source.read);
const fresh = async (key = 'a') => await shared.fresh(key, source.read);

describe('recent', () => {
	test('callers share a read under way and one that has ended, up to its age', async () => {
		const together = [recent(), recent()];
		await source.end();
		expect(await Promise.all(together)).toEqual([1, 1]);
		time += 5_000;
		expect(await recent()).toBe(1);
		time += 1;
		const later = recent();
		await source.end();
		expect(await later).toBe(2);
		expect(source.started).toBe(2);
	});

	test('a failed read is not kept', async () => {
		const failed = recent();
		const expected = expect(failed).rejects.toThrow('locked');
		await source.end(new Error('locked'));
		await expected;
		const again = recent();
		await source.end();
		expect(await again).toBe(2);
	});

	test('a failed read leaves a newer one alone', async () => {
		const old = recent();
		const expected = expect(old).rejects.toThrow('locked');
		time += 6_000;
		const newer = recent();
		await source.end(new Error('locked'));
		await source.end();
		await expected;
		expect(await newer).toBe(2);
		expect(await recent()).toBe(2);
	});

	test('keys do not share, and the oldest is dropped', async () => {
		for (const key of ['a', 'b', 'c']) {
			const value = recent(key);
			await source.end();
			await value;
		}
		expect(await recent('c')).toBe(3);
		expect(await recent('b')).toBe(2);
		const again = recent('a');
		await source.end();
		expect(await again).toBe(4);
	});
});

describe('fresh', () => {
	test('reads again although a recent value is there, and that value is then the recent one', async () => {
		const first = recent();
		await source.end();
		await first;
		const second = fresh();
		await source.end();
		expect(await second).toBe(2);
		expect(await recent()).toBe(2);
	});

	test('reads when nothing is known', async () => {
		const value = fresh();
		await source.end();
		expect(await value).toBe(1);
	});

	test.each([undefined, new Error('locked')])('a thousand callers during one read share the next (%s)', async (error) => {
		const underWay = recent();
		const settled = Promise.allSettled([underWay]);
		const flood = Array.from({ length: 1_000 }, async () => await fresh());
		await flush();
		expect(source.started).toBe(1);
		await source.end(error);
		await settled;
		expect(source.started).toBe(2);
		await source.end();
		expect(new Set(await Promise.all(flood))).toEqual(new Set([2]));
	});
});
