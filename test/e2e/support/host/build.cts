import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const PROJECT = join(__dirname, '..', '..', '..', '..');

/** A checksum of what is in `dist/`. Throws when it is missing or older than the sources: that would test yesterday's nodes. */
export function buildOf(): string {
	const built = join(PROJECT, 'dist', 'nodes', 'HiApi', 'HiApi.node.js');
	const sources = Math.max(newest(join(PROJECT, 'nodes')), newest(join(PROJECT, 'credentials')));
	if (!existsSync(built) || statSync(built).mtimeMs < sources) {
		throw new Error(
			'dist/ is missing or older than the sources: run `npm run build` first (`npm run test:e2e` does).',
		);
	}
	const hash = createHash('sha256');
	for (const file of filesIn(join(PROJECT, 'dist')).sort())
		hash.update(file).update(readFileSync(file));
	return hash.digest('hex');
}

function newest(folder: string): number {
	return Math.max(0, ...filesIn(folder).map((file) => statSync(file).mtimeMs));
}

function filesIn(folder: string): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));
}
