import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { HiApiFailure } from '../../../shared/api/failure';
import { nonEmptyText } from '../../../shared/values';

/** The user's entries under Options, as n8n hands them over. */
export function optionsOf(context: IExecuteFunctions, itemIndex: number): IDataObject {
	return context.getNodeParameter('options', itemIndex, {});
}

/**
 * A text parameter, trimmed; numbers count as text, since an expression may well give a numeric id.
 *
 * @throws HiApiFailure when it is empty
 */
export function requiredText(context: IExecuteFunctions, name: string, label: string, itemIndex: number, advice: string): string {
	const value: unknown = context.getNodeParameter(name, itemIndex, '', { extractValue: true });
	const text = typeof value === 'number' ? String(value) : nonEmptyText(value);
	if (text === undefined) throw new HiApiFailure(`'${label}' is empty`, advice);
	return text;
}

/**
 * A number under Options.
 *
 * @throws HiApiFailure when it is not a number of at least `least`
 */
export function numberOption(options: IDataObject, name: string, label: string, standard: number, least: number): number {
	const value = options[name] ?? standard;
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof number !== 'number' || !Number.isFinite(number) || number < least) {
		throw new HiApiFailure(`'${label}' is not a number of at least ${least}`, `Enter ${standard}, which is the default, or another number under Options.`);
	}
	return number;
}

/** An object parameter such as Input: n8n hands over text, an object, or whatever an expression gave. */
export function rawParameter(context: IExecuteFunctions, name: string, itemIndex: number): unknown {
	return context.getNodeParameter(name, itemIndex, undefined) as unknown;
}
