import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import type { Timing } from '../clock';
import { downloadRetryDelay, type DownloadProblem } from './downloadProblem';
import { IncomingBytes } from './incomingBytes';
import { checkContent } from './mediaType';
import type { MemoryLimit, Room } from './memoryLimit';
import { openFile, type OpenFile } from './openFile';
import { StallWatch } from './stallWatch';

/** One file to fetch. */
export interface FileRequest {
	url: string;
	/** HiAPI's type of the output. */
	outputType: string;
	/** Whether a missing file may just not have arrived at its server yet. */
	isFresh: boolean;
	/** How often to ask again where that may help. */
	mostRetries: number;
	/** More than this many bytes are not kept. */
	maximumBytes: number;
	/** The name the file gets, for an extension without a dot. */
	nameFor(extension: string): string;
}

/** What a download needs from outside. */
export interface DownloadTools {
	context: IExecuteFunctions;
	timing: Timing;
	/** Ends everything at once. */
	signal?: AbortSignal;
	/** Whether files may lie in private networks. */
	allowPrivate: boolean;
	memory: MemoryLimit;
}

export type FileResult = { ok: true; file: IBinaryData } | { ok: false; problem: DownloadProblem };

const STOPPED: FileResult = { ok: false, problem: { kind: 'stopped' } };

/**
 * Fetches a file into n8n's binary storage, byte by byte: n8n's memory does not grow with it, and what breaks off is not
 * kept. Tries again where that may help. Never rejects.
 */
export async function downloadFile(
	request: FileRequest,
	tools: DownloadTools,
): Promise<FileResult> {
	const { timing, signal } = tools;
	for (let retriesMade = 0; ; retriesMade++) {
		if (signal?.aborted) return STOPPED;
		const result = await tryOnce(request, tools);
		if (result.ok) return result;
		if (signal?.aborted) return STOPPED;
		const { isFresh, mostRetries } = request;
		const delay = downloadRetryDelay(result.problem, {
			isFresh,
			mostRetries,
			retriesMade,
			nowMs: timing.now(),
			random: timing.random(),
		});
		if (delay === undefined) return result;
		await timing.pause(delay, signal);
	}
}

async function tryOnce(request: FileRequest, tools: DownloadTools): Promise<FileResult> {
	const watch = new StallWatch(tools.timing);
	const ending = tools.signal ? AbortSignal.any([tools.signal, watch.signal]) : watch.signal;
	try {
		const opened = await watch.during(
			openFile(tools.context, request.url, tools.allowPrivate, ending),
		);
		const result = opened.ok ? await keep(opened.file, request, tools, watch, ending) : opened;
		return !result.ok && watch.signal.aborted
			? { ok: false, problem: { kind: 'stalled' } }
			: result;
	} finally {
		watch.close();
	}
}

async function keep(
	file: OpenFile,
	request: FileRequest,
	tools: DownloadTools,
	watch: StallWatch,
	ending: AbortSignal,
): Promise<FileResult> {
	const { body, headers } = file;
	// Once its headers are in, n8n's request no longer listens to the signal.
	const end = () => body.destroy(new Error('The download was ended'));
	ending.addEventListener('abort', end, { once: true });
	if (ending.aborted) end();
	let room: Room | undefined;
	let stored: IBinaryData | undefined;
	try {
		const length = statedLength(headers['content-length']);
		if ((length ?? 0) > request.maximumBytes) return { ok: false, problem: { kind: 'tooLarge' } };
		room = await tools.memory.room(length);
		if (room === undefined) return { ok: false, problem: { kind: 'memory' } };
		const result = await store(file, request, tools, watch, room.maximumBytes);
		if (result.ok) stored = result.file;
		return result;
	} catch (error) {
		return { ok: false, problem: { kind: 'notStored', message: (error as Error).message } };
	} finally {
		room?.settle(stored);
		ending.removeEventListener('abort', end);
		body.destroy();
	}
}

/** Undefined for a length that is not told; nothing has to be held against one that is wrong, since HTTP ends a body there. */
function statedLength(header: string | undefined): number | undefined {
	const length = Number(header ?? Number.NaN);
	return Number.isFinite(length) && length > 0 ? length : undefined;
}

async function store(
	{ url, headers, body }: OpenFile,
	{ outputType, maximumBytes, nameFor }: FileRequest,
	{ context }: DownloadTools,
	watch: StallWatch,
	room: number,
): Promise<FileResult> {
	const bytes = new IncomingBytes(body, watch, Math.min(maximumBytes, room));
	const problem = (): DownloadProblem | undefined =>
		bytes.problem?.kind === 'tooLarge' && room < maximumBytes ? { kind: 'memory' } : bytes.problem;
	try {
		const firstBytes = await bytes.peek();
		const content = checkContent({
			contentType: headers['content-type'],
			url,
			outputType,
			firstBytes,
		});
		if (!content.ok) return { ok: false, problem: { kind: content.reason } };
		const file = await context.helpers.prepareBinaryData(
			bytes.toStream(),
			nameFor(content.extension),
			content.mimeType,
		);
		if (bytes.complete) return { ok: true, file };
		return {
			ok: false,
			problem: problem() ?? { kind: 'notStored', message: 'it was not read to its end' },
		};
	} catch (error) {
		return {
			ok: false,
			problem: problem() ?? { kind: 'notStored', message: (error as Error).message },
		};
	}
}
