import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { readGuards, showTest } from '../test/guards/guardList.cts';
import { proofOf, ranTests, type Proof } from '../test/guards/provenTests.cts';

// npm run check:guards [-- FILE...]
//
// Compares test/guards/guards.json with what jest wrote with --json --outputFile: has every guarding test passed? Without
// files: what the last `npm test` wrote. Ends with code 1 when a guarding test has failed or did not run.

const RESULTS = resolve(__dirname, '..', 'test-output', 'stages');

const WORDS: Record<Exclude<Proof, 'passed'>, string> = {
	failed: 'Failed',
	missing: 'Did not run',
	leftOut: 'Left out on this machine',
};

function resultFiles(given: string[]): string[] {
	if (given.length > 0) return given;
	const names = existsSync(RESULTS) ? readdirSync(RESULTS) : [];
	const files = names.filter((name) => name.endsWith('.json')).map((name) => join(RESULTS, name));
	if (files.length > 0) return files;
	throw new Error(`There are no results in ${RESULTS}. Run npm test first, or name the files.`);
}

function main(): void {
	const ran = resultFiles(process.argv.slice(2)).flatMap((file) =>
		ranTests(readFileSync(file, 'utf8')),
	);
	const guards = readGuards();
	const counts: Record<Proof, number> = { passed: 0, failed: 0, missing: 0, leftOut: 0 };
	for (const { guarded, tests } of guards) {
		for (const test of tests) {
			const proof = proofOf(test, ran);
			counts[proof] += 1;
			if (proof !== 'passed')
				console.log(`${WORDS[proof]}: ${showTest(test)}\n  guards: ${guarded}`);
		}
	}
	console.log(
		`${guards.length} guarded facts; of their tests ${counts.passed} passed, ${counts.failed} failed, ${counts.missing} did not run, ${counts.leftOut} were left out on this machine`,
	);
	if (counts.failed + counts.missing > 0) process.exitCode = 1;
}

try {
	main();
} catch (error) {
	console.error((error as Error).message);
	process.exitCode = 1;
}
