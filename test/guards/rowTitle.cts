/** Stands for a text or value that only a run of the tests can tell. A character no title has. */
export const UNKNOWN = '\uFFFF';

/**
 * The title of one row of a `test.each` table, as jest makes it of `%s`, `%j`, `$name` and the like; `UNKNOWN` in the
 * place of a value that is not known or whose form is jest's own affair.
 *
 * @param template the title with its placeholders
 * @param row the row, or `UNKNOWN`
 * @param index the row's position, from 0
 */
export function fillIn(template: string, row: unknown, index: number): string {
	const values = Array.isArray(row) ? [...(row as unknown[])] : [row];
	return template.replace(/%([sdifjopc#%])|\$(\w+)/g, (_all, kind?: string, name = '') => {
		if (kind === '%') return '%';
		if (row === UNKNOWN) return UNKNOWN;
		if (kind === undefined) return isRecord(row) ? plain(row[name as string]) : UNKNOWN;
		if (kind === '#') return String(index);
		const value = values.shift();
		if (kind === 'j' && (typeof value !== 'object' || value === null))
			return value === UNKNOWN ? UNKNOWN : String(JSON.stringify(value));
		return kind === 'p' && typeof value === 'string' && value !== UNKNOWN
			? JSON.stringify(value)
			: plain(value);
	});
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function plain(value: unknown): string {
	return typeof value === 'object' && value !== null ? UNKNOWN : String(value);
}
