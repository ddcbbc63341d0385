import {
	parseHiApiJson,
	idText,
	isRecord,
	trimmedOrUndefined,
	toNumber,
	type UnknownRecord,
} from '../values';
import type { RequestFailure } from '../errors/requestFailure';
import { redact } from '../errors/redact';

/** A reply as it came over the wire. Header names are lower case. */
export interface HttpReply {
	status: number;
	headers: Record<string, string | undefined>;
	text: string;
}

export type ReadReply =
	| { ok: true; data: unknown; replayed: boolean }
	| { ok: false; failure: RequestFailure };

// An error body under HTTP 200 carries no status; these codes tell which one was meant (docs and posts of hiapi.ai).
const STATUS_OF_CODE = new Map<unknown, number>([
	['permission_denied', 401],
	['rate_limit_exceeded', 429],
	['model_not_found', 404],
	['invalid_request', 400],
	['INVALID_REQUEST', 400],
	['MODEL_UNAVAILABLE', 400],
	['INSUFFICIENT_QUOTA', 402],
	['IDEMPOTENCY_KEY_PROCESSING', 409],
	['IDEMPOTENCY_KEY_MISMATCH', 422],
]);

/** The status of a refusal: HTTP's own, else what the body's codes say; undefined when nothing tells. */
function meantStatus(status: number, ...codes: unknown[]): number | undefined {
	if (status >= 400) return status;
	for (const code of codes) {
		const number = toNumber(code);
		if (number >= 400 && number < 600) return number;
		const known = STATUS_OF_CODE.get(code);
		if (known !== undefined) return known;
	}
	return undefined;
}

function serverText(...candidates: unknown[]): string | undefined {
	const text = candidates.map(trimmedOrUndefined).find((candidate) => candidate !== undefined);
	return text === undefined ? undefined : redact(text);
}

function gatewayFailure(error: UnknownRecord, status: number): Partial<RequestFailure> {
	const code = idText(error.code) ?? trimmedOrUndefined(error.type);
	return {
		status: meantStatus(status, code),
		code,
		apiMessage: serverText(error.message),
		requestId: trimmedOrUndefined(error.request_id),
		// Every web service has an `error` object; HiAPI's carries a word for what is wrong (hiapi.ai blog posts).
		...(!isWord(error.code) && !isWord(error.type) && { foreign: true }),
	};
}

function taskApiFailure(body: UnknownRecord, status: number): Partial<RequestFailure> {
	const data = isRecord(body.data) ? body.data : {};
	const nested = isRecord(data.error) ? data.error : {};
	const errorCode = trimmedOrUndefined(body.error_code);
	const code = errorCode ?? idText(nested.code);
	return {
		status: meantStatus(status, body.code, code),
		code,
		apiMessage: serverText(body.message, nested.message),
		requestId: trimmedOrUndefined(body.request_id),
		// HiAPI's own form repeats the HTTP status as `code`, or names the error.
		...(status >= 400 &&
			errorCode === undefined &&
			toNumber(body.code) !== status && { foreign: true }),
	};
}

/** A code such as permission_denied. */
function isWord(value: unknown): boolean {
	return typeof value === 'string' && /^[a-z]+(_[a-z0-9]+)*$/.test(value);
}

/** A task id next to a refusal: HiAPI's clients look for it in the data of a 409 (awesome-ai-product-video-workflows). */
function namedTaskId(body: UnknownRecord): string | undefined {
	return [body.data, body.error, body]
		.filter(isRecord)
		.flatMap((place) => [place.taskId, place.task_id])
		.map(idText)
		.find((id) => id !== undefined);
}

/** Whether a body says that all went well: HiAPI states 200, or nothing; the other 2xx mean the same. */
function statesSuccess(code: unknown): boolean {
	if (code === undefined || code === null) return true;
	const number = toNumber(code);
	return number >= 200 && number < 300;
}

/**
 * Reads any reply of HiAPI, whatever its HTTP status. Known forms: `{code, message, data, error_code}`
 * (docs.hiapi.ai/async-api/create), `{error: {code, message, request_id}}` from the gateway, the same under HTTP 200
 * (hiapi.ai blog posts), a `code` other than 200 under HTTP 200 (hiapi-gpt-image-2-5-skill), and HTML or text of a
 * proxy. A task that ended in `fail` is not a failed request: it comes back as data.
 */
export function parseResponse(reply: HttpReply): ReadReply {
	const { status, headers } = reply;
	const retryAfter = trimmedOrUndefined(headers['retry-after']);
	const fail = (kind: RequestFailure['kind'], details: Partial<RequestFailure>): ReadReply => {
		const requestId = details.requestId ?? trimmedOrUndefined(headers['x-request-id']);
		const taskId = isRecord(body) ? namedTaskId(body) : undefined;
		const failure = {
			kind,
			status: status >= 400 ? status : undefined,
			...details,
			requestId,
			retryAfter,
			...(taskId !== undefined && { taskId }),
		};
		return { ok: false, failure };
	};

	const body = parseHiApiJson(reply.text);
	if (status >= 300 && status < 400) return fail('redirect', { status });
	if (!isRecord(body))
		return status >= 400 ? fail('answer', { foreign: true }) : fail('unreadable', {});
	if (isRecord(body.error) && Object.keys(body.error).length > 0)
		return fail('answer', gatewayFailure(body.error, status));
	if (trimmedOrUndefined(body.error))
		return fail('answer', { apiMessage: serverText(body.error), foreign: true });
	if (status >= 400 || !statesSuccess(body.code))
		return fail('answer', taskApiFailure(body, status));
	if (body.data === undefined) return fail('unreadable', {});
	return {
		ok: true,
		data: body.data,
		replayed: /^true\b/i.test(headers['idempotent-replay'] ?? ''),
	};
}
