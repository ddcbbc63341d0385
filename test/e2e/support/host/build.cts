import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const PROJECT = join(__dirname, '..', '..', '..', '..');

/** When what is in `dist/` was built. Throws when it is missing or older than the sources: that would test yesterday's nodes. */
export function builtAt(): number {
	const built = join(PROJECT, 'dist', 'nodes', 'HiApi', 'HiApi.node.js');
	const sources = Math.max(newest(join(PROJECT, 'nodes')), newest(join(PROJECT, 'credentials')));
	if (!existsSync(built) || statSync(built).mtimeMs < sources) {
		throw new Error(
			'dist/ is missing or older than the sources: run `npm run build` first (`npm run test:e2e` does).',
		);
	}
	return newest(join(PROJECT, 'dist'));
}

function newest(folder: string): number {
	const times = readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs);
	return Math.max(0, ...times);
}
