import { snapshot } from '../../../nodes/HiApi/models/snapshot';
import { NODES } from '../../../scripts/docs/panels.cts';
import { codexOf, shownTexts, type Kind, type ShownText } from './descriptions.cts';
import { failureTexts } from './sourceTexts.cts';

/*
 * Rules for the texts people read in the editor. Capitals, periods, "Whether" and the like are checked by n8n's own lint;
 * here is what it does not see. Every test lists the texts that break its rule.
 */

const shown = shownTexts();
const failures = failureTexts();
const ofKind = (...kinds: Kind[]) => shown.filter(({ kind }) => kinds.includes(kind));
const where = <T extends { place: string; text: string }>(
	texts: T[],
	isWrong: (one: T) => boolean,
) => texts.filter(isWrong).map(({ place, text }) => `${place}: ${text}`);
const withoutTags = (text: string) => text.replace(/<[^>]+>/g, '');

test('placeholders are examples, or say what a button does', () =>
	expect(
		where(
			ofKind('placeholder'),
			({ text }) => !/^e\.g\. \S|^Add [A-Za-z]+$|^Select an? [a-z ]+\.\.\.$/.test(text),
		),
	).toEqual([]));

// The operations that say what comes out read as n8n's own nodes for images and videos do: "Generate an image".
test('actions have no articles, but for those that generate', () =>
	expect(
		where(
			ofKind('action'),
			({ text }) =>
				/\b(a|an|the)\b/i.test(text) &&
				!/^(Generate|Edit) an? |^Remove the background of an image$/.test(text),
		),
	).toEqual([]));

test('notices are sentences', () =>
	expect(where(ofKind('notice'), ({ text }) => !text.endsWith('.'))).toEqual([]));

// What n8n cuts off, seen in its editor: labels of collections have less room, and so have examples next to 'By ID'.
const longest = ({ kind, place }: ShownText) => {
	if (kind === 'label') return /› (options|filters|inputFiles|moreFiles) ›/.test(place) ? 27 : 40;
	return kind === 'placeholder' ? 40 : 240;
};

test('texts are not too long for the panel', () =>
	expect(
		where(
			ofKind('label', 'placeholder', 'notice', 'description'),
			(one) => withoutTags(one.text).length > longest(one),
		),
	).toEqual([]));

// n8n asks to leave these out where something did not work: they blame, and say nothing.
test('texts of failures do without empty words', () =>
	expect(
		where(failures, ({ text }) => /\b(errors?|problems?|failures?|mistakes?)\b/i.test(text)),
	).toEqual([]));

test('messages of failures have no period at their end, descriptions have one', () =>
	expect(
		where(failures, ({ part, text }) =>
			part === 'message' ? /[.!]$/.test(text) : !/[.)…]$/.test(text),
		),
	).toEqual([]));

/** What stands in single quotes and looks like the label of a parameter or of a choice. */
const quotedLabels = (text: string) =>
	[...text.matchAll(/(?<!\w)'([A-Z][^'\n]*)'(?!\w)/g)].map(([, label]) => label);

test('what is named in single quotes exists', () => {
	const elsewhere = ['Execute step', 'Webhook signing key', 'Webhook URLs'];
	const known = new Set([...ofKind('label', 'choice').map(({ text }) => text), ...elsewhere]);
	expect(
		where([...shown, ...failures], ({ text }) =>
			quotedLabels(text).some((label) => !known.has(label)),
		),
	).toEqual([]);
});

// The categories n8n's nodes panel has.
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

test('the nodes panel finds every node by what people look for', () => {
	const missing = NODES.flatMap((node) => {
		const { alias, categories } = codexOf(node);
		const words = [node.displayName, ...alias].join(' ').toLowerCase();
		return [
			...['hiapi', 'image', 'video', 'audio', 'ai'].filter((word) => !words.includes(word)),
			...categories.filter((category) => !CATEGORIES.includes(category)),
		].map((word) => `${node.displayName}: ${word}`);
	});
	expect(missing).toEqual([]);
});

// A name begins with a capital; n8n gives more for 'tts' when its second letter is one, as if a word began there.
test('the models whose names find the node are in the bundled list', () => {
	const letters = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
	const ids = snapshot.models.map(({ id, title }) => letters(`${id} ${title}`));
	const names = NODES.flatMap((node) => codexOf(node).alias).filter(
		(alias) => /^[A-Z]/.test(alias) && !/^AI\b/.test(alias),
	);
	expect(names).toContain('Seedance');
	expect(names.filter((name) => !ids.some((id) => id.includes(letters(name))))).toEqual([]);
});

test('there is something to look at', () => {
	const kinds: Kind[] = [
		'label',
		'choice',
		'description',
		'placeholder',
		'action',
		'notice',
		'prose',
	];
	expect(kinds.filter((kind) => ofKind(kind).length === 0)).toEqual([]);
	expect(shown.length).toBeGreaterThan(200);
	expect(failures.length).toBeGreaterThan(100);
	expect([...shown, ...failures].flatMap(({ text }) => quotedLabels(text)).length).toBeGreaterThan(
		40,
	);
	expect(quotedLabels("HiAPI's own: set 'Wait By' to 'Polling', not 'prompt'")).toEqual([
		'Wait By',
		'Polling',
	]);
});
