import type { DeclaredTest, Level } from './declaredTests.cts';
import type { GuardingTest } from './guardList.cts';
import { UNKNOWN } from './rowTitle.cts';

/**
 * Why nothing would fail any more for this test of the list; `undefined` when all is well.
 *
 * @param declared the tests its file declares
 */
export function lostTest(test: GuardingTest, declared: DeclaredTest[]): string | undefined {
	const found = declared.filter(({ levels }) => isNamed(test.levels, levels));
	if (found.length === 0) return 'there is no such test';
	if (found.some(({ skipped }) => skipped)) return 'it is skipped';
	if (test.rows > 1 && found.some(({ countable }) => !countable))
		return 'its rows cannot be counted from the file: leave the number out';
	return found.length < test.rows
		? `it has ${found.length} rows instead of ${test.rows}`
		: undefined;
}

/** Whether a test of the list is this one: each level by its title, or as it stands in the file. */
export function isNamed(named: string[], levels: Level[]): boolean {
	return (
		named.length === levels.length &&
		levels.every(({ template, title }, index) => {
			const name = named[index];
			return name === template || name === title || fitsInPart(name, title);
		})
	);
}

/** Whether a title that is known in part may be this one. A title without any known text may not. */
function fitsInPart(name: string, title: string): boolean {
	const parts = title.split(UNKNOWN);
	if (parts.length === 1 || parts.every((part) => part.trim() === '')) return false;
	const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+');
	return new RegExp(`^${pattern}$`, 's').test(name);
}
