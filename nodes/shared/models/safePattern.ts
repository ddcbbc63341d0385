// what JavaScript and Go (which the API's validator is written in) read differently, or cannot both read
const READ_DIFFERENTLY = /\\[sSbBpPzAQEkGCXx0-9]|\(\?|\[\[:|\[\^?\]|\\u/;
// a repeated group, or more than one open-ended repetition, can take a backtracking matcher for ever
const REPEATED_GROUP = /\)[*+{?]/;
const OPEN_ENDED = /[*+]|\{\d+,\}/g;
const MAX_PATTERN_LENGTH = 300;
const MAX_TEXT_LENGTH = 20_000;
// a pattern that may begin anywhere is tried at every place of the text
const MAX_UNANCHORED_TEXT_LENGTH = 2000;

/**
 * Whether a text matches a schema's `pattern`. Undefined when that cannot be judged safely: the pattern could be read
 * differently by the API, or could take very long.
 */
export function matchesPattern(pattern: string, text: string): boolean | undefined {
	const maxLength = pattern.startsWith('^') ? MAX_TEXT_LENGTH : MAX_UNANCHORED_TEXT_LENGTH;
	if (pattern.length > MAX_PATTERN_LENGTH || text.length > maxLength) return undefined;
	const unescaped = pattern.replace(/\\[.*+?()[\]{}|^$/\\-]/g, '');
	if (READ_DIFFERENTLY.test(pattern) || REPEATED_GROUP.test(unescaped)) return undefined;
	if ((unescaped.match(OPEN_ENDED) ?? []).length > 1 || /[\r\u2028\u2029]/.test(text))
		return undefined;
	try {
		return new RegExp(pattern, 'u').test(text);
	} catch {
		return undefined;
	}
}
