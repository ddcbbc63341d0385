import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectFiles } from '../../../scripts/address/projectFiles.cts';
import {
	identityProblems,
	repositoryPage,
	withAddress,
	type Identity,
} from '../../../scripts/address/repositoryAddress.cts';
import { scriptsNamedIn } from '../../../scripts/checks/readmeCommands.cts';
import { ROOT } from './markdown.cts';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as Identity & {
	version: string;
	description: string;
	keywords: string[];
	scripts: Record<string, string>;
};

describe('where the package lives', () => {
	const page = repositoryPage(manifest);

	test('every file names the address of package.json', () => {
		const files = projectFiles(ROOT);
		expect(files).toEqual(
			expect.arrayContaining([
				'README.md',
				'credentials/HiApiApi.credentials.ts',
				'nodes/HiApi/HiApi.node.json',
				'.github/workflows/ci.yml',
			]),
		);
		const behind = files.filter(
			(file) => withAddress(file, read(file), page, manifest.name) !== read(file),
		);
		expect(
			behind.map(
				(file) =>
					`${file} names another address than repository.url of package.json: run npm run address`,
			),
		).toEqual([]);
	});

	test('author, licence, homepage and bugs fit together', () =>
		expect(identityProblems(manifest, read('LICENSE.md'))).toEqual([]));

	test('a new address replaces the old one wherever it stands, and no other project', () => {
		const moved = 'https://github.com/new.owner/n8n-nodes-hiapi';
		const change = (file: string, text: string) =>
			withAddress(file, text, moved, 'n8n-nodes-hiapi');
		expect(
			change(
				'package.json',
				'"git+https://github.com/a/b.git" "https://github.com/a/b/issues" "https://github.com/a/b#readme"',
			),
		).toBe(`"git+${moved}.git" "${moved}/issues" "${moved}#readme"`);
		expect(change('nodes/X/X.node.json', 'https://github.com/a/old-name#trigger')).toBe(
			`${moved}#trigger`,
		);
		expect(
			change(
				'README.md',
				'See https://github.com/a/n8n-nodes-hiapi/blob/main/x.md, https://github.com/a/b.c. End.',
			),
		).toBe(`See ${moved}/blob/main/x.md, https://github.com/a/b.c. End.`);
		expect(change('nodes/X/X.node.json', moved)).toBe(moved);
		expect(() => repositoryPage({ repository: { url: 'git+https://gitlab.com/a/b.git' } })).toThrow(
			'GitHub only',
		);
	});

	test('what does not fit is named', () => {
		const wrong = {
			...manifest,
			homepage: 'https://x.example',
			bugs: { url: `${page}/bugs` },
			author: { name: 'Someone (else)', email: 'nobody' },
		};
		expect(identityProblems(wrong, read('LICENSE.md'))).toEqual([
			expect.stringContaining('homepage'),
			expect.stringContaining('bugs.url'),
			expect.stringContaining('author.email'),
			expect.stringContaining('LICENSE.md'),
		]);
		expect(
			identityProblems(
				{ ...manifest, author: { ...manifest.author, name: 'Someone (else)' } },
				'Copyright (c) 2026 Someone (else)\n',
			),
		).toEqual([]);
	});
});

test('the changelog begins with the version of package.json', () => {
	expect(/^## (\S+) \((?:unreleased|\d{4}-\d\d-\d\d)\)$/m.exec(read('CHANGELOG.md'))?.[1]).toBe(
		manifest.version,
	);
});

test('the package can be found on npm by what it does', () => {
	expect(manifest.keywords).toEqual(
		expect.arrayContaining([
			'n8n-community-node-package',
			'n8n',
			'hiapi',
			'text-to-image',
			'text-to-video',
			'webhook',
		]),
	);
	expect(manifest.keywords.every((word) => /^[a-z0-9-]+$/.test(word))).toBe(true);
	expect(manifest.description).toMatch(/n8n.*HiAPI/);
});

describe('workflows', () => {
	const workflows = readdirSync(join(ROOT, '.github/workflows')).map((name): [string, string] => [
		name,
		read(`.github/workflows/${name}`),
	]);

	test.each(workflows)('%s: may only do what it says, and runs commands that exist', (_, text) => {
		expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
		const commands = [...text.matchAll(/run: (.+)$/gm)]
			.map(([, command]) => `\`${command}\``)
			.join('\n');
		expect(scriptsNamedIn(commands).filter((name) => !(name in manifest.scripts))).toEqual([]);
	});

	test('CI runs everything on Node 22 and 24', () => {
		const [, ci] = workflows.find(([name]) => name === 'ci.yml') as [string, string];
		expect(ci).toMatch(/node: \[22, 24\]/);
		expect(ci).toContain('run: bash .ci/run');
		expect(read('.ci/run')).toMatch(/npm ci .*\nnpm test\nnpm run check:package/);
	});

	// What n8n asks of verified packages: published by GitHub Actions with provenance, from a tested state.
	test('publishing makes provenance, after the same checks', () => {
		const [, publish] = workflows.find(([name]) => name === 'publish.yml') as [string, string];
		expect(publish).toMatch(/^ {2}id-token: write$/m);
		expect(publish).toMatch(/node-version: 24/);
		expect(publish.indexOf('bash .ci/run')).toBeLessThan(publish.indexOf('npm run release'));
		expect(manifest.scripts.release).toBe('n8n-node release');
	});

	test('the live catalogue and contract are looked at every week', () => {
		const [, weekly] = workflows.find(([name]) => name === 'catalogue.yml') as [string, string];
		expect(weekly).toMatch(/cron: '\d+ \d+ \* \* \d'/);
		expect(weekly).toContain('run: npm run snapshot');
		expect(weekly).toContain('run: npm run contract');
	});
});
