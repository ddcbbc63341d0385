import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { HiApiError } from '../../shared/errors/apiError';
import { trimmedOrUndefined } from '../../shared/values';

/** The user's entries under Options, as n8n hands them over. */
export function optionsOf(context: IExecuteFunctions, itemIndex: number): IDataObject {
	return context.getNodeParameter('options', itemIndex, {});
}

/**
 * A text parameter, trimmed; numbers count as text, since an expression may well give a numeric id.
 *
 * @throws HiApiError when it is empty
 */
export function requiredText(
	context: IExecuteFunctions,
	name: string,
	label: string,
	itemIndex: number,
	advice: string,
): string {
	const value: unknown = context.getNodeParameter(name, itemIndex, '', { extractValue: true });
	const text = typeof value === 'number' ? String(value) : trimmedOrUndefined(value);
	if (text === undefined) throw new HiApiError(`'${label}' is empty`, advice);
	return text;
}

/** An object parameter such as Input: n8n hands over text, an object, or whatever an expression gave. */
export function rawParameter(context: IExecuteFunctions, name: string, itemIndex: number): unknown {
	return context.getNodeParameter(name, itemIndex, undefined) as unknown;
}
