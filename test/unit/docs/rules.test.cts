import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DOCUMENTS, readDocument, readMarkdown, ROOT } from '../../../scripts/docs/markdown.cts';
import { CREDENTIAL, FIELD_GROUPS, NAMES, NODES } from '../../../scripts/docs/panels.cts';
import {
	brokenLinks,
	missingFiles,
	unknownCommands,
	unknownNames,
	wrongDefaults,
} from '../../../scripts/docs/rules.cts';
import { codexOf } from '../words/descriptions.cts';
import {
	KEY_LIFETIME_MS,
	LONGEST_KEY_BYTES,
} from '../../../nodes/HiApi/generation/request/idempotencyKey';
import { POLLING_LIMITS } from '../../../nodes/HiApiPollingTrigger/limits';
import { DEFAULT_TOLERANCE_SECONDS } from '../../../nodes/shared/webhook/signature';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const readJson = <T,>(file: string) => JSON.parse(read(file)) as T;
const filesIn = (folder: string, ending: string) =>
	readdirSync(join(ROOT, folder))
		.filter((name) => name.endsWith(ending))
		.map((name) => `${folder}/${name}`);

const forUsers = DOCUMENTS.map(readDocument);
const all = [
	...forUsers,
	...[
		'CONTRIBUTING.md',
		'CHANGELOG.md',
		'examples/README.md',
		'simulator/README.md',
		'benchmarks/README.md',
	].map(readDocument),
];
const manifest = readJson<{
	scripts: Record<string, string>;
	homepage: string;
	bugs: { url: string };
	repository: { url: string };
}>('package.json');

// A start page; everything else has a page of its own.
test('README.md stays short', () => expect(read('README.md').length).toBeLessThan(14_000));

test('links lead somewhere', () => expect(all.flatMap(brokenLinks)).toEqual([]));

test('files and folders named in code exist', () => expect(all.flatMap(missingFiles)).toEqual([]));

test('npm commands named in documents and workflows exist', () => {
	const workflows = filesIn('.github/workflows', '.yml').map((file) => ({
		file,
		code: [...read(file).matchAll(/npm run \S+/g)].map(([text]) => ({ line: 1, text })),
	}));
	expect([...all, ...workflows].flatMap((one) => unknownCommands(one, manifest.scripts))).toEqual(
		[],
	);
});

/** What n8n itself calls things that the documents name. */
const N8N_NAMES = [
	'Community nodes',
	'Continue (using error output)',
	'Continue On Fail',
	'Fetch test event',
	'Install',
	'Loop Over Items',
	'More from the community',
	'On Error',
	'Poll Times',
	'Retry',
	'Retry On Fail',
	'Settings',
	'Stop and Error',
];

test('bold names are those of the panels, of n8n and of the examples', () => {
	const examples = filesIn('examples', '.json').flatMap((file) => {
		const { name, nodes } = readJson<{ name: string; nodes: Array<{ name: string }> }>(file);
		return [name, ...nodes.map((node) => node.name)];
	});
	const names = new Set([...NAMES, ...N8N_NAMES, ...examples]);
	expect(forUsers.flatMap((document) => unknownNames(document, names))).toEqual([]);
});

test('numbers behind bold names are their defaults', () => {
	const defaults = new Map<string, Set<string>>();
	for (const { label, standard } of FIELD_GROUPS.flatMap(({ fields }) => fields))
		defaults.set(label, new Set([...(defaults.get(label) ?? []), standard]));
	expect(forUsers.flatMap((document) => wrongDefaults(document, defaults))).toEqual([]);
});

test('limits in the prose are those of the code', () => {
	const { overlapSeconds, pendingSeconds, mostPending, pagesPerPoll, pageSize, lookUpsPerPoll } =
		POLLING_LIMITS;
	const mostTasks = (pagesPerPoll * pageSize).toLocaleString('en');
	const said: Array<[file: string, limit: string]> = [
		['docs/reference.md', `within ${overlapSeconds / 60} minutes of its creation`],
		['docs/reference.md', `within ${pendingSeconds / 86_400} days`],
		['docs/reference.md', `at most ${mostPending.toLocaleString('en')} tasks`],
		['docs/waiting.md', `${pagesPerPoll + lookUpsPerPoll} at most`],
		['docs/reference.md', `at most ${mostTasks} tasks are created between two polls`],
		['docs/troubleshooting.md', `more than ${mostTasks} since the last poll`],
		['docs/security.md', `at most ${DEFAULT_TOLERANCE_SECONDS} seconds old`],
		['docs/troubleshooting.md', `more than ${KEY_LIFETIME_MS / 3_600_000} hours ago`],
		['docs/security.md', `${DEFAULT_TOLERANCE_SECONDS} seconds`],
		['docs/troubleshooting.md', `longer than ${LONGEST_KEY_BYTES} bytes`],
	];
	const missing = said.filter(([file, limit]) => !read(file).replace(/\s+/g, ' ').includes(limit));
	expect(missing).toEqual([]);
});

test("the editor's and npm's links lead into the repository, to headings of README.md", () => {
	const links = [
		manifest.homepage,
		CREDENTIAL.documentationUrl,
		...NODES.flatMap((node) => Object.values(codexOf(node).resources).flat()).map(({ url }) => url),
	];
	const repository = /^git\+(https:.+)\.git$/.exec(manifest.repository.url)?.[1];
	const anchors = ['readme', ...readDocument('README.md').anchors];
	const known = anchors.map((anchor) => `${repository}#${anchor}`);
	expect(links.filter((url) => !known.includes(url))).toEqual([]);
	expect(links.length).toBeGreaterThan(5);
	expect(manifest.bugs.url).toBe(`${repository}/issues`);
});

test('each rule finds what breaks it, where it stands', () => {
	const bad = readMarkdown(
		'docs/p.md',
		[
			'# One head: `ing`',
			'[a](#one-head-ing) [b](#two) [c](../README.md#costs) [d](../README.md#honey)',
			'and [e](nothing.md) [f](https://x.example/#y) `[g](g.md)` <img src="h.png">',
			'',
			'See `scripts/docs/` and `scripts/nothing.cts`, run `npm test`, `npm tset` or `npm run nothing`.',
			'```sh',
			'npm ci && npm run no:where',
			'```',
			'Set **Known** and `**code**`,',
			'**Unknown**, **Known** (30), **Known** (20).',
		].join('\n'),
	);
	expect(brokenLinks(bad)).toEqual([
		'docs/p.md:2: docs/p.md has no heading for #two',
		'docs/p.md:2: README.md has no heading for #honey',
		'docs/p.md:3: nothing.md leads to docs/nothing.md, which does not exist',
		'docs/p.md:3: h.png leads to docs/h.png, which does not exist',
	]);
	expect(missingFiles(bad)).toEqual(['docs/p.md:5: there is no scripts/nothing.cts']);
	expect(unknownCommands(bad, { test: '' }).map((one) => one.split(' ').at(-1))).toEqual([
		"'tset'",
		"'nothing'",
		"'no:where'",
	]);
	expect(unknownNames(bad, new Set(['Known']))).toEqual([
		"docs/p.md:10: nothing is called 'Unknown'",
	]);
	expect(wrongDefaults(bad, new Map([['Known', new Set(['30'])]]))).toEqual([
		"docs/p.md:10: 20 is no default of 'Known'",
	]);
});
