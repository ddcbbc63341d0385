import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { createClient } from '../../../shared/api/client';
import { HiApiFailure } from '../../../shared/api/failure';
import { systemTiming } from '../../../shared/timing';
import { isRecord, nonEmptyText } from '../../../shared/values';
import { checkSize, dataUri, planFile, type InputFile } from './binaryInput';
import { linkTo } from './binaryInputLinks';

const STANDARD_MEGABYTES = 8;

async function readEntry(
	context: IExecuteFunctions,
	itemIndex: number,
	entry: IDataObject,
): Promise<InputFile[]> {
	const field = nonEmptyText(entry.field);
	if (field === undefined)
		throw new HiApiFailure(
			"A file under 'Files as Input' has no input field",
			"Choose the field of the model in 'Input Field Name or ID'.",
		);
	const megabytes = Number(entry.maximumSize ?? STANDARD_MEGABYTES);
	if (!(megabytes > 0))
		throw new HiApiFailure(
			"'Maximum Size (MB)' is not a number greater than 0",
			`Correct it under 'Files as Input'; it is ${STANDARD_MEGABYTES} by default.`,
		);
	const sendAs = entry.sendAs === 'link' ? 'link' : 'inline';
	const given: unknown = entry.binaryField ?? 'data';
	const sources =
		typeof given === 'string'
			? given
					.split(',')
					.map((name) => name.trim())
					.filter((name) => name !== '')
			: [given];
	if (sources.length === 0)
		throw new HiApiFailure(
			`The file for '${field}' has no binary field`,
			"Enter the name of the item's binary field in 'Input Data Field Name'; it is mostly called data.",
		);
	const files = sources.map((source) => {
		const data = context.helpers.assertBinaryData(itemIndex, source as string);
		return planFile(
			field,
			typeof source === 'string' ? source : 'an expression',
			sendAs,
			megabytes,
			data,
		);
	});
	if (sendAs === 'inline') return files;
	const { isLocal } = await createClient(context, systemTiming);
	return files.map((file) => ({
		...file,
		link: linkTo(context, file.data, systemTiming.now(), isLocal),
	}));
}

/**
 * The files an item gives to the model, judged by what n8n says of them and not read yet; links are made.
 *
 * @throws HiApiFailure, or n8n's own error when the item has no such file
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
 * @throws HiApiFailure when a file cannot be given to HiAPI
 */
export async function contentsOf(
	context: IExecuteFunctions,
	itemIndex: number,
	files: InputFile[],
): Promise<Map<string, string>> {
	const contents = new Map<string, string>();
	for (const file of files) {
		if (contents.has(file.standIn)) continue;
		if (file.link !== undefined) {
			contents.set(file.standIn, file.link);
			continue;
		}
		const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, file.data);
		checkSize(file, bytes.length);
		if (bytes.length === 0)
			throw new HiApiFailure(
				`The file in '${file.binaryField}' is empty`,
				'See to it that the node before gives the file. No task was bought for this item.',
			);
		contents.set(file.standIn, dataUri(file.mimeType, bytes.toString('base64')));
	}
	return contents;
}
