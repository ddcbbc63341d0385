import type { Readable } from 'node:stream';

/**
 * One HTTP answer. `body`: a Buffer, string or stream goes out as it is, anything else as JSON.
 * `drop` closes the connection instead, `noAnswer` leaves it open until the client gives up,
 * `cutAfterBytes` announces the whole body and closes the connection after that many bytes.
 */
export interface Reply {
	status: number;
	headers?: Record<string, string>;
	body?: unknown;
	drop?: boolean;
	noAnswer?: boolean;
	cutAfterBytes?: number;
}

export type Envelope = 'E1' | 'E2' | 'E3';

const JSON_TYPE = 'application/json';

/** A JSON answer. */
export function jsonReply(
	status: number,
	body: unknown,
	headers: Record<string, string> = {},
): Reply {
	return { status, headers: { 'content-type': JSON_TYPE, ...headers }, body };
}

/** The success envelope (docs.hiapi.ai/async-api/create). */
export function successReply(data: unknown, headers?: Record<string, string>): Reply {
	return jsonReply(200, { code: 200, message: 'success', data }, headers);
}

/** Envelope E1: `{code, message, data: null, error_code?}` with `code` repeating the HTTP status. */
export function errorReply(
	status: number,
	message: string,
	errorCode?: string,
	headers?: Record<string, string>,
): Reply {
	const body: Record<string, unknown> = { code: status, message, data: null };
	if (errorCode) body.error_code = errorCode;
	return jsonReply(status, body, headers);
}

let requestCounter = 0;

/** Envelope E2: `{error: {code, message, type, request_id}}`. With HTTP status 200 this is E3. */
export function gatewayErrorReply(
	status: number,
	code: string,
	message: string,
	options: { type?: string; headers?: Record<string, string> } = {},
): Reply {
	requestCounter += 1;
	const requestId = `req_simulator_${String(requestCounter).padStart(6, '0')}`;
	return jsonReply(
		status,
		{ error: { code, message, type: options.type ?? 'hiapi_error', request_id: requestId } },
		{ 'x-request-id': requestId, ...options.headers },
	);
}

/** The same error in the envelope asked for; E3 is E2 with HTTP 200. */
export function errorInEnvelope(
	envelope: Envelope,
	error: { status: number; code: string; message: string; errorCode?: string },
	headers?: Record<string, string>,
): Reply {
	if (envelope === 'E1') return errorReply(error.status, error.message, error.errorCode, headers);
	const status = envelope === 'E3' ? 200 : error.status;
	return gatewayErrorReply(status, error.code, error.message, { headers });
}

/** The bytes of a reply's body; undefined for a stream, whose bytes are not known beforehand. */
export function bodyBytes(reply: Reply): Buffer | undefined {
	const { body } = reply;
	if (body === undefined) return Buffer.alloc(0);
	if (Buffer.isBuffer(body)) return body;
	if (typeof body === 'string') return Buffer.from(body);
	if (isStream(body)) return undefined;
	return Buffer.from(JSON.stringify(body));
}

export function isStream(body: unknown): body is Readable {
	return typeof (body as Readable | undefined)?.pipe === 'function';
}
