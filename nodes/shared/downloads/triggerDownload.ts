import type { INodeProperties } from 'n8n-workflow';

import {
	binaryFieldField,
	maximumFileSizeField,
	maximumFilesField,
	outputTypesField,
} from './downloadSettings';

/** Whether a trigger's item has the files of its task. Off, as in n8n's own triggers that can download something. */
export const downloadOutputsField: INodeProperties = {
	displayName: 'Download Outputs',
	name: 'downloadOutputs',
	type: 'boolean',
	default: false,
	description:
		'Whether to download the images, videos or audio into the item. Without this, the item has links to them, which expire. A file that cannot be downloaded does not make the execution fail.',
};

/** The entries of Options that go with `downloadOutputsField`. */
export const downloadOptions: INodeProperties[] = [
	outputTypesField,
	maximumFileSizeField,
	maximumFilesField,
	binaryFieldField,
].map((field) => ({ ...field, displayOptions: { show: { '/downloadOutputs': [true] } } }));
