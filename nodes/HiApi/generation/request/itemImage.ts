import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import { COMBINED_FILES } from '../../../shared/n8nCompat';
import { HiApiError } from '../../../shared/errors/apiError';
import { isRecord } from '../../../shared/values';
import { carriedTask } from '../items/carriedTask';

/** HiAPI may take its time before it fetches a link. In milliseconds. */
const LEAST_VALIDITY_MS = 3_600_000;

/** What an item has to offer where 'Image From' is 'Automatic'. */
export interface ItemImage {
	/** The link of an image that HiAPI made. */
	link?: string;
	/** Whether HiAPI can still fetch that link in an hour. */
	isValid: boolean;
	/** ISO 8601; undefined when HiAPI did not say. */
	expiresAt?: string;
	/** Names of the binary fields that hold an image. */
	names: string[];
}

function filesOf({ json, binary }: Pick<INodeExecutionData, 'json' | 'binary'>) {
	const combined = json[COMBINED_FILES];
	return Object.entries({ ...(isRecord(combined) ? combined : {}), ...binary }).filter(
		(entry): entry is [string, IBinaryData] => isRecord(entry[1]),
	);
}

/**
 * Looks for the image an item carries.
 *
 * @param nowMs milliseconds since 1970
 */
export function imageOfItem(
	item: Pick<INodeExecutionData, 'json' | 'binary'>,
	nowMs: number,
): ItemImage {
	const { taskId } = item.json;
	const task = typeof taskId === 'string' ? carriedTask(item.json, taskId) : undefined;
	const output = task?.outputs.find(({ type }) => type === 'image');
	const files = filesOf(item);
	const images = files.filter(([, { mimeType }]) => String(mimeType).startsWith('image/'));
	// what a file really is, its content tells later
	const likely = images.length > 0 ? images : files.filter(([name]) => name === 'data');
	const expiresAt = output?.expiresAt ?? undefined;
	return {
		...(output && { link: output.url }),
		isValid:
			output !== undefined &&
			(expiresAt === undefined || Date.parse(expiresAt) - nowMs >= LEAST_VALIDITY_MS),
		...(expiresAt !== undefined && { expiresAt }),
		names: likely.map(([name]) => name),
	};
}

/**
 * The name of the file to take, where there is no link to take.
 *
 * @throws HiApiError when there is none, or more than one and none of them is called data
 */
export function fileToTake({ link, expiresAt, names }: ItemImage, itemIndex: number): string {
	if (names.length === 1) return names[0];
	if (names.includes('data')) return 'data';
	if (names.length > 1) {
		throw new HiApiError(
			`Item ${itemIndex} has several images: ${names.slice(0, 5).join(', ')}`,
			"Set 'Image From' to 'File' and name the one that is meant. No task was created for this item.",
		);
	}
	if (link !== undefined) {
		throw new HiApiError(
			`The link of the image in item ${itemIndex} is valid until ${String(expiresAt)} only, and the item has no file`,
			"HiAPI has to be able to fetch it for another hour. Switch on 'Download Outputs' in the node that makes the image, or make it anew. No task was created for this item.",
		);
	}
	throw new HiApiError(
		`Item ${itemIndex} has no image`,
		"It has neither a result of HiAPI nor an image file. Set 'Image From' to 'URL' for an image with an address, for example {{ $json.photo }}, or to 'File' for a file of an earlier node. No task was created for this item.",
	);
}
