import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import type { Mutant } from '../../test/mutants/index.cts';

/** What is wrong with mutants that can no longer be made, or would not be what they say. */
export function misfits(mutants: Mutant[], project: string): string[] {
	return mutants.flatMap((mutant) => {
		const reason = whyOutdated(mutant, project);
		if (reason !== undefined) return [reason];
		const { name, file, replace, by } = mutant;
		const source = readFileSync(join(project, file), 'utf8');
		return isProgram(source.replace(replace, () => by)) ? [] : [`"${name}" does not compile`];
	});
}

/** Why a mutant can no longer be made from the sources, or noticed; undefined when it can. */
export function whyOutdated(
	{ name, file, replace, tests }: Mutant,
	project: string,
): string | undefined {
	const path = join(project, file);
	if (!existsSync(path)) return `"${name}" no longer applies: there is no ${file}`;
	const times = readFileSync(path, 'utf8').split(replace).length - 1;
	if (times !== 1)
		return `"${name}" no longer applies: its text stands ${times} times in ${file}: ${replace}`;
	return hasTests(tests, project)
		? undefined
		: `"${name}" cannot be noticed: no file of test/${tests.project} is called ${tests.path}`;
}

/** As Jest finds them: part of a path, in whatever case. */
function hasTests({ project: kind, path }: Mutant['tests'], project: string): boolean {
	const files = readdirSync(join(project, 'test', kind), { recursive: true, encoding: 'utf8' });
	const pattern = new RegExp(path, 'i');
	return files.some(
		(file) => file.endsWith('.test.cts') && pattern.test(join(project, 'test', kind, file)),
	);
}

function isProgram(source: string): boolean {
	const { diagnostics } = ts.transpileModule(source, { reportDiagnostics: true });
	return diagnostics?.length === 0;
}
