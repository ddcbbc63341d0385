import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import {
	binaryFieldField,
	type DownloadSettings,
	maximumFilesField,
	maximumFileSizeField,
	outputTypesField,
	readDownloadSettings,
} from '../../shared/downloads/downloadSettings';
import { isTool } from '../../shared/n8nCompat';
import { optionsOf } from './readers';

/** Whether an operation that ends with a finished task also fetches its files. */
export const downloadOutputsField: INodeProperties = {
	displayName: 'Download Outputs',
	name: 'downloadOutputs',
	type: 'boolean',
	default: true,
	displayOptions: { hide: { '@tool': [true] } },
	description:
		"Whether to download the task's files into the item, because their links expire. A file that cannot be downloaded does not make the item fail.",
};

const whenDownloading = { show: { '/downloadOutputs': [true] }, hide: { '@tool': [true] } };

/** The entries of Options that go with `downloadOutputsField`. */
export const filesToDownloadOption: INodeProperties = {
	...outputTypesField,
	displayOptions: whenDownloading,
};
export const maximumFileSizeOption: INodeProperties = {
	...maximumFileSizeField,
	displayOptions: whenDownloading,
};
export const maximumFilesOption: INodeProperties = {
	...maximumFilesField,
	displayOptions: whenDownloading,
};
export const outputFieldOption: INodeProperties = {
	...binaryFieldField,
	displayOptions: whenDownloading,
};

/**
 * Which files an item wants with its finished task; undefined for none. The tool of an AI agent hands on text only, so
 * there nobody would get the files, and under an MCP Server Trigger n8n would keep them for ever.
 *
 * @throws HiApiError when an option cannot be used
 */
export function readDownload(
	context: IExecuteFunctions,
	itemIndex: number,
): DownloadSettings | undefined {
	if (isTool(context) || context.getNodeParameter('downloadOutputs', itemIndex, true) !== true)
		return undefined;
	return readDownloadSettings(optionsOf(context, itemIndex));
}

export const onFileFailureOption: INodeProperties = {
	displayName: 'When a File Is Missing',
	name: 'onFileFailure',
	type: 'options',
	default: 'fail',
	description: 'What happens to an item with a file that did not arrive',
	options: [
		{
			name: 'Fail',
			value: 'fail',
			description: 'The item fails; Retry On Fail downloads again, free of charge',
		},
		{
			name: 'Output the Other Files',
			value: 'output',
			description:
				"The item goes on with the files that arrived; 'downloadFailures' names the others",
		},
	],
};
