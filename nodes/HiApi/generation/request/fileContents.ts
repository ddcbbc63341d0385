import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { createClient } from '../../../shared/api/client';
import { HiApiError } from '../../../shared/errors/apiError';
import { isTool } from '../../../shared/n8nCompat';
import { systemClock } from '../../../shared/clock';
import { isRecord, trimmedOrUndefined } from '../../../shared/values';
import {
	BYTES_PER_MEGABYTE,
	checkSize,
	dataUri,
	isEmpty,
	planFile,
	type InputFile,
} from './fileInputs';
import { readBeginning, readWhole } from './fileContent';
import { linkTo } from './fileLinks';
import { findFiles } from './fileSources';

const STANDARD_MEGABYTES = 8;

async function readEntry(
	context: IExecuteFunctions,
	itemIndex: number,
	entry: IDataObject,
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
	const sources = findFiles(Object.hasOwn(entry, 'binaryField') ? entry.binaryField : 'data', {
		item: context.getInputData()[itemIndex],
		isTool: isTool(context),
	});
	const target = { field, sendAs, maximumBytes: megabytes * BYTES_PER_MEGABYTE } as const;
	const files: InputFile[] = [];
	for (const source of sources)
		files.push(planFile(target, source, await readBeginning(context, source)));
	if (sendAs === 'inline') return files;
	const { isLocal } = await createClient(context, systemClock);
	return files.map((file) => ({
		...file,
		link: linkTo(context, file.data, systemClock.now(), isLocal),
	}));
}

/**
 * The files an item gives to the model, judged by their beginning and by what n8n says of them; links are made.
 *
 * @throws HiApiError when the item has no such file, or one that cannot be sent
 */
export async function readInputFiles(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<InputFile[]> {
	const entries: unknown = context.getNodeParameter('inputFiles.file', itemIndex, []);
	const files: InputFile[] = [];
	for (const entry of Array.isArray(entries) ? entries.filter(isRecord) : [])
		files.push(...(await readEntry(context, itemIndex, entry as IDataObject)));
	return files;
}

/**
 * What is sent in the place of each stand-in. Called when the task is sent, so that no more files are in memory than tasks
 * are being submitted.
 *
 * @throws HiApiError when a file cannot be given to HiAPI
 */
export async function contentsOf(
	context: IExecuteFunctions,
	files: InputFile[],
): Promise<Map<string, string>> {
	const contents = new Map<string, string>();
	for (const file of files) {
		if (contents.has(file.standIn)) continue;
		if (file.link !== undefined) {
			contents.set(file.standIn, file.link);
			continue;
		}
		const bytes = await readWhole(context, file);
		checkSize(file, bytes.length);
		if (bytes.length === 0) throw isEmpty(file.label);
		contents.set(file.standIn, dataUri(file.mimeType, bytes.toString('base64')));
	}
	return contents;
}
