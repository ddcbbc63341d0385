/** Where HiAPI's API is unless the credential says otherwise (www.hiapi.ai/en/docs). */
export const DEFAULT_BASE_URL = 'https://api.hiapi.ai/v1';

export type BaseUrl = { ok: true; url: string } | { ok: false; problem: string };

const PRIVATE_HOST =
	/^(localhost|.+\.localhost|.+\.local|.+\.internal|.+\.lan|[^.:]+|127(\.\d+){3}|10(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|169\.254(\.\d+){2}|\[::1\]|\[f[cd][0-9a-f]{2}:.*\]|\[fe80:.*\])$/i;

/** Whether a URL's host name is this machine or lies in a private network, judged by the name alone. */
export function isPrivateHost(hostname: string): boolean {
	return PRIVATE_HOST.test(hostname);
}

/**
 * The base URL for requests, without a trailing slash and ending in `/v1`. HiAPI's SDKs accept the host with or
 * without `/v1` and with a trailing slash, so this does too; an empty value means HiAPI's own address. Plain http
 * would send the API key readable over the internet and is accepted for this machine and private networks only.
 */
export function normaliseBaseUrl(value: unknown): BaseUrl {
	const text = typeof value === 'string' ? value.trim() : '';
	let url: URL;
	try {
		url = new URL(text === '' ? DEFAULT_BASE_URL : text);
	} catch {
		return { ok: false, problem: 'is not a URL' };
	}
	if (url.protocol !== 'https:' && url.protocol !== 'http:') return { ok: false, problem: 'must start with https://' };
	if (url.username !== '' || url.password !== '') return { ok: false, problem: 'must not hold a user name or password' };
	if (url.search !== '' || url.hash !== '') return { ok: false, problem: "must not hold a '?' or '#' part" };
	if (url.protocol === 'http:' && !isPrivateHost(url.hostname)) {
		return { ok: false, problem: 'must start with https://, because plain http would send the API key unprotected' };
	}
	const path = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '');
	return { ok: true, url: `${url.origin}${path}/v1` };
}
