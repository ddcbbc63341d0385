import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import type { Mutant } from '../../test/mutants/index.cts';

/** What is wrong with mutants that can no longer be made, or would not be what they say. */
export function misfits(mutants: Mutant[], project: string): string[] {
	return mutants.flatMap(({ name, file, replace, by }) => {
		const path = join(project, file);
		if (!existsSync(path)) return [`"${name}" no longer applies: there is no ${file}`];
		const source = readFileSync(path, 'utf8');
		const times = source.split(replace).length - 1;
		if (times !== 1)
			return [`"${name}" no longer applies: its text stands ${times} times in ${file}: ${replace}`];
		return isProgram(source.replace(replace, () => by)) ? [] : [`"${name}" does not compile`];
	});
}

function isProgram(source: string): boolean {
	const { diagnostics } = ts.transpileModule(source, { reportDiagnostics: true });
	return diagnostics?.length === 0;
}
