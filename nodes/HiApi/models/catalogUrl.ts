const HIAPI_HOST = 'api.hiapi.ai';
const HIAPI_CATALOG = 'https://www.hiapi.ai';

/**
 * Where the public catalogue of a HiAPI is: what the credential says, else HiAPI's own for `api.hiapi.ai`, else nowhere.
 *
 * @param apiBaseUrl the API's base URL, normalised
 * @param setting the credential's own setting, possibly empty; something that is no http(s) URL counts as "no catalogue"
 */
export function catalogBaseUrl(apiBaseUrl: string, setting?: unknown): string | undefined {
	const text = typeof setting === 'string' ? setting.trim() : '';
	try {
		if (text === '') return new URL(apiBaseUrl).hostname === HIAPI_HOST ? HIAPI_CATALOG : undefined;
		const url = new URL(text);
		if (!['http:', 'https:'].includes(url.protocol)) return undefined;
		return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
	} catch {
		return undefined;
	}
}
