import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../../scripts/docs/markdown.cts';
import { NODES } from '../../scripts/docs/panels.cts';
import { codexOf } from './words/descriptions.cts';

/* What would hurt users and neither n8n's lint nor its scanner sees. */

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
	name: string;
	n8n: { nodes: string[]; credentials: string[] };
};

test('every node and every credential is registered', () => {
	const built = ['nodes', 'credentials'].flatMap((folder) =>
		readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
			.filter((file) => /\.(node|credentials)\.ts$/.test(file))
			.map((file) => `dist/${folder}/${file.replace(/\.ts$/, '.js')}`),
	);
	expect([...manifest.n8n.nodes, ...manifest.n8n.credentials].sort()).toEqual(built.sort());
});

test('installing it brings nothing along', () => {
	const bringing = [
		'dependencies',
		'optionalDependencies',
		'bundledDependencies',
		'bundleDependencies',
	];
	expect(bringing.filter((field) => field in manifest)).toEqual([]);
});

test('the codex file of every node is for its name and version', () => {
	const codexes = NODES.map((node) => {
		const { node: name, nodeVersion, codexVersion } = codexOf(node);
		return { name, nodeVersion, codexVersion };
	});
	expect(codexes).toEqual(
		NODES.map(({ name, version }) => ({
			name: `${manifest.name}.${name}`,
			nodeVersion: `${[version].flat().at(-1)}.0`,
			codexVersion: '1.0',
		})),
	);
});
