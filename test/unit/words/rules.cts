// English title case as n8n writes it: these stay small unless they come first or last.
const SMALL_WORDS = new Set([
	'a',
	'an',
	'and',
	'as',
	'at',
	'but',
	'by',
	'for',
	'from',
	'if',
	'in',
	'nor',
	'of',
	'on',
	'or',
	'so',
	'the',
	'to',
	'with',
]);

const startsLarge = (word: string) => /^[^a-z]/.test(word);

/** Whether a label is in title case; a part in brackets begins anew. */
export function isTitleCase(text: string): boolean {
	const parts = text.split(/[()]/).map((part) =>
		part
			.trim()
			.split(/[\s-]+/)
			.filter((word) => word !== ''),
	);
	return parts.every((words) =>
		words.every(
			(word, index) =>
				startsLarge(word) || (index > 0 && index < words.length - 1 && SMALL_WORDS.has(word)),
		),
	);
}

const sentences = (text: string) => text.split(/(?<=[.!?])\s+(?=[A-Z0-9<'"])/).length;

/** Whether a description ends as n8n wants it: one sentence without a period, several with one. */
export function endsWell(text: string): boolean {
	const plain = text.replace(/<[^>]+>/g, '');
	return sentences(plain) === 1 ? !plain.endsWith('.') : /[.)]$/.test(plain);
}

/** Names of HiAPI and of n8n that keep their capitals inside a sentence. */
const NAMES = /HiAPI|n8n/g;

/** Whether an action is in sentence case and without articles: 'Get many tasks'. */
export function isAction(text: string): boolean {
	return /^[A-Z][a-z]*( [a-z]+)*$/.test(text.replace(NAMES, 'x')) && !/\b(a|an|the)\b/i.test(text);
}

/** What a person who writes no code need not know. 'Idempotency Key' is HiAPI's own name. */
export const JARGON =
	/\b(hmac|sha-?256|idempotent|idempotency(?! key)|envelope|payload|regexp?|regular expressions?|nonce|back-?off|endpoint|boolean|enum|mutex|base64|utf-8|stdout|throttl\w+|polls?|polled|async(hronous)?|upsert|deserial\w+|instantiat\w+)\b/i;

/** Words n8n asks to leave out where something did not work: they blame, and say nothing. */
export const UNWELCOME = /\b(errors?|problems?|failures?|mistakes?)\b/i;

/** What stands in single quotes and looks like the label of a parameter or of a choice. */
export function quotedLabels(text: string): string[] {
	return [...text.matchAll(/(?<![\w])'([A-Z][^'\n]*)'(?!\w)/g)].map(([, label]) => label);
}
