/** The name in a callback URL's query under which a Reference travels. Stored in workflows and in URLs HiAPI was given. */
export const REFERENCE_PARAMETER = 'reference';

/**
 * A callback URL that carries a Reference back to n8n. Only n8n's own webhook URLs are extended: another receiver may
 * refuse a URL it did not make. The rest of the URL stays as it is, to the byte.
 *
 * @param reference well-formed text
 */
export function withReference(url: string, reference: string): string {
	const parsed = new URL(url);
	if (!/\/webhook(-test)?\//.test(parsed.pathname) || parsed.searchParams.has(REFERENCE_PARAMETER))
		return url;
	const end = url.indexOf('#');
	const address = end < 0 ? url : url.slice(0, end);
	const joint = address.includes('?') ? (/[?&]$/.test(address) ? '' : '&') : '?';
	return `${address}${joint}${REFERENCE_PARAMETER}=${encodeURIComponent(reference)}`;
}
