import { ensureN8n } from '../../../../scripts/n8n/runtime.cts';
import { buildOf } from './build.cts';
import { HOST_VARIABLE, serveHost, type ServedHost } from './calls.cts';
import { standingHost } from './standing.cts';

let served: ServedHost | undefined;

/** Once before all end-to-end tests: fetches n8n where it is missing, and starts the host of their servers or finds a standing one. */
export default async function setUp(): Promise<void> {
	buildOf();
	await ensureN8n();
	const standing = await standingHost();
	if (standing === undefined) served = await serveHost();
	process.env[HOST_VARIABLE] = standing ?? served!.address;
	(globalThis as { endToEndHost?: ServedHost }).endToEndHost = served;
}
