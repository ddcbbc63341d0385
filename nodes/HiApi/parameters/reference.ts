import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { HiApiError } from '../../shared/errors/apiError';
import { trimmedOrUndefined } from '../../shared/values';
import { optionsOf } from './readers';

const LONGEST = 200;

export const referenceOption: INodeProperties = {
	displayName: 'Reference',
	name: 'reference',
	type: 'string',
	default: '',
	placeholder: 'e.g. row-42',
	description:
		'A short text of your own that comes out with the item, also with a failed one, for example a row ID. A HiAPI Trigger whose URL is the callback URL gets it too. HiAPI does not read it.',
};

const asText = (value: unknown) =>
	typeof value === 'number' ? String(value) : trimmedOrUndefined(value);

/**
 * An item's Reference; undefined when there is none.
 *
 * @throws HiApiError when it is no short text
 */
export function readReference(context: IExecuteFunctions, itemIndex: number): string | undefined {
	const given = optionsOf(context, itemIndex).reference;
	const reference = asText(given);
	const isEmpty = given === undefined || given === null || typeof given === 'string';
	const isUsable =
		reference === undefined
			? isEmpty
			: reference.length <= LONGEST && !/\p{Surrogate}/u.test(reference);
	if (isUsable) return reference;
	throw new HiApiError(
		`'Reference' is not a text of at most ${LONGEST} characters`,
		'Use a short text such as a row ID, or remove the option. No task was created for this item.',
	);
}

/** The JSON of an item with its Reference. In a failed one it is part of `details`: see toErrorItem. */
export function withReference(json: IDataObject, reference: string | undefined): IDataObject {
	if (reference === undefined) return json;
	return json.error === undefined
		? { ...json, reference }
		: { ...json, details: { ...(json.details as IDataObject | undefined), reference } };
}

/** An output item with its Reference. */
export function addReference(
	item: INodeExecutionData,
	reference: string | undefined,
): INodeExecutionData {
	return { ...item, json: withReference(item.json, reference) };
}

/** An item's Reference, also where that is not a usable one and the item says so. Never throws: an expression that cannot be resolved is what the item says, and tasks of other items may have been created. */
export function givenReference(context: IExecuteFunctions, itemIndex: number): string | undefined {
	try {
		return asText(optionsOf(context, itemIndex).reference)?.slice(0, LONGEST);
	} catch {
		return undefined;
	}
}
