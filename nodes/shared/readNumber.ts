import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { HiApiError } from './errors/apiError';

interface Range {
	least?: number;
	above?: number;
	most?: number;
}

/**
 * Reads a number that was entered under Options. Name, label and default are those of the parameter's field, so that each
 * stands in one place.
 *
 * @throws HiApiError when it is not a number in the range
 */
export function readNumber(field: INodeProperties, options: IDataObject, range: Range): number {
	const standard = field.default as number;
	const value = options[field.name] ?? standard;
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	const { least = -Infinity, above = -Infinity, most = Infinity } = range;
	if (
		typeof number === 'number' &&
		number >= least &&
		number > above &&
		number <= most &&
		Number.isFinite(number)
	)
		return number;
	const wanted = [
		range.least !== undefined && `at least ${range.least}`,
		range.above !== undefined && `greater than ${range.above}`,
		range.most !== undefined && `at most ${range.most}`,
	].filter(Boolean);
	throw new HiApiError(
		`'${field.displayName}' is not a number ${wanted.join(' and ')}`,
		`Correct it under Options, or remove the option to use ${standard}.`,
	);
}
