import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { COMBINED_FILES } from '../../shared/n8nCompat';

export const includeInputField: INodeProperties = {
	displayName: 'Include Input Fields',
	name: 'includeInputFields',
	type: 'boolean',
	default: false,
	description:
		"Whether to keep the fields of the incoming item beside the result, for example a row ID. Where both have a field of the same name, the result's counts.",
};

/**
 * The fields of an item that come out with its result; undefined when none are wanted. A field `error` gets another name:
 * n8n takes an item with one for failed and, with Retry On Fail, would run the node again.
 */
export function readInputFields(
	context: IExecuteFunctions,
	itemIndex: number,
): IDataObject | undefined {
	if (context.getNodeParameter('includeInputFields', itemIndex, false) !== true) return undefined;
	const { error, ...fields } = context.getInputData()[itemIndex].json;
	delete fields[COMBINED_FILES];
	return { ...fields, ...(error !== undefined && { inputError: error }) };
}

/** The fields that a failed item keeps. Never throws: an expression that cannot be resolved is what the item says. */
export function givenInputFields(
	context: IExecuteFunctions,
	itemIndex: number,
): IDataObject | undefined {
	try {
		return readInputFields(context, itemIndex);
	} catch {
		return undefined;
	}
}

/** The JSON of a failed item with the fields of the incoming one in its `details`; n8n allows no others. Any other JSON as it is. */
export function addInputToFailure(
	json: IDataObject,
	inputFields: IDataObject | undefined,
): IDataObject {
	if (inputFields === undefined || json.error === undefined) return json;
	return { ...json, details: { ...(json.details as IDataObject), input: inputFields } };
}
