import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { misfits } from '../../../scripts/mutants/misfits.cts';

let folder: string;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'mutants-test-'));
	writeFileSync(join(folder, 'source.ts'), 'const a = 1;\nconst b = a + a;\n');
	mkdirSync(join(folder, 'test', 'unit', 'adding'), { recursive: true });
	writeFileSync(join(folder, 'test', 'unit', 'adding', 'a.test.cts'), '');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
	['source.ts', 'a = 1', 'a = 2', []],
	[
		'source.ts',
		'a = 3',
		'',
		['"m" no longer applies: its text stands 0 times in source.ts: a = 3'],
	],
	['source.ts', 'a', '', ['"m" no longer applies: its text stands 3 times in source.ts: a']],
	['source.ts', 'a = 1;', 'a = (;', ['"m" does not compile']],
	['moved.ts', 'a', '', ['"m" no longer applies: there is no moved.ts']],
])('a mutant of %s that puts "%s" to "%s"', (file, replace, by, expected) => {
	const mutant = { name: 'm', file, replace, by, tests: { project: 'unit', path: '' } as const };
	expect(misfits([mutant], folder)).toEqual(expected);
});

test.each([
	['adding/a', []],
	['nothing|ADDING', []],
	['adding/b', ['"m" cannot be noticed: no file of test/unit is called adding/b']],
])('a mutant that tests called %s are to notice', (path, expected) => {
	const tests = { project: 'unit', path } as const;
	const mutant = { name: 'm', file: 'source.ts', replace: 'a = 1', by: 'a = 2', tests };
	expect(misfits([mutant], folder)).toEqual(expected);
});
