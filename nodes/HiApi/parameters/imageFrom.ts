import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { isRecord } from '../../shared/values';
import type { FileRole, Purpose } from '../models/purposes';
import { withAgentsOwn, withToolDefault } from './agentsOwn';

/** Where a file comes from. `auto`: from whatever the item has. */
export type FileFrom = 'auto' | 'file' | 'url';

/** A file the user wants the model to get. */
export interface WantedFile {
	role: FileRole;
	from: FileFrom;
	/** For `file`: a name, several, or what an expression gave. */
	file: unknown;
	/** For `url`: an address, or several. */
	url: unknown;
	/** What the panel calls the field with the address. */
	urlLabel: string;
}

const FILE = {
	name: 'File',
	value: 'file',
	description: 'A file of the incoming item, by the name of its binary field',
} as const;
const URL_CHOICE = {
	name: 'URL',
	value: 'url',
	description: 'An address from which HiAPI fetches it',
} as const;

const ROLE_LABELS: Record<FileRole, string> = {
	image: 'Image',
	lastFrame: 'Last Frame',
	reference: 'Reference Image',
	referenceVideo: 'Reference Video',
	referenceAudio: 'Reference Audio',
};

const fileField = (name: string): INodeProperties => ({
	displayName: 'Input Data Field Name',
	name,
	type: 'string',
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the input binary field that holds the file',
	description:
		'For several files give several names separated by commas, or an expression that gives the files, for example {{ $binary }}',
});

/** The image an operation cannot do without. */
function mainImage(purpose: Purpose): INodeProperties[] {
	const what =
		purpose.operation === 'animateImage'
			? 'the image the video begins with'
			: purpose.image === 'reference'
				? 'the image of what is to be seen in the video'
				: 'the image';
	const from: INodeProperties = {
		displayName: 'Image From',
		name: 'imageFrom',
		type: 'options',
		default: 'auto',
		description: `Where ${what} comes from`,
		options: [
			{
				name: 'Automatic',
				value: 'auto',
				description:
					'What the incoming item has: the link of an image made by HiAPI while it is valid for another hour, otherwise its file',
			},
			FILE,
			URL_CHOICE,
		],
	};
	return [
		// an agent hands its tools texts, and no files
		...withToolDefault(from, 'url'),
		{ ...fileField('imageFile'), displayOptions: { show: { imageFrom: ['file'] } } },
		...withAgentsOwn(
			{
				displayName: 'Image URL',
				name: 'imageUrl',
				type: 'string',
				default: '',
				required: true,
				placeholder: 'e.g. https://example.com/photo.png',
				displayOptions: { show: { imageFrom: ['url'] } },
				description:
					'The address of the image. For several images separate their addresses with commas, where the model takes several.',
			},
			'The address of the image',
		),
	];
}

const moreFilesField = (roles: FileRole[]): INodeProperties => ({
	displayName: 'More Files',
	name: 'moreFiles',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add File',
	default: {},
	description: 'Further files for models that take some',
	options: roles.map((role) => ({
		displayName: ROLE_LABELS[role],
		name: role,
		values: [
			{
				displayName: 'From',
				name: 'from',
				type: 'options',
				default: 'file',
				description: 'Where it comes from',
				options: [FILE, URL_CHOICE],
			},
			{ ...fileField('file'), displayOptions: { show: { from: ['file'] } } },
			{
				displayName: 'URL',
				name: 'url',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://example.com/file.png',
				displayOptions: { show: { from: ['url'] } },
				description: 'The address from which HiAPI fetches it',
			},
		],
	})),
});

/** The files an operation works with; none for those that begin with words alone. */
export const imageFields = (purpose: Purpose): INodeProperties[] =>
	purpose.image === undefined ? [] : mainImage(purpose);

/** Files that some of the models take besides. */
export const moreFileFields = (purpose: Purpose): INodeProperties[] =>
	purpose.moreFiles.length === 0 ? [] : [moreFilesField(purpose.moreFiles)];

/** The files of an item as the user gave them, the one the operation cannot do without first. */
export function readWantedFiles(
	context: IExecuteFunctions,
	itemIndex: number,
	purpose: Purpose,
): WantedFile[] {
	const parameter = (name: string, fallback: unknown): unknown =>
		context.getNodeParameter(name, itemIndex, fallback as never);
	const wanted: WantedFile[] = [];
	if (purpose.image !== undefined) {
		wanted.push({
			role: purpose.image,
			from: fromOf(parameter('imageFrom', 'auto'), 'auto'),
			file: parameter('imageFile', 'data'),
			url: parameter('imageUrl', ''),
			urlLabel: 'Image URL',
		});
	}
	const more = purpose.moreFiles.length > 0 ? parameter('moreFiles', {}) : {};
	for (const role of purpose.moreFiles) {
		const entries = isRecord(more) && Array.isArray(more[role]) ? more[role] : [];
		for (const entry of entries.filter(isRecord) as IDataObject[]) {
			wanted.push({
				role,
				from: fromOf(entry.from, 'file'),
				file: Object.hasOwn(entry, 'file') ? entry.file : 'data',
				url: entry.url,
				urlLabel: 'URL',
			});
		}
	}
	return wanted;
}

const fromOf = (value: unknown, standard: FileFrom): FileFrom =>
	value === 'file' || value === 'url' || value === 'auto' ? value : standard;

/** What the panel calls the part a file plays. */
export const roleLabel = (role: FileRole): string => ROLE_LABELS[role];
