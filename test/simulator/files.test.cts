import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'node:http';
import { Jimp } from 'jimp';
import {
	startSimulator,
	type FileBehaviour,
	type Simulator,
	type Switches,
} from '../../simulator/index.cts';
import { call, createdId, fetchRaw, readTask } from './support/http.cts';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

/** A finished task's first output address. */
async function finished(
	type: string,
	file: FileBehaviour = {},
	switches: Partial<Switches> = {},
): Promise<string> {
	simulator.plan({ seconds: 0, outputs: [{ type, file }], switches });
	const task = await readTask(simulator, await createdId(simulator));
	return task.output[0].url;
}

describe('what is served', () => {
	it('is a picture that differs with the prompt, in the shape asked for', async () => {
		simulator.plan({ seconds: 0 }, { times: Infinity });
		const draw = async (input: Record<string, unknown>) => {
			const task = await readTask(
				simulator,
				await createdId(simulator, { model: 'any-model', input }),
			);
			return await fetchRaw(task.output[0].url);
		};
		const wide = await draw({ prompt: 'a lake', aspect_ratio: '16:9' });
		expect(wide.headers['content-type']).toBe('image/png');
		expect(wide.headers['content-length']).toBe(String(wide.bytes.length));
		const picture = await Jimp.fromBuffer(wide.bytes);
		expect([picture.width, picture.height]).toEqual([640, 360]);
		// Lettering: white pixels where the prompt stands.
		const white = (await Jimp.fromBuffer(wide.bytes))
			.crop({ x: 24, y: 24, w: 200, h: 40 })
			.bitmap.data.filter((value) => value === 255);
		expect(white.length).toBeGreaterThan(8200);
		const tall = await Jimp.fromBuffer((await draw({ prompt: 'a lake', size: '1536*2688' })).bytes);
		expect(tall.height).toBeGreaterThan(tall.width);
		expect(
			(await draw({ prompt: 'a hill \u753b', aspect_ratio: '16:9' })).bytes.equals(wide.bytes),
		).toBe(false);
	});

	it.each([
		['video', 'video/mp4', 'mp4'],
		['audio', 'audio/mpeg', 'mp3'],
	])('is real %s', async (type, contentType, extension) => {
		const url = await finished(type);
		expect(url.endsWith(`/0.${extension}`)).toBe(true);
		const answer = await fetchRaw(url);
		expect(answer.headers['content-type']).toBe(contentType);
		const start = answer.bytes.subarray(0, 12);
		if (type === 'video') expect(start.toString('latin1', 4, 8)).toBe('ftyp');
		else expect([start[0], start[1] & 0xe0]).toEqual([0xff, 0xe0]);
	});

	it('needs no key, and keeps quiet about files that are not there', async () => {
		const url = await finished('image');
		expect((await fetchRaw(url)).status).toBe(200);
		const missing = await fetchRaw(url.replace('/0.png', '/7.png'));
		expect([missing.status, missing.headers['content-type']]).toEqual([404, 'application/xml']);
		const running = await createdId(simulator);
		expect((await fetchRaw(`${simulator.origin}/files/tasks/${running}/0.png`)).status).toBe(404);
	});

	it('answers HEAD without a body', async () => {
		const head = await fetchRaw(await finished('video'), 'HEAD');
		expect([head.status, head.bytes.length]).toEqual([200, 0]);
		expect(Number(head.headers['content-length'])).toBeGreaterThan(1000);
	});
});

describe('expiry', () => {
	it.each([
		[403, 'AccessDenied'],
		[404, 'NoSuchKey'],
	] as const)('answers %i with XML after seven days', async (status, code) => {
		simulator.switches.expiredStatus = status;
		const url = await finished('image');
		simulator.advance(604800 - 60);
		expect((await fetchRaw(url)).status).toBe(200);
		simulator.advance(61);
		const answer = await fetchRaw(url);
		expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/xml']);
		expect(answer.bytes.toString()).toContain(`<Code>${code}</Code>`);
	});

	it('spares persistent files', async () => {
		simulator.plan({ seconds: 0 });
		const taskId = await createdId(simulator, { model: 'm', input: {}, storage: 'persistent' });
		const { output } = await readTask(simulator, taskId);
		expect(output[0]).not.toHaveProperty('expireAt');
		expect(output[0].url.startsWith(simulator.otherOrigin)).toBe(true);
		simulator.advance(604800 * 10);
		expect((await fetchRaw(output[0].url)).status).toBe(200);
	});
});

describe('trouble', () => {
	it('is not there yet for the first requests', async () => {
		const url = await finished('image', { notFoundTimes: 2 });
		expect([
			(await fetchRaw(url)).status,
			(await fetchRaw(url)).status,
			(await fetchRaw(url)).status,
		]).toEqual([404, 404, 200]);
	});

	it('breaks off in the middle', async () => {
		const url = await finished('video', { truncateAfterBytes: 500 });
		await expect(fetchRaw(url)).rejects.toThrow(/aborted/);
		const large = await finished('video', { truncateAfterBytes: 500_000, sizeBytes: 5_000_000 });
		await expect(fetchRaw(large)).rejects.toThrow(/aborted/);
	});

	it('delivers the bytes before the break', async () => {
		const url = await finished('video', { truncateAfterBytes: 500 });
		const received = await new Promise<number>((resolve, reject) => {
			request(url, { agent: false }, (response) => {
				let bytes = 0;
				response.on('data', (chunk: Buffer) => (bytes += chunk.length));
				response.on('error', () => resolve(bytes));
				response.on('end', () => reject(new Error('ended as if whole')));
			})
				.on('error', reject)
				.end();
		});
		expect(received).toBe(500);
	});

	it('is empty, a web page, of no or the wrong type, or refused', async () => {
		const empty = await fetchRaw(await finished('image', { empty: true }));
		expect([empty.status, empty.bytes.length, empty.headers['content-length']]).toEqual([
			200,
			0,
			'0',
		]);
		const html = await fetchRaw(await finished('image', { html: true }));
		expect([html.headers['content-type'], html.bytes.toString().includes('<html>')]).toEqual([
			'text/html',
			true,
		]);
		const octets = await fetchRaw(
			await finished('video', { contentType: 'application/octet-stream' }),
		);
		expect(octets.headers['content-type']).toBe('application/octet-stream');
		expect(
			(await fetchRaw(await finished('video', { contentType: null }))).headers['content-type'],
		).toBeUndefined();
		expect((await fetchRaw(await finished('video', { status: 503 }))).status).toBe(503);
	});

	it('redirects: on the same host, to another one, for ever', async () => {
		const same = await fetchRaw(await finished('image', { redirect: 'same', redirectHops: 2 }));
		expect(same.status).toBe(302);
		const second = await fetchRaw(same.headers.location!);
		expect(second.status).toBe(302);
		expect((await fetchRaw(second.headers.location!)).status).toBe(200);
		const other = await fetchRaw(await finished('image', { redirect: 'other' }));
		expect(other.headers.location!.startsWith(simulator.otherOrigin)).toBe(true);
		expect((await fetchRaw(other.headers.location!)).status).toBe(200);
		expect(simulator.requests.at(-1)!.headers.host).toBe(new URL(simulator.otherOrigin).host);
		let url = await finished('image', { redirect: 'loop' });
		for (let hop = 0; hop < 25; hop += 1) url = (await fetchRaw(url)).headers.location!;
		expect(url).toContain('hop=25');
	});

	it('is slow', async () => {
		const start = Date.now();
		const url = await finished('video', { bytesPerSecond: 40_000 });
		const { bytes } = await fetchRaw(url);
		expect(bytes.length).toBeGreaterThan(10_000);
		expect(Date.now() - start).toBeGreaterThan((bytes.length / 40_000) * 1000 * 0.6);
		const late = await finished('image', { delayMilliseconds: 100 });
		const asked = Date.now();
		await fetchRaw(late);
		expect(Date.now() - asked).toBeGreaterThanOrEqual(95);
	});

	it('is on every file when the switch says so, and the output can say otherwise', async () => {
		simulator.switches.file = { status: 500 };
		expect((await fetchRaw(await finished('image'))).status).toBe(500);
		expect((await fetchRaw(await finished('image', { status: 418 }))).status).toBe(418);
		simulator.switches.filesHost = 'other';
		expect((await finished('image')).startsWith(simulator.otherOrigin)).toBe(true);
	});
});

describe('large files', () => {
	it('are streamed, as long as announced, and still begin with the real one', async () => {
		const sizeBytes = 256 * 1024 * 1024;
		const url = await finished('video', { sizeBytes });
		const memory = process.memoryUsage().arrayBuffers;
		let received = 0;
		await new Promise<void>((resolve, reject) => {
			request(url, { agent: false }, (response) => {
				expect(response.headers['content-length']).toBe(String(sizeBytes));
				response.on('data', (chunk: Buffer) => (received += chunk.length));
				response.on('end', resolve).on('error', reject);
			})
				.on('error', reject)
				.end();
		});
		expect(received).toBe(sizeBytes);
		// Buffers wait for the garbage collector on both ends of the connection; the whole file would be several times this.
		expect(process.memoryUsage().arrayBuffers - memory).toBeLessThan(sizeBytes / 2);
	});

	it('can go without a length', async () => {
		const answer = await fetchRaw(
			await finished('video', { sizeBytes: 200_000, withoutLength: true }),
		);
		expect(answer.headers['content-length']).toBeUndefined();
		expect(answer.bytes).toHaveLength(200_000);
	});

	it('play: a padded clip has only well-formed boxes', async () => {
		const { bytes } = await fetchRaw(await finished('video', { sizeBytes: 100_000 }));
		const boxes: string[] = [];
		for (let offset = 0; offset < bytes.length; ) {
			const short = bytes.readUInt32BE(offset);
			boxes.push(bytes.toString('latin1', offset + 4, offset + 8));
			offset += short === 1 ? Number(bytes.readBigUInt64BE(offset + 8)) : short;
			expect(offset).toBeLessThanOrEqual(bytes.length);
		}
		expect(boxes[0]).toBe('ftyp');
		expect(boxes.at(-1)).toBe('free');
		expect(boxes).toContain('moov');
	});
});

function ffprobeHere(): boolean {
	try {
		execFileSync('ffprobe', ['-version'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}

(ffprobeHere() ? it : it.skip)('plays in a real decoder (ffprobe)', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'hiapi-simulator-'));
	try {
		for (const type of ['video', 'audio', 'image']) {
			const path = join(folder, type);
			writeFileSync(path, (await fetchRaw(await finished(type, { sizeBytes: 50_000 }))).bytes);
			const codecs = execFileSync('ffprobe', [
				'-v',
				'error',
				'-show_entries',
				'stream=codec_name',
				'-of',
				'csv=p=0',
				path,
			]).toString();
			expect(codecs.split('\n')[0]).toBe({ video: 'h264', audio: 'mp3', image: 'png' }[type]);
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
});

it('the log tells which key a file was asked with', async () => {
	const url = await finished('image');
	await call(simulator, 'GET', new URL(url).pathname);
	await fetchRaw(url);
	expect(simulator.requests.slice(-2).map(({ headers }) => headers.authorization)).toEqual([
		'Bearer sk-simulator',
		undefined,
	]);
});
