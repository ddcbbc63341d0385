import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve, dirname } from 'node:path';

import ts from 'typescript';

const ROOT = resolve(__dirname, '../..');
const ALLOWED_PACKAGES = new Set(['n8n-workflow', 'node:crypto']);

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

const sources = [...filesUnder('nodes', '.ts'), ...filesUnder('credentials', '.ts')];

/** Everything a file loads, in whatever way: import, export from, import(), require(), import type, import x = require(). */
function loadedBy(file: string): string[] {
	const loaded: string[] = [];
	const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true);
	const text = (node: ts.Node | undefined) => (node !== undefined && ts.isStringLiteralLike(node) ? node.text : `not a plain text: ${node?.getText() ?? 'nothing'}`);
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node)) loaded.push(text(node.moduleSpecifier));
		if (ts.isExportDeclaration(node) && node.moduleSpecifier) loaded.push(text(node.moduleSpecifier));
		if (ts.isExternalModuleReference(node)) loaded.push(text(node.expression));
		if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) loaded.push(text(node.argument.literal));
		if (ts.isCallExpression(node)) {
			const called = node.expression.getText();
			if (node.expression.kind === ts.SyntaxKind.ImportKeyword || called === 'require') loaded.push(text(node.arguments[0]));
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return loaded;
}

/** The file behind a relative import, as the compiler finds it. */
function targetOf(file: string, imported: string): string | undefined {
	const path = resolve(ROOT, dirname(file), imported);
	return [`${path}.ts`, join(path, 'index.ts'), path].find((candidate) => existsSync(candidate));
}

describe('what the nodes and the credential load', () => {
	test('there is something to look at', () => {
		expect(sources.length).toBeGreaterThan(20);
		expect(loadedBy('credentials/HiApiApi.credentials.ts')).toContain('n8n-workflow');
	});

	test.each(sources)('%s: files of this package, n8n-workflow and node:crypto only', (file) => {
		for (const imported of loadedBy(file)) {
			if (!imported.startsWith('.')) {
				expect(ALLOWED_PACKAGES).toContain(imported);
				continue;
			}
			const target = targetOf(file, imported);
			expect(target).toBeDefined();
			expect(target).toMatch(new RegExp(`^${ROOT}/(nodes|credentials)/`));
		}
	});

	test.each(sources.filter((file) => file.startsWith(join('nodes', 'shared'))))('%s: nothing of a node', (file) => {
		for (const imported of loadedBy(file).filter((name) => name.startsWith('.'))) {
			expect(targetOf(file, imported)).toMatch(new RegExp(`^${ROOT}/nodes/shared/`));
		}
	});

	// Compiled, these load nothing of n8n: they hold the rules, and tests run them on a clock of their own.
	const pure = ['baseUrl', 'envelope', 'failure', 'failureWording', 'idempotency', 'purchaseMemory', 'requestPacer', 'retryPolicy', 'serverText', 'task', 'taskList', 'taskRequest'];

	test.each(pure)('shared/api/%s.ts is free of n8n, of the clock and of chance', (name) => {
		const text = readFileSync(join(ROOT, `nodes/shared/api/${name}.ts`), 'utf8');
		const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
		expect(outputText).not.toMatch(/require\("n8n-workflow"\)/);
		expect(outputText).not.toMatch(/Date\.now|new Date\(\)|Math\.random|setTimeout|performance/);
	});
});

describe('package.json', () => {
	test('brings no dependencies along', () => {
		for (const field of ['dependencies', 'optionalDependencies', 'bundledDependencies', 'bundleDependencies', 'overrides'] as const) {
			expect(manifest[field]).toBeUndefined();
		}
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	test('pins what it is developed with', () => {
		for (const version of Object.values(manifest.devDependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
	});

	test('runs nothing on the machine that installs it', () => {
		for (const script of ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish', 'preprepare', 'postprepare']) {
			expect(manifest.scripts).not.toHaveProperty(script);
		}
	});

	test('publishes what was built, and nothing else', () => {
		expect(manifest.files).toEqual(['dist']);
		expect(manifest).toMatchObject({ name: 'n8n-nodes-hiapi', license: 'MIT', n8n: { n8nNodesApiVersion: 1, strict: true } });
	});

	const built = (files: string[]) => files.map((file) => `dist/${file.replace(/\.ts$/, '.js')}`).sort();

	test('registers every node and every credential', () => {
		expect([...manifest.n8n.nodes].sort()).toEqual(built(filesUnder('nodes', '.node.ts')));
		expect([...manifest.n8n.credentials].sort()).toEqual(built(filesUnder('credentials', '.credentials.ts')));
	});

	test.each(filesUnder('nodes', '.node.ts'))('%s has its codex file, of its name and version', (file) => {
		const codex = JSON.parse(readFileSync(join(ROOT, file.replace(/\.ts$/, '.json')), 'utf8')) as { node: string; nodeVersion: string; codexVersion: string };
		expect(codex.node).toMatch(/^n8n-nodes-hiapi/);
		const version = /^\s*version: \[(\d+)\],$/m.exec(readFileSync(join(ROOT, file), 'utf8'))?.[1];
		expect(codex).toMatchObject({ codexVersion: '1.0', nodeVersion: `${version}.0` });
	});
});
