import type { IDataObject } from 'n8n-workflow';

import { HiApiError } from '../../../shared/errors/apiError';
import type { Timing } from '../../../shared/clock';
import { trimmedOrUndefined } from '../../../shared/values';
import {
	BYTES_PER_MEGABYTE,
	checkSize,
	dataUri,
	isEmpty,
	planFile,
	type InputFile,
} from './fileInputs';
import { linkTo, type LinkPorts } from './fileLinks';
import { findFiles, type FilePlace, type FileSource } from './fileSources';

const STANDARD_MEGABYTES = 8;

/** How the files of a workflow are read and given to HiAPI. Reading rejects with HiApiError when n8n has lost the file. */
export interface FilePorts extends LinkPorts {
	clock: Timing;
	/** Whether HiAPI's API is in a private network, so that it can reach addresses there. */
	apiIsLocal(): Promise<boolean>;
	/** Some hundred bytes, or all of a smaller file. */
	readBeginning(source: FileSource): Promise<Uint8Array>;
	readWhole(source: FileSource): Promise<Buffer>;
}

async function readEntry(
	entry: IDataObject,
	place: FilePlace,
	ports: FilePorts,
): Promise<InputFile[]> {
	const field = trimmedOrUndefined(entry.field);
	if (field === undefined)
		throw new HiApiError(
			"A file under 'Files as Input' has no input field",
			"Choose the field of the model in 'Input Field Name or ID'.",
		);
	const megabytes = Number(entry.maximumSize ?? STANDARD_MEGABYTES);
	if (!(megabytes > 0))
		throw new HiApiError(
			"'Maximum Size (MB)' is not a number greater than 0",
			`Correct it under 'Files as Input'; it is ${STANDARD_MEGABYTES} by default.`,
		);
	const sendAs = entry.sendAs === 'link' ? 'link' : 'inline';
	const named = Object.hasOwn(entry, 'binaryField') ? entry.binaryField : 'data';
	const sources = findFiles(named, place);
	const target = { field, sendAs, maximumBytes: megabytes * BYTES_PER_MEGABYTE } as const;
	const files: InputFile[] = [];
	for (const source of sources)
		files.push(planFile(target, source, await ports.readBeginning(source)));
	if (sendAs === 'inline') return files;
	const isLocal = await ports.apiIsLocal();
	return files.map((file) => ({
		...file,
		link: linkTo(ports, file.data, ports.clock.now(), isLocal),
	}));
}

/**
 * The files that the entries of 'Files as Input' give to the model, checked by their beginning and by what n8n says of them; links are made.
 *
 * @throws HiApiError when the item has no such file, or one that cannot be sent
 */
export async function readInputFiles(
	entries: IDataObject[],
	place: FilePlace,
	ports: FilePorts,
): Promise<InputFile[]> {
	const files: InputFile[] = [];
	for (const entry of entries) files.push(...(await readEntry(entry, place, ports)));
	return files;
}

/**
 * What is sent in the place of each placeholder. Called when the task is sent, so that no more files are in memory than tasks
 * are being submitted.
 *
 * @throws HiApiError when a file cannot be given to HiAPI
 */
export async function contentsOf(
	files: InputFile[],
	ports: FilePorts,
): Promise<Map<string, string>> {
	const contents = new Map<string, string>();
	for (const file of files) {
		if (contents.has(file.placeholder)) continue;
		if (file.link !== undefined) {
			contents.set(file.placeholder, file.link);
			continue;
		}
		const bytes = await ports.readWhole(file);
		checkSize(file, bytes.length);
		if (bytes.length === 0) throw isEmpty(file.label);
		contents.set(file.placeholder, dataUri(file.mimeType, bytes.toString('base64')));
	}
	return contents;
}
