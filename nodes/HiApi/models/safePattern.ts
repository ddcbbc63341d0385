// what JavaScript and Go (which the API's validator is written in) read differently, or cannot both read
const READ_DIFFERENTLY = /\\[SbBpPzAQEkGCXx0-9]|\(\?|\[\[:|\[\^?\]|\\u/;
// white space to JavaScript's \s and not to Go's
const OTHER_SPACES = /[\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ufeff]/;
// a repeated group, or several open-ended repetitions, can take a backtracking matcher for ever
const REPEATED_GROUP = /\)[*+{]/;
const OPEN_ENDED = /[*+]|\{\d+,\}/g;
// each one doubles what a backtracking matcher may have to try
const OPTIONAL = /\?|\{\d+,\d+\}/g;
const MAX_OPTIONALS = 10;
const MAX_PATTERN_LENGTH = 300;
const MAX_TEXT_LENGTH = 20_000;
// where the time grows with the square of the length: a pattern that may begin anywhere, or two open-ended repetitions
const MAX_SQUARED_TEXT_LENGTH = 2000;

/**
 * Whether a text matches a schema's `pattern`. Undefined when that cannot be judged safely: the pattern could be read
 * differently by the API, or could take very long.
 */
export function matchesPattern(pattern: string, text: string): boolean | undefined {
	if (pattern.length > MAX_PATTERN_LENGTH || /[\r\u2028\u2029]/.test(text)) return undefined;
	const unescaped = pattern.replace(/\\[.*+?()[\]{}|^$/\\-]/g, '');
	const ungrouped = unescaped.replaceAll('(?:', '(');
	if (READ_DIFFERENTLY.test(ungrouped) || REPEATED_GROUP.test(ungrouped)) return undefined;
	if ((ungrouped.match(OPTIONAL) ?? []).length > MAX_OPTIONALS) return undefined;
	if (/\\s/.test(ungrouped) && OTHER_SPACES.test(text)) return undefined;
	const openEnded = (ungrouped.match(OPEN_ENDED) ?? []).length;
	// each of the two makes the time grow by one power of the length
	const powers = (pattern.startsWith('^') ? 0 : 1) + openEnded;
	const maxLength = powers <= 1 ? MAX_TEXT_LENGTH : MAX_SQUARED_TEXT_LENGTH;
	if (powers > 2 || text.length > maxLength) return undefined;
	try {
		return new RegExp(pattern, 'u').test(text);
	} catch {
		return undefined;
	}
}
