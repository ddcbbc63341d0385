import type { IBinaryData } from 'n8n-workflow';

import { HiApiError } from '../../../shared/errors/apiError';
import { isPrivateHost } from '../../../shared/privateHosts';
import { NODE_CONTEXT } from '../../../shared/stored';
import { isRecord } from '../../../shared/values';
import { identityOf } from './fileInputs';

/** How links to files are made and kept. */
export interface LinkPorts {
	/** Kept by n8n with the execution. */
	store: Record<string, unknown>;
	/** Makes a link to a file that n8n stores; absent where n8n is too old. `lifetime`: for example '3 days'. */
	signedUrl?(data: IBinaryData, lifetime: string): string;
}

// A task may wait in HiAPI's queue, and its create may be repeated with the same bytes for 23 hours.
const LINK_LIFETIME = '3 days';
const REUSED_FOR_MS = 2 * 24 * 3_600_000;

const HOW_ELSE =
	"Set 'Send As' to 'Inside the Request', or put the file where HiAPI can fetch it and give its address in the model's field. No task was created for this item.";

/**
 * A link under which HiAPI can fetch a file from n8n. The same file gets the same link again for two days, kept with the
 * execution: a request that is repeated has to be the same to the byte, and n8n's links are different every second.
 *
 * @param nowMs milliseconds since 1970
 * @param apiIsLocal whether HiAPI's API is in a private network, so that it can reach addresses there
 * @param howElse what to advise where no link can be made
 * @throws HiApiError when n8n has no public address or keeps its files in memory
 */
export function linkTo(
	ports: LinkPorts,
	data: IBinaryData,
	nowMs: number,
	apiIsLocal: boolean,
	howElse = HOW_ELSE,
): string {
	const { store } = ports;
	const stored = store[NODE_CONTEXT.fileLinks];
	const links = isRecord(stored) ? stored : {};
	store[NODE_CONTEXT.fileLinks] = links;
	const identity = identityOf(data);
	const known = links[identity];
	if (
		isRecord(known) &&
		typeof known.url === 'string' &&
		nowMs - Number(known.madeAt) < REUSED_FOR_MS
	)
		return known.url;
	const url = makeLink(ports, data, howElse);
	const { protocol, hostname } = new URL(url);
	if (isPrivateHost(hostname) && !apiIsLocal) {
		throw new HiApiError(
			`HiAPI cannot fetch files from this n8n: its address is ${protocol}//${hostname}`,
			`HiAPI fetches from the internet. If n8n can be reached from there, set its environment variable N8N_WEBHOOK_URL (WEBHOOK_URL in older versions) to that address. ${howElse}`,
		);
	}
	links[identity] = { url, madeAt: nowMs };
	return url;
}

function makeLink({ signedUrl }: LinkPorts, data: IBinaryData, howElse: string): string {
	if (data.id === undefined || signedUrl === undefined) {
		throw new HiApiError(
			'This n8n cannot make links to its files',
			`It keeps them in memory, or is too old for links. ${howElse}`,
		);
	}
	return signedUrl(data, LINK_LIFETIME);
}
