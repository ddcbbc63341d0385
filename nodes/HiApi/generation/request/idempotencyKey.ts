import { createHash } from 'node:crypto';

import type { RunIdentity } from '../ports/ports';

/** What tells one create from every other one. */
export interface CreateIdentity extends RunIdentity {
	itemIndex: number;
	/** Tells the tasks of one item apart, from 0. */
	variation?: number;
	/** Counts deliberate new creates for the same item, from 0. */
	attempt: number;
	/** The request body exactly as it is sent. */
	body: string;
}

/** HiAPI's limit for the Idempotency-Key header, in bytes of UTF-8 (hiapi-python README). */
export const LONGEST_KEY_BYTES = 255;

/** HiAPI forgets a key after about 24 h; an official client stops reusing one after 23 h. In milliseconds. */
export const KEY_LIFETIME_MS = 23 * 3_600_000;

/** SHA-256 of a request body in hexadecimal, for comparing bodies without keeping their prompts. */
export function bodyHash(body: string): string {
	return createHash('sha256').update(body, 'utf8').digest('hex');
}

/**
 * The Idempotency-Key of one create: the same identity gives the same key in every process and at every time, any
 * difference gives another one. 68 ASCII characters, nothing of the prompt can be read from it.
 */
export function idempotencyKey(identity: CreateIdentity): string {
	const parts = [
		identity.instanceId,
		identity.workflowId,
		identity.executionId,
		identity.nodeId,
		identity.nodeName,
		identity.runIndex,
		identity.itemIndex,
		identity.attempt,
		bodyHash(identity.body),
		...(identity.variation ? [identity.variation] : []),
	];
	return `n8n-${createHash('sha256').update(JSON.stringify(parts), 'utf8').digest('hex')}`;
}

/** The user's key for one of several tasks of an item; `variation` counts from 0. */
export function keyOfVariation(userKey: string, variation: number): string {
	return variation === 0 ? userKey : `${userKey}~${variation + 1}`;
}

const RETRY_MARK = '~retry';

/** The user's key for the task that replaces a failed one: the same for every run, so that a re-run finds it. */
export function keyOfRetry(userKey: string, retries: number): string {
	return retries === 0 ? userKey : `${userKey}${RETRY_MARK}${retries}`;
}

/**
 * Why a key typed in by the user cannot be sent, or undefined when it can. Vendor clients refuse blank keys and
 * control characters; the length limit is HiAPI's own. Keys of replaced tasks and of further variations are longer.
 *
 * @param mostRetries how many failed tasks may be replaced
 * @param variations how many tasks the item asks for
 */
export function keyProblem(key: string, mostRetries = 0, variations = 1): string | undefined {
	if (key.trim() === '') return 'is empty';
	const bytes = new TextEncoder().encode(key).length;
	const most =
		LONGEST_KEY_BYTES - keyOfRetry(keyOfVariation('', variations - 1), mostRetries).length;
	if (bytes > most) return `is ${bytes} bytes long, and at most ${most} are allowed`;
	if (!/^[\x20-\x7e]+$/.test(key))
		return 'may hold only ASCII letters, digits and signs, because it travels in an HTTP header';
	return undefined;
}
