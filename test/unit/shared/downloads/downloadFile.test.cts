import { PassThrough, Readable } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { downloadFile, type FileRequest } from '../../../../nodes/shared/downloads/downloadFile';
import type { MemoryLimit } from '../../../../nodes/shared/downloads/memoryLimit';
import type { Timing } from '../../../../nodes/shared/clock';

const PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.alloc(200_000, 7)]);

/** A storage outside memory. */
const ENOUGH = {
	room: async () => await Promise.resolve({ maximumBytes: Infinity, settle() {} }),
} as unknown as MemoryLimit;

interface Kept {
	bytes: Buffer;
	fileName?: string;
	mimeType?: string;
}

/** A clock that stands still until it is told otherwise; pauses of retries end at once and are noted. */
class StillTiming implements Timing {
	time = 1_000_000;
	readonly retryDelays: number[] = [];
	private readonly checks: Array<() => void> = [];

	now = () => this.time;
	monotonic = () => this.time;
	random = () => 0;

	async pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
		// The watch for silence looks every five seconds; no retry waits for exactly that long.
		if (milliseconds !== 5_000) {
			this.retryDelays.push(milliseconds);
			return;
		}
		await new Promise<void>((resolve) => {
			const end = () => {
				signal?.removeEventListener('abort', end);
				resolve();
			};
			this.checks.push(end);
			signal?.addEventListener('abort', end);
		});
	}

	pass(milliseconds: number): void {
		this.time += milliseconds;
		for (const check of this.checks.splice(0)) check();
	}
}

function setup(
	bodies: Array<() => Readable>,
	headers: Record<string, string> = {},
	store?: (stream: Readable) => Promise<IBinaryData | void>,
) {
	const timing = new StillTiming();
	const stopping = new AbortController();
	const kept: Kept[] = [];
	const opened: Readable[] = [];
	const context = {
		helpers: {
			httpRequest: async () => {
				const body = bodies[Math.min(opened.length, bodies.length - 1)]();
				opened.push(body);
				return await Promise.resolve({
					statusCode: 200,
					headers: { 'content-type': 'image/png', ...headers },
					body,
				});
			},
			prepareBinaryData: async (
				stream: Readable,
				fileName?: string,
				mimeType?: string,
			): Promise<IBinaryData> => {
				const stored = await store?.(stream);
				if (stored) return stored;
				const pieces: Buffer[] = [];
				for await (const piece of stream) pieces.push(piece as Buffer);
				kept.push({ bytes: Buffer.concat(pieces), fileName, mimeType });
				return { data: '', mimeType: mimeType ?? '' };
			},
		},
	} as unknown as IExecuteFunctions;
	const run = async (request: Partial<FileRequest> = {}) =>
		await downloadFile(
			{
				url: 'https://cdn.hiapi.ai/0.png',
				outputType: 'image',
				isFresh: false,
				mostRetries: 4,
				maximumBytes: Infinity,
				nameFor: (extension) => `name.${extension}`,
				...request,
			},
			{ context, timing, signal: stopping.signal, allowPrivate: false, memory: ENOUGH },
		);
	return { run, kept, opened, timing, stop: () => stopping.abort() };
}

const whole =
	(bytes = PNG, pieceBytes = 64 * 1024) =>
	() =>
		Readable.from(
			Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
				bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
			),
		);

/** Some bytes, then an end that is none. */
const broken = (bytes: Buffer) => () =>
	Readable.from(
		(async function* () {
			yield await Promise.resolve(bytes);
			throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
		})(),
	);

test.each([1, 100, 600, 64 * 1024, PNG.length])(
	'every byte arrives once and in order, in pieces of %i',
	async (pieceBytes) => {
		const bytes = pieceBytes === 1 ? PNG.subarray(0, 2_000) : PNG;
		const { run, kept, opened } = setup([whole(bytes, pieceBytes)]);
		expect(await run()).toEqual({ ok: true, file: { data: '', mimeType: 'image/png' } });
		expect(kept).toEqual([{ bytes, fileName: 'name.png', mimeType: 'image/png' }]);
		expect(opened[0].destroyed).toBe(true);
	},
);

test('a compressed answer, as n8n unpacks it', async () => {
	const { run, kept } = setup([() => Readable.from([gzipSync(PNG)]).pipe(createGunzip())]);
	expect(await run()).toMatchObject({ ok: true });
	expect(kept[0].bytes.equals(PNG)).toBe(true);
});

test('what breaks off is not kept, and is fetched anew from the beginning', async () => {
	const { run, kept, timing, opened } = setup([
		broken(PNG.subarray(0, 100)),
		broken(PNG.subarray(0, 5_000)),
		whole(),
	]);
	expect(await run()).toMatchObject({ ok: true });
	expect(kept).toHaveLength(1);
	expect(kept[0].bytes.equals(PNG)).toBe(true);
	expect(timing.retryDelays).toEqual([1_000, 2_000]);
	expect(opened.every(({ destroyed }) => destroyed)).toBe(true);
});

test('what breaks off every time is given up after five tries', async () => {
	const { run, kept, opened } = setup([broken(PNG)]);
	expect(await run()).toEqual({ ok: false, problem: { kind: 'network', code: 'ECONNRESET' } });
	expect(kept).toEqual([]);
	expect(opened).toHaveLength(5);
});

describe('the size limit', () => {
	test.each([
		[PNG.length, true],
		[PNG.length - 1, false],
	])('%i bytes allowed', async (maximumBytes, ok) => {
		const { run, kept, opened } = setup([whole()]);
		expect((await run({ maximumBytes })).ok).toBe(ok);
		expect(kept).toHaveLength(ok ? 1 : 0);
		expect(opened).toHaveLength(1);
		expect(opened[0].destroyed).toBe(true);
	});

	test('an announced size is believed before a byte is read', async () => {
		let read = false;
		const body = () => new Readable({ read: () => (read = true) });
		const { run } = setup([body], { 'content-length': '1001' });
		expect(await run({ maximumBytes: 1000 })).toEqual({ ok: false, problem: { kind: 'tooLarge' } });
		expect(read).toBe(false);
	});
});

test('a file n8n cannot keep is not asked for again', async () => {
	const { run, opened } = setup(
		[whole()],
		{},
		async () => await Promise.reject(new Error('ENOSPC: no space left on device')),
	);
	expect(await run()).toEqual({
		ok: false,
		problem: { kind: 'notStored', message: 'ENOSPC: no space left on device' },
	});
	expect(opened).toHaveLength(1);
	expect(opened[0].destroyed).toBe(true);
});

test('a storage that takes the broken file for a whole one is not believed', async () => {
	const { run, kept } = setup([broken(PNG.subarray(0, 5_000))]);
	// Swallows what the stream throws, and calls the file stored.
	const swallow = setup([broken(PNG.subarray(0, 5_000))], {}, async (stream) => {
		stream.on('error', () => undefined);
		stream.resume();
		// `once` of node:events would reject
		await new Promise((resolve) => stream.on('close', resolve));
		return { data: '', mimeType: 'image/png' };
	});
	expect(await run()).toMatchObject({ ok: false });
	expect(await swallow.run()).toEqual({
		ok: false,
		problem: { kind: 'network', code: 'ECONNRESET' },
	});
	expect(kept).toEqual([]);
});

test('stopping ends a download in mid-stream, and nothing is tried again', async () => {
	const { run, opened, stop, kept } = setup([() => new PassThrough()]);
	const running = run();
	await new Promise((resolve) => setImmediate(resolve));
	(opened[0] as PassThrough).write(PNG);
	await new Promise((resolve) => setImmediate(resolve));
	stop();
	expect(await running).toEqual({ ok: false, problem: { kind: 'stopped' } });
	expect(opened).toHaveLength(1);
	expect(opened[0].destroyed).toBe(true);
	expect(kept).toEqual([]);
});

test('stopped before it began, it asks nobody', async () => {
	const { run, opened, stop } = setup([whole()]);
	stop();
	expect(await run()).toEqual({ ok: false, problem: { kind: 'stopped' } });
	expect(opened).toHaveLength(0);
});

test('a server that falls silent is given up after a minute, and asked again', async () => {
	const { run, opened, timing, kept } = setup([() => new PassThrough(), whole()]);
	const running = run();
	await new Promise((resolve) => setImmediate(resolve));
	(opened[0] as PassThrough).write(PNG);
	for (let waited = 0; waited < 60_000; waited += 5_000) {
		expect(opened).toHaveLength(1);
		await new Promise((resolve) => setImmediate(resolve));
		timing.pass(5_000);
	}
	expect(await running).toMatchObject({ ok: true });
	expect(opened[0].destroyed).toBe(true);
	expect(kept).toHaveLength(1);
});

test('a slow disk is no silent server', async () => {
	const slow = setup([whole()], {}, async () => {
		for (let waited = 0; waited < 300_000; waited += 5_000) {
			await new Promise((resolve) => setImmediate(resolve));
			slow.timing.pass(5_000);
		}
	});
	expect(await slow.run()).toMatchObject({ ok: true });
	expect(slow.opened).toHaveLength(1);
});
