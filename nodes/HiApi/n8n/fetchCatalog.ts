import type { IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';

import { wordConnection } from '../../shared/errors/connectionMessages';
import type { RequestFailure } from '../../shared/errors/requestFailure';
import { networkFailure } from '../../shared/errors/networkError';
import { USER_AGENT } from '../../shared/userAgent';

type CatalogContext = IExecuteFunctions | ILoadOptionsFunctions;

/** A whole catalogue document is some hundred kilobytes; more than this is something else. */
const MAX_BYTES = 8 * 1024 * 1024;
const CATALOG_TIMEOUT_MS = 4_000;

/** Undefined when there is more than a catalogue could hold. */
async function readText(body: AsyncIterable<Buffer | string>): Promise<string | undefined> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of body) {
		const bytes = Buffer.from(chunk);
		size += bytes.length;
		// leaving the loop destroys the stream, and with it the connection
		if (size > MAX_BYTES) return undefined;
		chunks.push(bytes);
	}
	return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

/**
 * Reads one public JSON document of the model catalogue, through n8n's own HTTP layer (proxy, protection of private
 * networks) and without any credential. Undefined when the host answers with anything but that document.
 *
 * @throws whatever n8n's HTTP helper throws when the host does not answer within 4 s
 */
export async function fetchCatalogJson(
	context: CatalogContext,
	url: string,
	signal: AbortSignal = AbortSignal.timeout(CATALOG_TIMEOUT_MS),
): Promise<unknown> {
	const reply = (await context.helpers.httpRequest({
		method: 'GET',
		url,
		headers: { Accept: 'application/json', 'User-Agent': USER_AGENT },
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		timeout: CATALOG_TIMEOUT_MS,
		abortSignal: signal,
	})) as { statusCode: number; body: AsyncIterable<Buffer | string> & { destroy(): void } };
	const stop = () => reply.body.destroy();
	signal.addEventListener('abort', stop);
	try {
		const text = await readText(reply.body);
		if (reply.statusCode === 200) return text === undefined ? undefined : parse(text);
		// A model that the catalogue does not have is nothing to write down.
		if (reply.statusCode !== 404)
			warn(context, url, { kind: 'answer', status: reply.statusCode, foreign: true });
		return undefined;
	} finally {
		signal.removeEventListener('abort', stop);
	}
}

/** Leaves in n8n's log why the catalogue cannot be read: the node goes on with the list it brings along. */
function warn(context: CatalogContext, url: string, failure: RequestFailure): void {
	const reason = failure.networkCode ?? `HTTP ${failure.status}`;
	const wording = wordConnection(failure);
	const words =
		wording === undefined
			? `(${reason})`
			: `${wording.message} (${reason}). ${wording.description}`;
	context.logger.warn(
		`HiAPI: the model catalogue at ${new URL(url).host} cannot be read, so the bundled list is used: ${words}`,
	);
}

/** `fetchCatalogJson` with a line in n8n's log when the host does not answer. Rejects as it does. */
export async function fetchAndTell(context: CatalogContext, url: string): Promise<unknown> {
	return await fetchCatalogJson(context, url).catch((error: unknown) => {
		warn(context, url, networkFailure(error));
		throw error;
	});
}
