import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import ts from 'typescript';

const ROOT = resolve(__dirname, '../..');
const ALLOWED_PACKAGES = new Set(['n8n-workflow', 'node:crypto']);

const sources = ['nodes', 'credentials'].flatMap((folder) =>
	readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => join(folder, name)),
);

/** Everything a file loads, in whatever way: import, export from, import(), require(), import type, import x = require(). */
function loadedBy(file: string): string[] {
	const loaded: string[] = [];
	const source = ts.createSourceFile(
		file,
		readFileSync(join(ROOT, file), 'utf8'),
		ts.ScriptTarget.Latest,
		true,
	);
	const text = (node: ts.Node | undefined) =>
		node !== undefined && ts.isStringLiteralLike(node)
			? node.text
			: `not a plain text: ${node?.getText() ?? 'nothing'}`;
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node)) loaded.push(text(node.moduleSpecifier));
		if (ts.isExportDeclaration(node) && node.moduleSpecifier)
			loaded.push(text(node.moduleSpecifier));
		if (ts.isExternalModuleReference(node)) loaded.push(text(node.expression));
		if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
			loaded.push(text(node.argument.literal));
		if (ts.isCallExpression(node)) {
			const called = node.expression.getText();
			if (node.expression.kind === ts.SyntaxKind.ImportKeyword || called === 'require')
				loaded.push(text(node.arguments[0]));
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return loaded;
}

/** The file behind a relative import, as the compiler finds it; from the root of the package. */
function targetOf(file: string, imported: string): string | undefined {
	const path = resolve(ROOT, dirname(file), imported);
	const found = [`${path}.ts`, join(path, 'index.ts'), path].find((candidate) =>
		existsSync(candidate),
	);
	return found && relative(ROOT, found);
}

const filesLoadedBy = (file: string) =>
	loadedBy(file)
		.filter((name) => name.startsWith('.'))
		.map((name) => targetOf(file, name) ?? name);

/** `nodes/HiApi`, `nodes/shared/api`, `nodes/shared` for the files that stand in it, `credentials`. */
function roomOf(file: string): string {
	const folders = dirname(file).split('/');
	return folders.slice(0, folders[1] === 'shared' ? 3 : 2).join('/');
}

/**
 * Nodes and the credential stand on `shared`, the parts of `shared` on its `api`; nothing knows its neighbours, but that what both
 * triggers ask the user is read into what `webhook` selects tasks by.
 */
function mayLoad(file: string, target: string): boolean {
	const [from, to] = [roomOf(file), roomOf(target)];
	if (from === to) return true;
	if (!from.startsWith('nodes/shared')) return to.startsWith('nodes/shared');
	if (from === 'nodes/shared/triggers' && to === 'nodes/shared/webhook') return true;
	return to === 'nodes/shared' || to === 'nodes/shared/api';
}

describe('what the nodes and the credential load', () => {
	test('there is something to look at', () => {
		expect(sources.length).toBeGreaterThan(20);
		expect(loadedBy('credentials/HiApiApi.credentials.ts')).toContain('n8n-workflow');
		expect(filesLoadedBy('nodes/HiApiTrigger/HiApiTrigger.node.ts')).toContain(
			'nodes/HiApiTrigger/receive.ts',
		);
	});

	test.each(sources)(
		'%s: n8n-workflow and node:crypto, and of this package what its room may know',
		(file) => {
			for (const imported of loadedBy(file).filter((name) => !name.startsWith('.')))
				expect(ALLOWED_PACKAGES).toContain(imported);
			expect(
				filesLoadedBy(file).filter(
					(target) => !existsSync(join(ROOT, target)) || !mayLoad(file, target),
				),
			).toEqual([]);
		},
	);

	test.each([
		[
			'a node another node',
			'nodes/HiApi/suspended/receiveResume.ts',
			'nodes/HiApiTrigger/receive.ts',
		],
		['a node the credential', 'nodes/HiApi/HiApi.node.ts', 'credentials/HiApiApi.credentials.ts'],
		['what is shared a node', 'nodes/shared/values.ts', 'nodes/HiApi/toolDescription.ts'],
		[
			'a part of it another part',
			'nodes/shared/waiting/taskSet.ts',
			'nodes/shared/webhook/delivery.ts',
		],
		[
			'the API a part that stands on it',
			'nodes/shared/api/tasks.ts',
			'nodes/shared/outputs/storageApi.ts',
		],
		['anything a file that is not shipped', 'nodes/shared/values.ts', 'simulator/index.cts'],
	])('%s may not', (_name, file, target) => {
		expect(mayLoad(file, target)).toBe(false);
	});

	// n8n stores static data as one object per workflow, as it was when a run began: what another node writes puts back the
	// place of every polling trigger in it.
	test('only the polling trigger keeps anything in static data', () => {
		const users = sources.filter((file) =>
			readFileSync(join(ROOT, file), 'utf8').includes('getWorkflowStaticData'),
		);
		expect(users).toEqual(['nodes/HiApiPollingTrigger/poll.ts']);
	});

	test('nothing loads itself over other files', () => {
		const ways: string[] = [];
		const done = new Set<string>();
		const follow = (file: string, way: string[]): void => {
			if (way.includes(file)) ways.push([...way.slice(way.indexOf(file)), file].join(' → '));
			if (done.has(file)) return;
			done.add(file);
			if (file.endsWith('.ts'))
				filesLoadedBy(file).forEach((target) => follow(target, [...way, file]));
		};
		sources.forEach((file) => follow(file, []));
		expect(done.size).toBeGreaterThanOrEqual(sources.length);
		expect(ways).toEqual([]);
	});
});

// What ties the rest to the world. All other shared files hold rules: tests run them on a clock of their own.
const TIED = [
	'timing.ts',
	'api/errors.ts',
	'models/catalogAccess.ts',
	'models/fetchCatalog.ts',
	'webhook/verify.ts',
].map((name) => join('nodes/shared', name));

/** Compiled, so that types do not count. */
function isTied(file: string): boolean {
	const compilerOptions = {
		module: ts.ModuleKind.CommonJS,
		target: ts.ScriptTarget.ES2022,
		removeComments: true,
	};
	const { outputText } = ts.transpileModule(readFileSync(join(ROOT, file), 'utf8'), {
		compilerOptions,
	});
	return /require\("n8n-workflow"\)|Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|performance|\.timeout\(|systemTiming|randomBytes|randomUUID/.test(
		outputText,
	);
}

test.each(sources.filter((file) => roomOf(file).startsWith('nodes/shared')))(
	'%s is free of n8n, of the clock and of chance, unless that is its job',
	(file) => {
		expect(isTied(file)).toBe(TIED.includes(file));
	},
);
