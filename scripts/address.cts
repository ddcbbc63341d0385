/*
 * `npm run address`: the project's address stands in package.json under `repository.url`. This brings every other mention of it
 * in step: homepage and bugs of package.json, the documentation links of credential and nodes, and links in texts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectFiles } from './address/projectFiles.cts';
import {
	identityProblems,
	repositoryPage,
	withAddress,
	type Identity,
} from './address/repositoryAddress.cts';

const PROJECT = join(__dirname, '..');
const read = (file: string) => readFileSync(join(PROJECT, file), 'utf8');
const identity = () => JSON.parse(read('package.json')) as Identity;

function main(): void {
	const { name, repository } = identity();
	const page = repositoryPage({ repository });
	for (const file of projectFiles(PROJECT)) {
		const before = read(file);
		const after = withAddress(file, before, page, name);
		if (after === before) continue;
		writeFileSync(join(PROJECT, file), after);
		console.log(`changed ${file}`);
	}
	const problems = identityProblems(identity(), read('LICENSE.md'));
	for (const problem of problems) console.log(`to do by hand: ${problem}`);
	if (problems.length === 0) console.log(`everything names ${page}`);
	else process.exitCode = 1;
}

try {
	main();
} catch (error) {
	console.error((error as Error).message);
	process.exitCode = 1;
}
