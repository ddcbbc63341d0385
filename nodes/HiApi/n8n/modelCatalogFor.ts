import type { IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';

import { DEFAULT_BASE_URL, normaliseBaseUrl } from '../../shared/api/baseUrl';
import { CREDENTIAL_TYPE } from '../../shared/api/client';
import type { CatalogAccess } from '../models/catalogCache';
import { catalogBaseUrl } from '../models/catalogUrl';
import { fetchAndTell } from './fetchCatalog';

type CatalogContext = IExecuteFunctions | ILoadOptionsFunctions;

/** The catalogue that belongs to the node's credential; HiAPI's own while no credential is chosen. */
async function catalogUrl(context: CatalogContext): Promise<string | undefined> {
	let credential: { baseUrl?: unknown; catalogUrl?: unknown };
	try {
		credential = await context.getCredentials(CREDENTIAL_TYPE);
	} catch {
		return catalogBaseUrl(DEFAULT_BASE_URL);
	}
	const baseUrl = normaliseBaseUrl(credential.baseUrl);
	return baseUrl.ok ? catalogBaseUrl(baseUrl.url, credential.catalogUrl) : undefined;
}

/**
 * How a node reads the model catalogue. Of the credential only the addresses are used: the catalogue is public, and the
 * API key is for the API alone.
 */
export async function modelCatalogFor(context: CatalogContext): Promise<CatalogAccess> {
	return {
		baseUrl: await catalogUrl(context),
		fetchJson: async (url) => await fetchAndTell(context, url),
		now: () => Date.now(),
	};
}
