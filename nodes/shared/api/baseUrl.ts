import { isPrivateHost } from '../privateHosts';

/** Where HiAPI's API is unless the credential says otherwise (www.hiapi.ai/en/docs). */
export const DEFAULT_BASE_URL = 'https://api.hiapi.ai/v1';

export type BaseUrl = { ok: true; url: string } | { ok: false; problem: string };

// Written the plain way only. URL parsers also read 134744072, 0x8.8.8.8, 8%2e8%2e8%2e8 and the like as addresses, so
// whatever is not spelled as below is no private host. A name without a dot starts with a letter: it is no number then.
const PRIVATE_HOST = [
	'localhost',
	'[a-z][a-z0-9_-]*',
	'[a-z0-9][a-z0-9._-]*\\.(?:localhost|local|internal|lan)',
	'127(?:\\.\\d{1,3}){3}',
	'10(?:\\.\\d{1,3}){3}',
	'192\\.168(?:\\.\\d{1,3}){2}',
	'172\\.(?:1[6-9]|2\\d|3[01])(?:\\.\\d{1,3}){2}',
	'169\\.254(?:\\.\\d{1,3}){2}',
	'\\[::1\\]',
	'\\[f[cd][0-9a-f]{2}:[0-9a-f:]*\\]',
	'\\[fe80:[0-9a-f:]*\\]',
].join('|');
const PORT = '(?::\\d+)?';
const PRIVATE_HTTP = `http:\\/\\/(?:${PRIVATE_HOST})${PORT}`;
// No user name, no '?' or '#' part, and none of the characters that URL parsers drop or read as a slash.
const HTTPS = `https:\\/\\/(?:[^\\u0000-\\u0020\\\\\\/?#@:\\[\\]]+|\\[[0-9a-f:]+\\])${PORT}`;
const PATH = '(?:\\/[^\\u0000-\\u0020\\\\?#]*)?';

/**
 * Source of the regular expression (flag `i`) for every base URL that may be used, trimmed. The credential's test
 * applies it too, inside an n8n expression, so it holds no `}}`.
 */
export const USABLE_BASE_URL = `^(?:${PRIVATE_HTTP}|${HTTPS})${PATH}$`;

/** Source of the regular expression (flag `i`) for the end of a base URL that `/v1` replaces; never part of the host. */
export const BASE_URL_END = '(?<=[^\\/:])(?:\\/+v1)?\\/*$';

function problemOf(text: string): string {
	if (!/^https?:\/\//i.test(text)) return 'must start with https://';
	if (!URL.canParse(text)) return 'is not a URL';
	const url = new URL(text);
	if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
	if (/[?#]/.test(text)) return "must not hold a '?' or '#' part";
	if (url.protocol === 'http:')
		return 'must start with https://, because plain http would send the API key unprotected';
	return 'is not a URL';
}

/**
 * The base URL for requests, without a trailing slash and ending in `/v1`. HiAPI's SDKs accept the host with or
 * without `/v1` and with a trailing slash, so this does too; an empty value means HiAPI's own address. Plain http
 * would send the API key readable over the internet and is accepted for this machine and private networks only.
 */
export function normaliseBaseUrl(value: unknown): BaseUrl {
	const text = (typeof value === 'string' ? value.trim() : '') || DEFAULT_BASE_URL;
	if (!new RegExp(USABLE_BASE_URL, 'i').test(text)) return { ok: false, problem: problemOf(text) };
	const address = text.replace(new RegExp(BASE_URL_END, 'i'), '/v1');
	if (!URL.canParse(address)) return { ok: false, problem: 'is not a URL' };
	const { protocol, hostname, href } = new URL(address);
	if (protocol === 'http:' && !isPrivateHost(hostname))
		return { ok: false, problem: problemOf(text) };
	return { ok: true, url: href };
}
