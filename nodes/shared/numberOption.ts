import type { IDataObject } from 'n8n-workflow';

import { HiApiError } from './errors/apiError';

interface Range {
	least?: number;
	above?: number;
	most?: number;
}

/**
 * A number under Options.
 *
 * @throws HiApiError when it is not a number in the range
 */
export function numberOption(
	options: IDataObject,
	name: string,
	label: string,
	standard: number,
	range: Range,
): number {
	const value = options[name] ?? standard;
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
		`'${label}' is not a number ${wanted.join(' and ')}`,
		`Correct it under Options, or remove the option to use ${standard}.`,
	);
}
