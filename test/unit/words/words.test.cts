import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CREDENTIAL, codexOf, NODES, shownTexts } from './descriptions.cts';
import { endsWell, isAction, isTitleCase, JARGON, quotedLabels, UNWELCOME } from './rules.cts';
import { failureTexts } from './sourceTexts.cts';

const shown = shownTexts();
const failures = failureTexts();
const ofKind = (...kinds: string[]) => shown.filter(({ kind }) => kinds.includes(kind));
const named = (texts: typeof shown) =>
	texts.map(({ place, text, type }) => [place, text, type] as const);

describe('the rules tell good from bad', () => {
	test.each([
		'When Time Runs Out',
		'Callback (Suspend the Execution)',
		'Re-Read the Task',
		'Model Catalogue URL',
		'Put Output File in Field',
	])('title case: %s', (text) => {
		expect(isTitleCase(text)).toBe(true);
	});
	test.each(['Poll interval', 'the Task', 'Callback (suspend)', 'Time to'])(
		'not title case: %s',
		(text) => {
			expect(isTitleCase(text)).toBe(false);
		},
	);
	test.each([
		['One sentence.', false],
		['One sentence', true],
		['Two. Sentences', false],
		['Two. Sentences.', true],
	])('%s', (text, good) => {
		expect(endsWell(text)).toBe(good);
	});
	test.each([
		['Get many tasks', true],
		['Get Many Tasks', false],
		['Get a task', false],
		['create task', false],
	])('%s', (text, good) => {
		expect(isAction(text)).toBe(good);
	});
	test('jargon and labels are found where they are', () => {
		expect('The payload is signed with HMAC').toMatch(JARGON);
		expect('An idempotent call').toMatch(JARGON);
		expect("Set 'Idempotency Key'").not.toMatch(JARGON);
		expect(quotedLabels("HiAPI's own: set 'Wait By' to 'Polling', not 'prompt'")).toEqual([
			'Wait By',
			'Polling',
		]);
	});
	test('there is something to look at', () => {
		expect(shown.length).toBeGreaterThan(200);
		expect(failures.length).toBeGreaterThan(100);
		for (const kind of [
			'label',
			'choice',
			'description',
			'placeholder',
			'action',
			'notice',
			'prose',
		])
			expect(ofKind(kind)).not.toEqual([]);
	});
});

describe('labels and choices are in title case', () => {
	test.each(named(ofKind('label', 'choice')))('%s: %s', (_, text) => {
		expect(isTitleCase(text)).toBe(true);
	});
});

describe('descriptions', () => {
	test.each(named(ofKind('description')))('%s: %s', (_, text, type) => {
		expect(text).toMatch(/^[A-Z0-9]/);
		expect(endsWell(text)).toBe(true);
		if (type === 'boolean') expect(text).toMatch(/^Whether /);
	});
});

describe('placeholders are examples or say what a button does', () => {
	test.each(named(ofKind('placeholder')))('%s: %s', (_, text) => {
		expect(text).toMatch(/^e\.g\. \S|^Add [A-Za-z]+$|^Select an? [a-z ]+\.\.\.$/);
	});
});

describe('actions are sentences without articles', () => {
	test.each(named(ofKind('action')))('%s: %s', (_, text) => {
		expect(isAction(text)).toBe(true);
	});
});

describe('no jargon', () => {
	test.each(named(shown))('%s: %s', (_, text) => {
		expect(text).not.toMatch(JARGON);
	});
	test.each(failures.map(({ place, text }) => [place, text]))('%s: %s', (_, text) => {
		expect(text).not.toMatch(JARGON);
	});
});

describe('a panel stays readable', () => {
	test.each(named(ofKind('notice')))('%s: %s', (_, text) => {
		expect(text.replace(/<[^>]+>/g, '').length).toBeLessThanOrEqual(240);
		expect(text).toMatch(/\.$/);
	});
	// What n8n cuts off, seen in its editor: labels of collections have less room, and so have examples next to 'By ID'.
	test.each(named(ofKind('label')))('%s: %s', (place, text) => {
		expect(text.length).toBeLessThanOrEqual(
			/› (options|filters|inputFiles) ›/.test(place) ? 27 : 40,
		);
	});
	test.each(named(ofKind('placeholder')))('%s: %s', (_, text) => {
		expect(text.length).toBeLessThanOrEqual(40);
	});
	test.each(named(ofKind('description')))('%s: %s', (_, text) => {
		expect(text.length).toBeLessThanOrEqual(240);
	});
});

describe('texts of failures', () => {
	test.each(failures.map(({ place, part, text }) => [place, part, text] as const))(
		'%s %s: %s',
		(_, part, text) => {
			expect(text).not.toMatch(UNWELCOME);
			if (part === 'message') expect(text).not.toMatch(/[.!]$/);
			else expect(text).toMatch(/[.)…]$/);
		},
	);
});

describe('what is named in single quotes exists', () => {
	const operations = ['Execute step', 'Webhook signing key', 'Webhook URLs'];
	const known = new Set([...ofKind('label', 'choice').map(({ text }) => text), ...operations]);
	const quoting = [...shown, ...failures].flatMap(({ place, text }) =>
		quotedLabels(text).map((label) => [place, label] as const),
	);

	test('there are such names', () => {
		expect(quoting.length).toBeGreaterThan(40);
	});
	test.each(quoting)("%s: '%s'", (_, label) => {
		expect(known).toContain(label);
	});
});

describe('the nodes panel', () => {
	const CATEGORIES = [
		'Data & Storage',
		'Finance & Accounting',
		'Marketing & Content',
		'Productivity',
		'Miscellaneous',
		'Sales',
		'Development',
		'Analytics',
		'Communication',
		'Utility',
	];
	const README = readFileSync(join(__dirname, '../../../README.md'), 'utf8');
	const anchors = [...README.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
		title
			.toLowerCase()
			.replace(/[^\w\s-]/g, '')
			.replace(/\s+/g, '-'),
	);
	const isThere = (url: string) => anchors.concat('readme').includes(url.split('#')[1]);

	test.each(NODES.map((node) => [node.displayName, node] as const))(
		'finds %s for what people look for, and leads to its part of README',
		(_, node) => {
			const { categories, alias, resources } = codexOf(node);
			expect(CATEGORIES).toEqual(expect.arrayContaining(categories));
			const words = [node.displayName, ...alias].join(' ').toLowerCase();
			for (const word of ['hiapi', 'image', 'video', 'audio', 'ai']) expect(words).toContain(word);
			for (const { url } of Object.values(resources).flat()) expect(isThere(url)).toBe(true);
		},
	);

	test('the credential leads to its part of README', () => {
		expect(isThere(CREDENTIAL.documentationUrl)).toBe(true);
	});
});
