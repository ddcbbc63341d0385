import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['nodes', 'credentials', 'docs', 'examples', 'simulator', 'benchmarks', '.github'];
const FILES = ['package.json', 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE.md'];
const TEXT = /\.(ts|cts|md|json|yml)$/;

/** Texts of the project that may hold its address, as paths from its folder. */
export function projectFiles(project: string): string[] {
	const inside = FOLDERS.flatMap((folder) =>
		readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
			join(folder, name),
		),
	);
	return [...FILES, ...inside].filter(
		(file) => TEXT.test(file) && statSync(join(project, file)).isFile(),
	);
}
