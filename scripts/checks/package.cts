/* `npm run check:package`: is what would be published what n8n takes? Needs a finished build. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { packPackage } from '../n8n/communityPackage.cts';
import { npm, run } from '../n8n/npm.cts';
import { scanProblems } from './scan.cts';
import { type Entries, tarballProblems } from './tarballFiles.cts';

const PROJECT = join(__dirname, '..', '..');

async function main(): Promise<void> {
	const { n8n } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
		n8n: Entries;
	};
	const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-hiapi-check-'));
	const problems: string[] = [];
	try {
		const tarball = await packPackage(PROJECT, folder);
		const listed = (await run('tar', ['-tzf', tarball], folder)).trim().split('\n');
		const files = listed.map((file) => file.replace(/^package\//, ''));
		report('files of the tarball', tarballProblems(files, n8n), problems);

		await run('tar', ['-xzf', tarball, '-C', folder], folder);
		report(
			"n8n's scan, source and tarball",
			await scanProblems(PROJECT, join(folder, 'package')),
			problems,
		);

		report('npm audit of what is installed with the package', await auditProblems(), problems);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	if (problems.length > 0) process.exitCode = 1;
}

/** Known vulnerabilities among what the package brings along. */
async function auditProblems(): Promise<string[]> {
	try {
		await npm({ args: ['audit', '--omit=dev'], folder: PROJECT });
		return [];
	} catch (error) {
		return [(error as Error).message];
	}
}

function report(what: string, found: string[], all: string[]): void {
	console.log(`${found.length === 0 ? 'ok    ' : 'FAILED'} ${what}`);
	for (const problem of found) console.log(`       ${problem}`);
	all.push(...found);
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
