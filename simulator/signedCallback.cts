import { createHmac } from 'node:crypto';

/** Headers and body of one callback, ready to be sent. */
export interface SignedCallback {
	headers: { 'content-type': string; 'x-hiapi-timestamp': string; 'x-hiapi-signature': string };
	body: Buffer;
}

/**
 * `hex(HMAC_SHA256(secret, timestamp + "." + rawBody))` over the exact bytes (docs.hiapi.ai/async-api,
 * hiapi-python `webhooks`). `timestampSeconds`: Unix seconds.
 */
export function callbackSignature(
	secret: string,
	rawBody: Buffer | string,
	timestampSeconds: number,
): string {
	return createHmac('sha256', secret).update(`${timestampSeconds}.`).update(rawBody).digest('hex');
}

/** A callback signed as HiAPI signs it, for tests of a receiver. */
export function signCallback(
	secret: string,
	rawBody: Buffer | string,
	timestampSeconds: number,
): SignedCallback {
	return {
		headers: {
			'content-type': 'application/json',
			'x-hiapi-timestamp': String(timestampSeconds),
			'x-hiapi-signature': callbackSignature(secret, rawBody, timestampSeconds),
		},
		body: Buffer.from(rawBody),
	};
}
