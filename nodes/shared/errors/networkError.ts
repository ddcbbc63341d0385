import { isRecord, trimmedOrUndefined, type UnknownRecord } from '../values';
import { isCertificateCode, type RequestFailure } from './requestFailure';

const NO_CONNECTION_CODES = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);
// Node's own words for a connection that ended in the handshake, and OpenSSL's for one that could not be agreed on.
const HANDSHAKE =
	/before secure TLS connection was established|wrong version number|handshake failure|protocol version|unsupported protocol|unrecognized name|no shared cipher/i;

function codeOf(layer: UnknownRecord): string | undefined {
	return [layer.code, layer.httpCode].find(
		(value): value is string =>
			typeof value === 'string' && (/^E[A-Z_]+$/.test(value) || isCertificateCode(value)),
	);
}

/** Whether the connection never came about, so that nothing of the request can have arrived. */
function isBeforeSending(layers: UnknownRecord[], code: string): boolean {
	if (isCertificateCode(code) || NO_CONNECTION_CODES.has(code)) return true;
	return layers.some(
		({ syscall, message }) =>
			syscall === 'connect' ||
			syscall === 'getaddrinfo' ||
			HANDSHAKE.test(trimmedOrUndefined(message) ?? ''),
	);
}

/**
 * n8n wraps a network error once or twice; the innermost code is the system's own. A host that n8n's protection
 * against requests into private networks refuses comes without a code.
 */
export function networkFailure(error: unknown): RequestFailure {
	const layers: unknown[] = [error];
	for (let layer: unknown = error; isRecord(layer) && layers.length < 5; ) {
		layer = layer.cause;
		layers.push(layer);
	}
	const records = layers.filter(isRecord);
	const networkCode = records.map(codeOf).find((code) => code !== undefined);
	if (networkCode !== undefined) {
		const neverSent = isBeforeSending(records, networkCode);
		return { kind: 'network', networkCode, ...(neverSent && { neverSent }) };
	}
	const blocked = records.some((layer) =>
		/restricted IP address|not allowed|blocked/i.test(trimmedOrUndefined(layer.message) ?? ''),
	);
	return blocked
		? { kind: 'network', networkCode: 'BLOCKED', neverSent: true }
		: { kind: 'network', networkCode: 'NO_ANSWER' };
}
