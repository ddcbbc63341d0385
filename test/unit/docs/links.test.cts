import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { HiApiApi } from '../../../credentials/HiApiApi.credentials';
import { filesLinkedIn, scriptsNamedIn } from '../../../scripts/checks/readmeCommands.cts';
import { DOCUMENTS, readDocument, readMarkdown, ROOT, type Document } from './markdown.cts';
import { NODES } from './panel.cts';

const OTHERS = ['CONTRIBUTING.md', 'CHANGELOG.md', 'simulator/README.md', 'benchmarks/README.md'];
const ALL = [...DOCUMENTS, ...OTHERS];

const { scripts, homepage } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
	scripts: Record<string, string>;
	homepage: string;
};

/** Links into the project that lead nowhere. npm and GitHub both resolve relative ones against the repository. */
function brokenLinks(document: Document): string[] {
	return document.links.flatMap(({ line, text }) => {
		if (/^[a-z]+:/i.test(text)) return [];
		const [path, anchor] = text.split('#');
		const target =
			path === '' ? document.file : relative(ROOT, join(ROOT, dirname(document.file), path));
		if (path !== '' && (target.startsWith('..') || !existsSync(join(ROOT, target))))
			return [`${document.file}:${line}: ${text} leads to ${target}, which does not exist`];
		if (anchor === undefined) return [];
		const { anchors } = path === '' ? document : readDocument(target);
		return anchors.includes(anchor)
			? []
			: [
					`${document.file}:${line}: ${target} has no heading for #${anchor}; it has ${anchors.map((one) => `#${one}`).join(' ')}`,
				];
	});
}

test.each(ALL)('links of %s lead somewhere', (file) =>
	expect(brokenLinks(readDocument(file))).toEqual([]),
);

test('the two readers of links find the same files', () => {
	const { text, links } = readDocument('README.md');
	const files = links
		.map((link) => link.text.split('#')[0])
		.filter((path) => path !== '' && !/^[a-z]+:/i.test(path));
	expect([...new Set(files)].sort()).toEqual(filesLinkedIn(text).sort());
});

test.each(ALL)('npm commands named in %s exist', (file) => {
	const unknown = scriptsNamedIn(readDocument(file).text).filter((name) => !(name in scripts));
	expect(
		unknown.map(
			(name) => `${file} names the npm command "${name}", which package.json does not have`,
		),
	).toEqual([]);
});

const codexes = NODES.map(({ name }) => `${name[0].toUpperCase()}${name.slice(1)}`).map(
	(name) => `nodes/${name}/${name}.node.json`,
);

/** Where n8n's "Docs" links lead, with the file that says so. */
function linksIntoReadme(): Array<[file: string, url: string]> {
	const fromCodexes = codexes.flatMap((file) => {
		const { resources } = JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as {
			resources: Record<string, Array<{ url: string }>>;
		};
		return Object.values(resources).flatMap((list) =>
			list.map(({ url }): [string, string] => [file, url]),
		);
	});
	return [['credentials/HiApiApi.credentials.ts', new HiApiApi().documentationUrl], ...fromCodexes];
}

test('the documentation links in the editor lead to headings of README.md', () => {
	const page = homepage.split('#')[0];
	const anchors = ['readme', ...readDocument('README.md').anchors];
	expect(linksIntoReadme().length).toBeGreaterThan(6);
	const wrong = linksIntoReadme().filter(
		([, url]) => !anchors.some((anchor) => url === `${page}#${anchor}`),
	);
	expect(
		wrong.map(
			([file, url]) =>
				`${file}: ${url} is no heading of README.md, which has ${anchors.join(', ')}`,
		),
	).toEqual([]);
});

/** Paths in code, as far as they name one file or folder. */
const pathsIn = (text: string) =>
	[
		...text.matchAll(
			/`((?:nodes|credentials|simulator|test|scripts|benchmarks|examples|docs|\.github)\/[^`\s<>*{}]*)`/g,
		),
	].map(([, path]) => path);

test.each(['README.md', 'CONTRIBUTING.md'])('folders and files named in %s exist', (file) => {
	const { text } = readDocument(file);
	expect(pathsIn(text).length).toBeGreaterThan(3);
	expect(pathsIn(text).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('a link that leads nowhere is noticed', () => {
	const page = readMarkdown(
		'docs/p.md',
		'# One head: `ing`\n[a](#one-head-ing) [b](#two) [c](../README.md#money) [d](../README.md#honey) [e](nothing.md) [f](https://x.example/#y) `[g](g.md)`',
	);
	expect(brokenLinks(page)).toEqual([
		'docs/p.md:2: docs/p.md has no heading for #two; it has #one-head-ing',
		expect.stringMatching(
			/^docs\/p\.md:2: README\.md has no heading for #honey; it has #n8n-nodes-hiapi /,
		),
		'docs/p.md:2: nothing.md leads to docs/nothing.md, which does not exist',
	]);
});
