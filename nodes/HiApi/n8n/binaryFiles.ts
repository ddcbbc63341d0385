import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { HiApiError } from '../../shared/errors/apiError';
import { createClient } from '../../shared/api/client';
import { systemClock } from '../../shared/clock';
import type { FilePorts } from '../generation/request/fileContents';
import type { FileSource } from '../generation/request/fileSources';

// Enough to tell a web page from an image.
const BEGINNING_BYTES = 512;

/** How the files of a workflow are read and given to HiAPI. */
export function filePorts(context: IExecuteFunctions): FilePorts {
	const { createBinarySignedUrl } = context.helpers as Partial<IExecuteFunctions['helpers']>;
	return {
		clock: systemClock,
		store: context.getContext('node'),
		apiIsLocal: async () => (await createClient(context, systemClock)).isLocal,
		readBeginning: async (source) => await readBeginning(context, source),
		readWhole: async (source) => await readWhole(context, source),
		...(typeof createBinarySignedUrl === 'function' && {
			signedUrl: (data: IBinaryData, lifetime: string) =>
				context.helpers.createBinarySignedUrl(data, lifetime),
		}),
	};
}

/**
 * The beginning of a file in bytes, without reading the rest.
 *
 * @throws HiApiError when n8n does not have the file any more
 */
async function readBeginning(
	context: IExecuteFunctions,
	{ label, data }: FileSource,
): Promise<Uint8Array> {
	if (data.id === undefined) return inMemory(data, BEGINNING_BYTES);
	return await read(label, async () => {
		const stream = await context.helpers.getBinaryStream(data.id as string, BEGINNING_BYTES);
		// A stream that is destroyed with nobody listening would end the process.
		stream.on('error', () => undefined);
		const pieces: Uint8Array[] = [];
		let count = 0;
		try {
			for await (const piece of stream as AsyncIterable<Uint8Array>) {
				pieces.push(piece);
				count += piece.length;
				if (count >= BEGINNING_BYTES) break;
			}
		} finally {
			stream.destroy();
		}
		return Buffer.concat(pieces).subarray(0, BEGINNING_BYTES);
	});
}

/**
 * The whole content of a file.
 *
 * @throws HiApiError when n8n does not have the file any more
 */
async function readWhole(context: IExecuteFunctions, { label, data }: FileSource): Promise<Buffer> {
	if (data.id === undefined) return inMemory(data);
	return await read(
		label,
		async () =>
			await context.helpers.binaryToBuffer(
				await context.helpers.getBinaryStream(data.id as string),
			),
	);
}

/** What n8n keeps in memory is in base64: four characters for three bytes. */
function inMemory({ data }: IBinaryData, mostBytes?: number): Buffer {
	const text = mostBytes === undefined ? data : data.slice(0, Math.ceil(mostBytes / 3) * 4);
	return Buffer.from(text, 'base64');
}

async function read<T>(label: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch {
		throw unreadable(label);
	}
}

function unreadable(label: string): HiApiError {
	return new HiApiError(
		`The file in '${label}' cannot be read from n8n's storage`,
		'n8n has deleted it, or its storage cannot be reached. Run the workflow again from the node that gives the file. No task was created for this item.',
	);
}
