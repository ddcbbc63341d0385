import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { misfits } from '../../../scripts/mutants/misfits.cts';

let folder: string;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'mutants-test-'));
	writeFileSync(join(folder, 'source.ts'), 'const a = 1;\nconst b = a + a;\n');
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
