import { CachedRead } from '../../../../nodes/shared/webhook/cachedRead';

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

const GAP_MS = 250;

let time: number;
let pauses: number[];
let source: Source;
let shared: CachedRead<number>;

beforeEach(() => {
	time = 1_000;
	source = new Source();
	pauses = [];
	const pause = async (milliseconds: number) => {
		pauses.push(milliseconds);
		time += milliseconds;
		await flush();
	};
	shared = new CachedRead({ monotonic: () => time, pause }, 2, GAP_MS);
});

const recent = async (key = 'a') => (await shared.recent(key, 5_000, source.read)).value;
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

	test('says whether the read started with the call', async () => {
		const [first, second] = [0, 1].map(async () => await shared.recent('a', 5_000, source.read));
		await source.end();
		expect(await first).toEqual({ value: 1, isNew: true });
		expect(await second).toEqual({ value: 1, isNew: false });
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
		time += GAP_MS;
		const second = fresh();
		await source.end();
		expect(await second).toBe(2);
		expect(await recent()).toBe(2);
		expect(pauses).toEqual([]);
	});

	test('reads at once when nothing is known', async () => {
		const value = fresh();
		await source.end();
		expect(await value).toBe(1);
		expect(pauses).toEqual([]);
	});

	test.each([undefined, new Error('locked')])(
		'a thousand callers during one read share the next (%s)',
		async (error) => {
			const underWay = recent();
			const settled = Promise.allSettled([underWay]);
			time += 100;
			const flood = Array.from({ length: 1_000 }, async () => await fresh());
			await source.end(error);
			await settled;
			expect([source.started, pauses]).toEqual([2, [150]]);
			await source.end();
			expect(new Set(await Promise.all(flood))).toEqual(new Set([2]));
		},
	);

	test('a caller after the start of a read does not share that read', async () => {
		const first = fresh();
		const second = fresh();
		await flush();
		const third = fresh();
		await flush();
		for (let read = 0; read < 3; read += 1) await source.end();
		expect(await Promise.all([first, second, third])).toEqual([1, 2, 3]);
	});
});

describe('anew', () => {
	const anew = async (key = 'a') => await shared.anew(key, source.read);

	test('reads at once although a value was read just now, and that value is then the recent one', async () => {
		const first = recent();
		await source.end();
		await first;
		const second = anew();
		await source.end();
		expect(await second).toBe(2);
		expect(await recent()).toBe(2);
	});

	test('a thousand callers within the gap share one read, and nobody waits for another', async () => {
		const early = Array.from({ length: 500 }, async () => await anew());
		await source.end();
		time += GAP_MS;
		const late = Array.from({ length: 500 }, async () => await anew());
		expect(new Set(await Promise.all([...early, ...late]))).toEqual(new Set([1]));
		expect([source.started, pauses]).toEqual([1, []]);
		time += 1;
		const next = anew();
		await source.end();
		expect(await next).toBe(2);
	});

	test('an old value is not kept alive', async () => {
		const first = anew();
		await source.end();
		await first;
		time += 3_600_000;
		const second = anew();
		await source.end();
		expect(await second).toBe(2);
	});

	test('a failed read is not kept', async () => {
		const expected = expect(anew()).rejects.toThrow('locked');
		await source.end(new Error('locked'));
		await expected;
		const again = anew();
		await source.end();
		expect(await again).toBe(2);
	});
});
