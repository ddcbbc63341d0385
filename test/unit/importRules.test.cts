import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { ROOT } from '../../scripts/docs/markdown.cts';

const CONFIGURATION = join(ROOT, '.dependency-cruiser.cjs');
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

/** A project in which every rule of `.dependency-cruiser.cjs` is broken once: what each file imports. */
const BROKEN: Record<string, string[]> = {
	'nodes/One/One.node.ts': [
		'n8n-workflow',
		'node:crypto',
		'node:fs',
		'../Two/part',
		'./a',
		'../HiApi/models/list',
	],
	'nodes/One/a.ts': ['./b', './left/out', './right/out'],
	'nodes/One/b.ts': ['./a'],
	'nodes/One/left/out.ts': ['../right/in'],
	'nodes/One/left/in.ts': [],
	'nodes/One/right/out.ts': ['../left/in'],
	'nodes/One/right/in.ts': [],
	'nodes/One/forgotten.ts': [],
	'nodes/Two/part.ts': ['../shared/values', '../shared/waiting/wait', '../shared/errors/words'],
	'nodes/shared/values.ts': ['n8n-workflow', '../Two/text', './downloads/file'],
	'nodes/shared/waiting/wait.ts': ['../downloads/file'],
	'nodes/shared/downloads/file.ts': [],
	'nodes/shared/errors/words.ts': ['../downloads/file'],
	'nodes/Two/text.ts': [],
	'nodes/HiApi/actions/pick.ts': [],
	'nodes/HiApi/n8n/wrap.ts': [],
	'nodes/HiApi/generation/make.ts': ['../actions/pick', '../n8n/wrap'],
	'nodes/HiApi/parameters/read.ts': ['../generation/make', '../n8n/wrap'],
	'nodes/HiApi/models/list.ts': ['../parameters/read'],
	'scripts/tool.cts': ['./tool/help.cts', '../test/lab.cts'],
	'scripts/tool/help.cts': ['./more.cts'],
	'scripts/tool/more.cts': ['./help.cts'],
	'scripts/tool/forgotten.cts': [],
	'test/lab.cts': [],
	'node_modules/n8n-workflow/index.js': [],
};

const VIOLATIONS = [
	'errors-know-no-room: nodes/shared/errors/words.ts',
	'no-file-circles: nodes/One/a.ts',
	'no-file-circles-at-run-time: scripts/tool/help.cts',
	'no-folder-circles: nodes/One/left',
	'no-folder-circles: nodes/One/right',
	'no-folder-circles: nodes/Two',
	'no-folder-circles: nodes/shared',
	'nodes-know-no-neighbours: nodes/One/One.node.ts',
	'nothing-else-is-unused: scripts/tool/forgotten.cts',
	'nothing-shipped-is-unused: nodes/One/forgotten.ts',
	'package-imports: nodes/One/One.node.ts',
	'rooms-of-the-action-node-point-down: nodes/HiApi/generation/make.ts',
	'n8n-enters-at-the-edge: nodes/HiApi/generation/make.ts',
	'parameters-know-no-adapter: nodes/HiApi/parameters/read.ts',
	'parameters-know-no-pipeline: nodes/HiApi/parameters/read.ts',
	'models-know-no-parameters: nodes/HiApi/models/list.ts',
	'shared-files-know-api-and-errors-only: nodes/shared/values.ts',
	'shared-is-free-of-n8n: nodes/shared/values.ts',
	'shared-knows-no-node: nodes/shared/values.ts',
	'shared-rooms-know-api-and-errors-only: nodes/shared/errors/words.ts',
	'shared-rooms-know-api-and-errors-only: nodes/shared/waiting/wait.ts',
	'tools-know-no-tests: scripts/tool.cts',
];

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'import-rules-'));
	for (const [file, imports] of Object.entries({ ...BROKEN, 'tsconfig.test.json': [] })) {
		mkdirSync(dirname(join(folder, file)), { recursive: true });
		const lines = imports.map((name, index) => `import { x as x${index} } from '${name}';`);
		writeFileSync(
			join(folder, file),
			file.endsWith('.json') ? '{}' : [...lines, 'export const x = 1;', ''].join('\n'),
		);
	}
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Report {
	summary: { violations: Array<{ from: string; rule: { name: string } }> };
}

test('every rule about imports finds what breaks it, and the rules find nothing else', async () => {
	const args = [
		CRUISER,
		'--config',
		CONFIGURATION,
		'--output-type',
		'json',
		'nodes',
		'scripts',
		'test',
	];
	const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
	const { violations } = (JSON.parse(stdout) as Report).summary;
	const found = violations.map(({ from, rule }) => `${rule.name}: ${from}`);
	expect(new Set(found)).toEqual(new Set(VIOLATIONS));
	const { forbidden } = jest.requireActual<{ forbidden: Array<{ name: string }> }>(CONFIGURATION);
	const broken = VIOLATIONS.map((one) => one.split(':')[0]);
	expect(forbidden.map(({ name }) => name).filter((name) => !broken.includes(name))).toEqual([]);
});
