/*
 * The only place from which `npm run contract` sends anything, and why it can never buy a task:
 *
 * - Tasks come into being by POST /v1/tasks alone (docs.hiapi.ai/async-api/create), and only for a body that names a model
 *   and holds its input. The one POST there is here sends the two bytes `{}`. They are a constant of this file: what to send
 *   is no argument of any function, so no caller, flag or environment variable can put a model or an input in.
 * - Everything else is a GET, which HiAPI documents as reading only.
 * - No callback, no storage, no idempotency key of an earlier purchase goes along, so nothing is repeated or promoted either.
 * - Redirects are not followed: neither the key nor the request reaches another host or another address.
 */

/** What may be asked: a path that is read, or a create that says nothing and has to be refused. */
export type FreeRequest = { read: string } | { create: 'with an empty body' };

/** What came back. `body` is undefined where it was no JSON. */
export interface Answer {
	status: number;
	body: unknown;
}

export interface FreeRequestOptions {
	/** Base URL of the API, or of the catalogue; `read` is appended as it is. */
	base: string;
	/** undefined: no key is sent. */
	apiKey?: string;
	timeoutMs: number;
}

const EMPTY_BODY = '{}';

/** Sends one request that costs nothing. Rejects when no answer comes in time. */
export async function sendFree(
	request: FreeRequest,
	{ base, apiKey, timeoutMs }: FreeRequestOptions,
): Promise<Answer> {
	const headers: Record<string, string> = {
		Accept: 'application/json',
		...(apiKey !== undefined && { Authorization: `Bearer ${apiKey}` }),
	};
	const signal = AbortSignal.timeout(timeoutMs);
	const response =
		'read' in request
			? await fetch(`${base}${request.read}`, {
					method: 'GET',
					headers,
					redirect: 'manual',
					signal,
				})
			: await fetch(`${base}/tasks`, {
					method: 'POST',
					headers: { ...headers, 'Content-Type': 'application/json' },
					body: EMPTY_BODY,
					redirect: 'manual',
					signal,
				});
	const text = await response.text();
	try {
		return { status: response.status, body: JSON.parse(text) as unknown };
	} catch {
		return { status: response.status, body: undefined };
	}
}
