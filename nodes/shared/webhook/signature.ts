import { createHmac, timingSafeEqual } from 'node:crypto';

/** Unix seconds as digits (docs.hiapi.ai/async-api). Lower case, as Node delivers header names. */
export const TIMESTAMP_HEADER = 'x-hiapi-timestamp';
/** 64 lower-case hex digits, no prefix (docs.hiapi.ai/async-api; hiapi-python `webhooks.py`). */
export const SIGNATURE_HEADER = 'x-hiapi-signature';
/** How far, in seconds, the timestamp may be from now; the same as in HiAPI's own SDKs. */
export const DEFAULT_TOLERANCE_SECONDS = 300;

/** Request headers; names in any case. */
export type Headers = Record<string, string | string[] | undefined>;

/** What a signature is checked against. */
export interface SignatureCheck {
	/** HiAPI's "Webhook signing key". Empty or missing: nothing can be valid. */
	secret?: string;
	/** The key before the last change, accepted as well while HiAPI and n8n are not yet in step. */
	previousSecret?: string;
	/** Largest distance between the timestamp and now, in seconds, inclusive. 0 turns this check off. */
	toleranceSeconds: number;
	/** Now, in Unix seconds. */
	nowSeconds: number;
}

/** Why a request does not count as signed by HiAPI. */
export type SignatureProblem =
	| 'noSecret'
	| 'missingTimestamp'
	| 'missingSignature'
	| 'malformedTimestamp'
	| 'malformedSignature'
	| 'outsideTolerance'
	| 'mismatch';

export type SignatureVerdict =
	| { valid: true; signedWith: 'current' | 'previous' }
	| { valid: false; problem: SignatureProblem };

const refuse = (problem: SignatureProblem): SignatureVerdict => ({ valid: false, problem });

/** A header sent twice comes back joined, which no later check accepts. */
function readHeader(headers: Headers, name: string): string {
	return Object.keys(headers)
		.filter((key) => key.toLowerCase() === name)
		.flatMap((key) => headers[key] ?? [])
		.join(', ');
}

/** Whether a request carries either of HiAPI's two signature headers, valid or not. */
export function claimsSignature(headers: Headers): boolean {
	return [TIMESTAMP_HEADER, SIGNATURE_HEADER].some((name) => readHeader(headers, name) !== '');
}

/**
 * Checks `hex(HMAC_SHA256(secret, timestamp + "." + body))` over the body's bytes as received
 * (docs.hiapi.ai/async-api; hiapi-python `webhooks.py`; hiapi-java `Webhooks.java`). Never throws. Takes the same
 * time whichever secret matches and however many digits are right.
 */
export function verifySignature(
	headers: Headers,
	body: Uint8Array,
	check: SignatureCheck,
): SignatureVerdict {
	const secrets = [check.secret, check.previousSecret].map((secret) => secret ?? '');
	if (secrets.every((secret) => secret.trim() === '')) return refuse('noSecret');

	const timestamp = readHeader(headers, TIMESTAMP_HEADER);
	const signature = readHeader(headers, SIGNATURE_HEADER);
	if (timestamp === '') return refuse('missingTimestamp');
	if (signature === '') return refuse('missingSignature');
	if (!/^[0-9]+$/.test(timestamp)) return refuse('malformedTimestamp');
	if (!/^[0-9a-f]{64}$/.test(signature)) return refuse('malformedSignature');

	// Written so that a tolerance or clock that is not a number refuses instead of letting everything through.
	const inTolerance = Math.abs(check.nowSeconds - Number(timestamp)) <= check.toleranceSeconds;
	if (check.toleranceSeconds !== 0 && !inTolerance) return refuse('outsideTolerance');

	const claimed = Buffer.from(signature, 'hex');
	const [current, previous] = secrets.map((secret) => {
		const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
		const equal = timingSafeEqual(expected, claimed);
		return equal && secret.trim() !== '';
	});
	if (current) return { valid: true, signedWith: 'current' };
	return previous ? { valid: true, signedWith: 'previous' } : refuse('mismatch');
}
