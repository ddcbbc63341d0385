import type { IBinaryData, IDataObject } from 'n8n-workflow';

import { HiApiError } from '../../../shared/errors/apiError';
import { fieldForRole, type RoleField } from '../../models/fileRoles';
import { toInputValue } from '../../models/inputValues';
import type { ModelInput } from '../../models/modelCatalog';
import type { Purpose } from '../../models/purposes';
import { roleLabel, type WantedFile } from '../../parameters/imageFrom';
import type { FilePorts } from './fileContents';
import { BYTES_PER_MEGABYTE, identityOf, planFile, type InputFile } from './fileInputs';
import { linkTo } from './fileLinks';
import { findFiles, type FilePlace, type FileSource } from './fileSources';
import { fileToTake, imageOfItem } from './itemImage';

/** Larger files are given as a link. HiAPI does not say how large a request may be. */
const MOST_INLINE_BYTES = 8 * BYTES_PER_MEGABYTE;

const HOW_ELSE =
	"Put the file where HiAPI can fetch it, set 'Image From' to 'URL', and give its address; an image that HiAPI made has a link already. No task was created for this item.";

/** The files an item asks for, and what they are looked for in. */
interface AskedFiles {
	itemIndex: number;
	wantedFiles: WantedFile[];
	place: FilePlace;
}

/** The files of an item in the model's own fields. */
export interface RoleFiles {
	/** Values by field: addresses, and placeholders for files. */
	values: Map<RoleField['name'], { field: RoleField; values: unknown[] }>;
	files: InputFile[];
	/** What the user gave, the same for every try of the same create. */
	asked: unknown[];
}

/**
 * Finds the files an operation of Image, Video or Audio works with, and the model's fields for them.
 *
 * @throws HiApiError when one is missing, cannot be sent, or has no place in the model
 */
export async function readRoleFiles(
	{ itemIndex, wantedFiles, place: from }: AskedFiles,
	known: ModelInput,
	purpose: Purpose,
	ports: FilePorts,
): Promise<RoleFiles> {
	const result: RoleFiles = { values: new Map(), files: [], asked: [] };
	for (const wanted of wantedFiles) {
		const field = fieldForRole(wanted.role, known, purpose);
		if (field === undefined) throw noPlace(wanted, known.model);
		const { addresses, sources, asked } = whatIsWanted(wanted, from, itemIndex, ports.clock.now());
		const files: InputFile[] = [];
		for (const source of sources) files.push(await planned(source, field, ports));
		result.files.push(...files);
		result.asked.push([wanted.role, wanted.from, ...asked]);
		const place = result.values.get(field.name) ?? { field, values: [] };
		result.values.set(field.name, place);
		for (const address of [...addresses, ...files.map(({ placeholder }) => placeholder)])
			place.values.push(
				field.objectType === undefined ? address : { type: field.objectType, url: address },
			);
	}
	return result;
}

function noPlace({ role }: WantedFile, model: string): HiApiError {
	return new HiApiError(
		`${model} does not take a file as '${roleLabel(role)}'`,
		"Remove it under 'More Files', or select a model from the list, which holds those that fit the operation. No task was created for this item.",
	);
}

interface Found {
	addresses: string[];
	sources: FileSource[];
	/** Everything the item offers, also what is not taken this time: a link may expire between two tries. */
	asked: unknown[];
}

function whatIsWanted(
	wanted: WantedFile,
	place: FilePlace,
	itemIndex: number,
	nowMs: number,
): Found {
	if (wanted.from === 'url') {
		const addresses = addressesIn(wanted, itemIndex);
		return { addresses, sources: [], asked: addresses };
	}
	if (wanted.from === 'file') {
		const sources = findFiles(wanted.file, place);
		return { addresses: [], sources, asked: sources.map(({ data }) => identityOf(data)) };
	}
	const image = imageOfItem(place.item, nowMs);
	const identities = image.names
		.flatMap((name) => findFiles(name, place))
		.map(({ data }) => identityOf(data));
	const asked = [image.link ?? null, ...identities];
	if (image.link !== undefined && image.isValid)
		return { addresses: [image.link], sources: [], asked };
	return { addresses: [], sources: findFiles(fileToTake(image, itemIndex), place), asked };
}

function addressesIn({ url, urlLabel }: WantedFile, itemIndex: number): string[] {
	const given = toInputValue(url, { name: '', type: 'list', entryType: 'string' });
	const addresses = Array.isArray(given) ? given.map((one) => String(one).trim()) : [];
	if (addresses.length === 0 || addresses.includes('')) {
		throw new HiApiError(
			`'${urlLabel}' is empty in item ${itemIndex}`,
			'Enter an address, or an expression that gives one for every item, for example {{ $json.url }}. No task was created for this item.',
		);
	}
	const wrong = addresses.find((one) => !/^(https?:\/\/|data:|asset:)/i.test(one));
	if (wrong === undefined) return addresses;
	throw new HiApiError(
		`'${urlLabel}' is not an address in item ${itemIndex}`,
		"An address begins with https://. For the name of a binary field set 'Image From' to 'File'. No task was created for this item.",
	);
}

async function planned(source: FileSource, field: RoleField, ports: FilePorts): Promise<InputFile> {
	const sendAs = field.linksOnly || isLarge(source.data) ? 'link' : 'inline';
	const target = { field: field.name, sendAs, maximumBytes: MOST_INLINE_BYTES } as const;
	const file = planFile(target, source, await ports.readBeginning(source));
	if (sendAs === 'inline') return file;
	const isLocal = await ports.apiIsLocal();
	return { ...file, link: linkTo(ports, file.data, ports.clock.now(), isLocal, HOW_ELSE) };
}

const isLarge = ({ bytes, id, data }: IBinaryData): boolean =>
	(typeof bytes === 'number' ? bytes : id === undefined ? data.length * 0.75 : 0) >
	MOST_INLINE_BYTES;

/**
 * The input with its files.
 *
 * @throws HiApiError when a field that takes one file would get more
 */
export function withRoleFiles(
	input: IDataObject,
	{ values }: RoleFiles,
	model: string,
	itemIndex: number,
): IDataObject {
	const complete = { ...input };
	for (const [name, { field, values: all }] of values) {
		if (!field.isList && all.length > 1) {
			throw new HiApiError(
				`${model} takes one image, and item ${itemIndex} gives ${all.length}`,
				'Name one file or address, or select a model that takes several. No task was created for this item.',
			);
		}
		complete[name] = (field.isList ? all : all[0]) as IDataObject[string];
	}
	return complete;
}
