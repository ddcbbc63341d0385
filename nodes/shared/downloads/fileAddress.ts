import { isPrivateHost } from '../privateHosts';

/** Whether a file may be asked for at an address, and how the address reads in full. */
export type AddressVerdict =
	| { ok: true; url: string }
	| { ok: false; reason: 'notHttp' | 'private' };

/**
 * Checks the address of a file, or of where a redirect leads. Outputs come from outside: an address in a private network
 * could make this machine read what only it can reach. Checked by the host's name alone, because nodes cannot resolve
 * names; n8n's own protection (N8N_SSRF_PROTECTION_ENABLED) also checks what a name resolves to.
 *
 * @param address absolute, or relative to `base`
 * @param allowPrivate for an API that is in a private network itself, as a test server is
 */
export function checkAddress(
	address: string,
	base: string | undefined,
	allowPrivate: boolean,
): AddressVerdict {
	if (!URL.canParse(address, base)) return { ok: false, reason: 'notHttp' };
	const url = new URL(address, base);
	if (url.protocol !== 'https:' && url.protocol !== 'http:')
		return { ok: false, reason: 'notHttp' };
	if (!allowPrivate && isPrivateHost(url.hostname)) return { ok: false, reason: 'private' };
	return { ok: true, url: url.href };
}
