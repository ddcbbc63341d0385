import type { IExecuteFunctions } from 'n8n-workflow';

import { networkFailure } from '../errors/networkError';
import { USER_AGENT } from '../userAgent';
import type { DownloadProblem } from './downloadProblem';
import { checkAddress } from './fileAddress';

/** Node's Readable, by the only name under which a community node may know it. */
export type ByteStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;

/** A file whose bytes have not been read yet. Whoever gets one has to destroy its body. */
export interface OpenFile {
	/** Where it was found in the end. */
	url: string;
	/** Lower case names. */
	headers: Record<string, string | undefined>;
	body: ByteStream;
}

export type OpenResult = { ok: true; file: OpenFile } | { ok: false; problem: DownloadProblem };

// n8n's limit for a request counts the whole body and is 5 minutes unless said otherwise. Silence is noticed elsewhere.
const LONGEST_DOWNLOAD_MS = 6 * 3_600_000;
const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * Asks for a file and follows redirects, each checked before it is requested. Sends no key and nothing else of ours: this
 * function knows no credentials.
 *
 * @param url as HiAPI gave it
 * @param allowPrivate whether addresses in private networks may be asked
 * @param signal ends waiting for the answer; the body has to be destroyed by the caller
 */
export async function openFile(
	context: IExecuteFunctions,
	url: string,
	allowPrivate: boolean,
	signal: AbortSignal,
): Promise<OpenResult> {
	let address = url;
	let base: string | undefined;
	for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
		const verdict = checkAddress(address, base, allowPrivate);
		if (!verdict.ok) return { ok: false, problem: { kind: verdict.reason } };
		const reply = await ask(context, verdict.url, signal);
		if ('kind' in reply) return { ok: false, problem: reply };
		const { status, headers, body } = reply;
		if (status === 200) return { ok: true, file: { url: verdict.url, headers, body } };
		body.destroy();
		if (!REDIRECTS.includes(status) || !headers.location) {
			return {
				ok: false,
				problem:
					status === 204
						? { kind: 'empty' }
						: { kind: 'status', status, retryAfter: headers['retry-after'] },
			};
		}
		base = verdict.url;
		address = headers.location;
	}
	return { ok: false, problem: { kind: 'tooManyRedirects' } };
}

interface Reply {
	status: number;
	headers: Record<string, string | undefined>;
	body: ByteStream;
}

async function ask(
	context: IExecuteFunctions,
	url: string,
	signal: AbortSignal,
): Promise<Reply | DownloadProblem> {
	try {
		const reply = (await context.helpers.httpRequest({
			method: 'GET',
			url,
			headers: { Accept: '*/*', 'User-Agent': USER_AGENT },
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			timeout: LONGEST_DOWNLOAD_MS,
			abortSignal: signal,
		})) as { statusCode: number; headers: Reply['headers']; body: ByteStream };
		// A stream that is destroyed with nobody listening would end the process.
		reply.body.on('error', () => undefined);
		return { status: reply.statusCode, headers: reply.headers, body: reply.body };
	} catch (error) {
		const { networkCode = 'NO_ANSWER', neverSent } = networkFailure(error);
		if (networkCode === 'BLOCKED') return { kind: 'blocked' };
		return { kind: 'network', code: networkCode, ...(neverSent && { neverSent }) };
	}
}
