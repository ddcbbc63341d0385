import { isRecord, nonEmptyText, type UnknownRecord } from '../values';

/** A reply as it came over the wire. Header names are lower case. */
export interface HttpReply {
	status: number;
	headers: Record<string, string | undefined>;
	text: string;
}

/** What went wrong with one request, before any wording for people. */
export interface RequestFailure {
	/**
	 * `answer`: HiAPI said no. `unreadable`: something answered, but not in HiAPI's form, so what HiAPI did is unknown.
	 * `network`: no answer arrived. `redirect`: the base URL points somewhere that sends callers elsewhere.
	 */
	kind: 'answer' | 'unreadable' | 'network' | 'redirect';
	/** The HTTP status, or the status the body states when HTTP said 200. undefined without an answer. */
	status?: number;
	/** HiAPI's error code, for example INVALID_REQUEST or rate_limit_exceeded. */
	code?: string;
	/** HiAPI's own text. */
	apiMessage?: string;
	requestId?: string;
	/** The Retry-After header as sent. */
	retryAfter?: string;
	/** For `network`: the system's code, for example ECONNRESET. */
	networkCode?: string;
	/** Whether this or an earlier try of the same request may have been carried out although it was not confirmed. */
	outcomeUnknown?: boolean;
}

export type ReadReply =
	| { ok: true; data: unknown; replayed: boolean }
	| { ok: false; failure: RequestFailure };

// An error body under HTTP 200 carries no status; these codes tell which one was meant (docs and posts of hiapi.ai).
const STATUS_OF_CODE: Record<string, number> = {
	permission_denied: 401,
	rate_limit_exceeded: 429,
	model_not_found: 404,
	invalid_request: 400,
};

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
	} catch {
		return undefined;
	}
}

function textOrNumber(value: unknown): string | undefined {
	return typeof value === 'number' ? String(value) : nonEmptyText(value);
}

function gatewayFailure(error: UnknownRecord, status: number): Partial<RequestFailure> {
	const code = textOrNumber(error.code) ?? nonEmptyText(error.type);
	return {
		status: status >= 400 ? status : STATUS_OF_CODE[code ?? ''],
		code,
		apiMessage: nonEmptyText(error.message),
		requestId: nonEmptyText(error.request_id),
	};
}

function taskApiFailure(body: UnknownRecord, status: number): Partial<RequestFailure> {
	const data = isRecord(body.data) ? body.data : {};
	const nested = isRecord(data.error) ? data.error : {};
	const stated = typeof body.code === 'number' && body.code >= 400 && body.code < 600 ? body.code : undefined;
	return {
		status: status >= 400 ? status : stated,
		code: nonEmptyText(body.error_code) ?? textOrNumber(nested.code),
		apiMessage: nonEmptyText(body.message) ?? nonEmptyText(nested.message),
		requestId: nonEmptyText(body.request_id),
	};
}

/**
 * Reads any reply of HiAPI, whatever its HTTP status. Known forms: `{code, message, data, error_code}`
 * (docs.hiapi.ai/async-api/create), `{error: {code, message, request_id}}` from the gateway, the same under HTTP 200
 * (hiapi.ai blog posts), a `code` other than 200 under HTTP 200 (hiapi-gpt-image-2-5-skill), and HTML or text of a
 * proxy. A task that ended in `fail` is not a failed request: it comes back as data.
 */
export function readReply(reply: HttpReply): ReadReply {
	const { status, headers } = reply;
	const retryAfter = nonEmptyText(headers['retry-after']);
	const fail = (kind: RequestFailure['kind'], details: Partial<RequestFailure>): ReadReply => {
		const requestId = details.requestId ?? nonEmptyText(headers['x-request-id']);
		const failure = { kind, status: status >= 400 ? status : undefined, ...details, requestId, retryAfter };
		return { ok: false, failure };
	};

	if (status >= 300 && status < 400) return fail('redirect', { status });
	const body = parseJson(reply.text);
	if (!isRecord(body)) return fail(status >= 400 ? 'answer' : 'unreadable', {});
	if (isRecord(body.error)) return fail('answer', gatewayFailure(body.error, status));
	if (nonEmptyText(body.error)) return fail('answer', { apiMessage: nonEmptyText(body.error) });
	const refused = body.code !== undefined && Number(body.code) !== 200;
	if (status >= 400 || refused) return fail('answer', taskApiFailure(body, status));
	if (body.data === undefined) return fail('unreadable', {});
	return { ok: true, data: body.data, replayed: headers['idempotent-replay']?.toLowerCase() === 'true' };
}
