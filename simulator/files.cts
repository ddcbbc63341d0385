import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pause, switchesFor, type Core, type Exchange } from './core.cts';
import { extensionOf, filesExpireAt, plannedOutputs } from './outputs.cts';
import { Painter } from './painter.cts';
import type { Reply } from './reply.cts';
import type { FileBehaviour } from './switches.cts';
import type { SimulatedTask } from './tasks.cts';

const CONTENT_TYPES: Record<string, string> = {
	png: 'image/png',
	mp4: 'video/mp4',
	mp3: 'audio/mpeg',
};
const CHUNK_BYTES = 64 * 1024;
const SLOW_TICK_MILLISECONDS = 50;

const fixtures = new Map<string, Buffer>();

function fixture(name: string): Buffer {
	let bytes = fixtures.get(name);
	if (!bytes) {
		bytes = readFileSync(join(__dirname, 'media', name));
		fixtures.set(name, bytes);
	}
	return bytes;
}

/** An MP4 box that players skip, so that a padded clip still plays; other formats ignore what follows their end. */
function paddingHeader(extension: string, paddingBytes: number): Buffer {
	if (extension !== 'mp4' || paddingBytes < 16) return Buffer.alloc(0);
	const header = Buffer.alloc(16);
	header.writeUInt32BE(1, 0);
	header.write('free', 4, 'ascii');
	header.writeBigUInt64BE(BigInt(paddingBytes), 8);
	return header;
}

function* chunks(start: Buffer, totalBytes: number, chunkBytes: number): Generator<Buffer> {
	for (let sent = 0; sent < start.length; sent += chunkBytes)
		yield start.subarray(sent, sent + chunkBytes);
	const zeros = Buffer.alloc(Math.min(chunkBytes, Math.max(0, totalBytes - start.length)));
	for (let left = totalBytes - start.length; left > 0; left -= chunkBytes) {
		yield left < zeros.length ? zeros.subarray(0, left) : zeros;
	}
}

async function* slowly(source: Iterable<Buffer>): AsyncGenerator<Buffer> {
	for (const chunk of source) {
		yield chunk;
		await new Promise((resolve) => setTimeout(resolve, SLOW_TICK_MILLISECONDS));
	}
}

function xmlReply(status: number, code: string, message: string): Reply {
	const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
	return { status, headers: { 'content-type': 'application/xml' }, body };
}

const gone = () => xmlReply(404, 'NoSuchKey', 'The specified key does not exist.');

function redirected(core: Core, exchange: Exchange, behaviour: FileBehaviour): Reply | undefined {
	const { redirect, redirectHops = 1 } = behaviour;
	if (!redirect) return undefined;
	const hop = Number(exchange.request.query.hop ?? 0);
	if (redirect !== 'loop' && hop >= redirectHops) return undefined;
	const origin =
		redirect === 'other' ? core.otherOrigin : `http://${exchange.request.headers.host}`;
	return {
		status: 302,
		headers: { location: `${origin}${exchange.request.pathname}?hop=${hop + 1}` },
		body: '',
	};
}

/** A file as its behaviour says; `bytes` are only asked for when they are sent. */
async function serve(
	bytesOf: () => Promise<Buffer>,
	extension: string,
	behaviour: FileBehaviour,
): Promise<Reply> {
	const headers: Record<string, string> = {};
	const contentType =
		behaviour.contentType === undefined ? CONTENT_TYPES[extension] : behaviour.contentType;
	if (contentType !== null) headers['content-type'] = contentType;
	if (behaviour.html) {
		const page =
			'<!DOCTYPE html><html><head><title>Please wait</title></head><body>Checking your browser</body></html>';
		return {
			status: 200,
			headers: { 'content-type': behaviour.contentType ?? 'text/html' },
			body: page,
		};
	}
	if (behaviour.empty) return { status: 200, headers, body: '' };
	const bytes = await bytesOf();
	const totalBytes = Math.max(bytes.length, behaviour.sizeBytes ?? 0);
	const cutAfterBytes = behaviour.truncateAfterBytes;
	if (totalBytes === bytes.length && !behaviour.bytesPerSecond && !behaviour.withoutLength) {
		return { status: 200, headers, body: bytes, cutAfterBytes };
	}
	if (!behaviour.withoutLength) headers['content-length'] = String(totalBytes);
	const start = Buffer.concat([bytes, paddingHeader(extension, totalBytes - bytes.length)]);
	const perTick = Math.ceil(((behaviour.bytesPerSecond ?? 0) * SLOW_TICK_MILLISECONDS) / 1000);
	const parts = chunks(start, totalBytes, perTick || CHUNK_BYTES);
	// Bytes, not objects: then the stream stops producing while the client does not read.
	const body = Readable.from(perTick ? slowly(parts) : parts, {
		objectMode: false,
		highWaterMark: CHUNK_BYTES,
	});
	return { status: 200, headers, body, cutAfterBytes };
}

/** The simulator's CDN: `GET /files/tasks/{taskId}/{index}.{extension}`, without authentication. */
export class Files {
	private readonly requestsPerFile = new Map<string, number>();
	private readonly painter = new Painter();

	async get(core: Core, exchange: Exchange): Promise<Reply> {
		const task = core.tasks.get(exchange.params.taskId ?? '');
		const index = Number.parseInt(exchange.params.file ?? '', 10);
		const output = task && plannedOutputs(task)[index];
		if (!task?.terminal || task.outcome !== 'success' || !output) return gone();
		exchange.request.taskId = task.taskId;
		const switches = switchesFor(core, task);
		const behaviour = { ...switches.file, ...output.file };
		const name = `${task.taskId}/${index}`;
		const seen = (this.requestsPerFile.get(name) ?? 0) + 1;
		this.requestsPerFile.set(name, seen);
		await pause(behaviour.delayMilliseconds ?? 0);
		if (seen <= (behaviour.notFoundTimes ?? 0) || core.storedOutputs.isDeleted(task, index))
			return gone();
		if (
			!core.storedOutputs.isPersistent(task, index) &&
			core.clock.now() >= filesExpireAt(core, task)
		) {
			return switches.expiredStatus === 404
				? gone()
				: xmlReply(403, 'AccessDenied', 'Access Denied');
		}
		if (behaviour.status)
			return xmlReply(behaviour.status, 'SimulatedError', `simulated ${behaviour.status}`);
		const redirect = redirected(core, exchange, behaviour);
		if (redirect) return redirect;
		return await serve(
			() => this.bytes(task, index, output.type),
			extensionOf(output.type),
			behaviour,
		);
	}

	/** The bytes of one output: a drawn picture, or a two second clip or tone. */
	private async bytes(task: SimulatedTask, index: number, type: string): Promise<Buffer> {
		const extension = extensionOf(type);
		if (extension === 'mp4') return fixture('video.mp4');
		if (extension === 'mp3') return fixture('audio.mp3');
		const { taskId, shownModel: model, prompt, input } = task;
		return await this.painter.paint({ taskId, model, prompt, input, type, index });
	}

	async close(): Promise<void> {
		await this.painter.close();
	}

	clear(): void {
		this.requestsPerFile.clear();
	}
}
