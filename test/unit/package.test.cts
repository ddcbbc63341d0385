import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

interface Manifest {
	name: string;
	license: string;
	files: string[];
	dependencies?: unknown;
	optionalDependencies?: unknown;
	bundledDependencies?: unknown;
	bundleDependencies?: unknown;
	overrides?: unknown;
	peerDependencies: Record<string, string>;
	devDependencies: Record<string, string>;
	scripts: Record<string, string>;
	n8n: { n8nNodesApiVersion: number; strict: boolean; nodes: string[]; credentials: string[] };
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

function filesUnder(folder: string, ending: string): string[] {
	return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith(ending))
		.map((name) => join(folder, name));
}

describe('package.json', () => {
	test('brings no dependencies along', () => {
		for (const field of [
			'dependencies',
			'optionalDependencies',
			'bundledDependencies',
			'bundleDependencies',
			'overrides',
		] as const) {
			expect(manifest[field]).toBeUndefined();
		}
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	test('pins what it is developed with', () => {
		for (const version of Object.values(manifest.devDependencies))
			expect(version).toMatch(/^\d+\.\d+\.\d+$/);
	});

	test('runs nothing on the machine that installs it', () => {
		for (const script of [
			'preinstall',
			'install',
			'postinstall',
			'prepare',
			'prepublish',
			'preprepare',
			'postprepare',
		]) {
			expect(manifest.scripts).not.toHaveProperty(script);
		}
	});

	test('publishes what was built, and nothing else', () => {
		expect(manifest.files).toEqual(['dist']);
		expect(manifest).toMatchObject({
			name: 'n8n-nodes-hiapi',
			license: 'MIT',
			n8n: { n8nNodesApiVersion: 1, strict: true },
		});
	});

	const built = (files: string[]) =>
		files.map((file) => `dist/${file.replace(/\.ts$/, '.js')}`).sort();

	test('registers every node and every credential', () => {
		expect([...manifest.n8n.nodes].sort()).toEqual(built(filesUnder('nodes', '.node.ts')));
		expect([...manifest.n8n.credentials].sort()).toEqual(
			built(filesUnder('credentials', '.credentials.ts')),
		);
	});

	test.each(filesUnder('nodes', '.node.ts'))(
		'%s has its codex file, of its name and version',
		(file) => {
			const codex = JSON.parse(
				readFileSync(join(ROOT, file.replace(/\.ts$/, '.json')), 'utf8'),
			) as { node: string; nodeVersion: string; codexVersion: string };
			expect(codex.node).toMatch(/^n8n-nodes-hiapi/);
			const version = /^\s*version: \[(\d+)\],$/m.exec(readFileSync(join(ROOT, file), 'utf8'))?.[1];
			expect(codex).toMatchObject({ codexVersion: '1.0', nodeVersion: `${version}.0` });
		},
	);
});
