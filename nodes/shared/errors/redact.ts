const LONGEST_TEXT = 1_000;

/**
 * A text of HiAPI as it may be shown and logged: what looks like an API key and what is a file inside a data URI is
 * left out (HiAPI quotes refused values), and it ends after 1000 characters.
 */
export function redact(text: string): string {
	const safe = text
		.slice(0, LONGEST_TEXT * 20)
		.replace(/\b(Bearer\s+)\S+/gi, '$1…')
		.replace(/\b((?:hi-)?sk-)[\w-]{4,}/gi, '$1…')
		.replace(/\b(data:[\w.+/-]*(?:;[\w=.+-]+)*,)[^\s'"]+/gi, '$1…');
	return safe.length > LONGEST_TEXT ? `${safe.slice(0, LONGEST_TEXT)}…` : safe;
}
