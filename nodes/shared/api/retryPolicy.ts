import type { RequestFailure } from './envelope';
import { isCertificateCode } from './networkFailure';

/** What a retry decision depends on besides the failure itself. */
export interface RetrySituation {
	method: 'GET' | 'POST';
	/** Whether the request carries an Idempotency-Key, which makes re-sending a create safe. */
	hasIdempotencyKey: boolean;
	/** How many times the request has been re-sent already. */
	retriesMade: number;
	/** Milliseconds left of the caller's time budget. */
	remainingMs: number;
	/** Milliseconds since 1970, for Retry-After in its date form. */
	nowMs: number;
	/** From 0 (inclusive) to 1 (exclusive). */
	random: number;
}

const FIRST_DELAY_MS = 500;
const LONGEST_BACKOFF_MS = 8_000;
const LONGEST_RETRY_AFTER_MS = 60_000;
const PROCESSING_DELAY_MS = 5_000;
const MOST_RETRIES = 5;
// A key in progress or a rate limit says "later", not "broken": worth more patience than a fault.
const MOST_PATIENT_RETRIES = 12;

const REJECTED_BEFORE_PROCESSING = new Set([429, 503]);
const UNCONFIRMED = new Set([408, 425, 500, 502, 504]);
const MISMATCH = 'IDEMPOTENCY_KEY_MISMATCH';
const HTTP_DATE = /^\s*(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s/i;
// Nothing a second try a moment later could change: the address does not exist or n8n forbids it.
const FINAL_NETWORK_CODES = new Set(['ERR_INVALID_URL', 'ERR_FR_TOO_MANY_REDIRECTS', 'BLOCKED']);

/**
 * The Retry-After header in milliseconds from now: seconds or an HTTP date (RFC 9110 §10.2.3). Past dates give 0,
 * unreadable values undefined.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
	if (value === undefined) return undefined;
	if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1000;
	// Date.parse alone would make a date out of almost anything with a digit in it, and a local one where no zone is named.
	if (!HTTP_DATE.test(value)) return undefined;
	const date = Date.parse(/ (GMT|UTC|[+-]\d{4})\s*$/i.test(value) ? value : `${value} GMT`);
	return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/**
 * Whether a failure leaves open if HiAPI created the task, so that only the same key and the same bytes may be sent
 * again (statuses: hiapi-api-examples README; the list of definitive refusals: awesome-codex-blender-seedance-workflows).
 * Only HiAPI itself, in a form of its own, can say that it did not; the exceptions are connections that never came about.
 */
export function isOutcomeUnknown(failure: RequestFailure): boolean {
	if (failure.kind === 'network')
		return !failure.neverSent && !FINAL_NETWORK_CODES.has(failure.networkCode ?? '');
	if (failure.kind !== 'answer') return true;
	// HiAPI says no without saying which no, or names a task in the same breath: the task may exist.
	if (failure.status === undefined || failure.taskId !== undefined) return true;
	// A proxy that asks for a login has passed nothing on (RFC 9110 §15.5.8); of all others nobody knows.
	if (failure.foreign) return failure.status !== 407;
	return isKeyInProgress(failure) || isUnconfirmed(failure.status);
}

/**
 * What is known of a create that failed. `refused`: HiAPI itself, in a form of its own, said no. `notSent`: it is certain
 * that the request did not get to HiAPI. `unknown`: HiAPI may have created the task.
 */
export type CreateOutcome = 'refused' | 'notSent' | 'unknown';

/** What a failed create means for its key: only a refusal of HiAPI itself frees it. */
export function outcomeOf(failure: RequestFailure): CreateOutcome {
	// A task made under this key was made for this very item: with another key a retry could buy a second one.
	if (failure.outcomeUnknown !== false || isKeyMismatch(failure) || failure.foreign)
		return 'unknown';
	return failure.kind === 'answer' ? 'refused' : 'notSent';
}

function isUnconfirmed(status: number): boolean {
	return UNCONFIRMED.has(status) || status > 504;
}

/**
 * Whether a refusal names the task of our own key: HTTP 409 says that a request with this key came before, and only this
 * purchase has this key.
 */
export function isOwnTask(failure: RequestFailure): boolean {
	return isKeyInProgress(failure) && failure.taskId !== undefined && failure.code !== MISMATCH;
}

/** HTTP 409 while the first request with the same key is still being worked on (hiapi-python tests). */
function isKeyInProgress(failure: RequestFailure): boolean {
	return failure.kind === 'answer' && failure.status === 409;
}

/** HTTP 422: HiAPI has seen the key with another body, and what it made of that is kept under this key. */
export function isKeyMismatch(failure: RequestFailure): boolean {
	return failure.kind === 'answer' && (failure.status === 422 || failure.code === MISMATCH);
}

/**
 * Whether a failed read is worth repeating: a lost connection, a server in trouble and a rate limit say nothing about the
 * task. A certificate that is not accepted, an address that leads elsewhere and a plain no stay what they are.
 */
export function isPassing(failure: RequestFailure): boolean {
	if (failure.kind === 'network')
		return (
			!FINAL_NETWORK_CODES.has(failure.networkCode ?? '') && !isCertificateCode(failure.networkCode)
		);
	if (failure.kind !== 'answer') return failure.kind === 'unreadable';
	// An answer in HiAPI's form, only without a status: the same question would get it again.
	if (failure.status === undefined) return false;
	if (REJECTED_BEFORE_PROCESSING.has(failure.status) || failure.status === 409) return true;
	return isUnconfirmed(failure.status) || (failure.foreign === true && failure.status >= 500);
}

/** Whether HiAPI's answer to a create did not arrive, or only that of a server in between which lost it. */
function isAnswerLost(failure: RequestFailure): boolean {
	return isPassing(failure) && (failure.kind !== 'answer' || failure.foreign === true);
}

/** HiAPI's own clients repeat a create on 409, 429, 503 and lost answers only (hiapi-product-video-skills api.md). */
function mayRetry(failure: RequestFailure, situation: RetrySituation): boolean {
	if (situation.method === 'GET') return isPassing(failure);
	// The task of a key that is in progress has been named: there is nothing left to ask.
	if (isKeyInProgress(failure)) return situation.hasIdempotencyKey && failure.taskId === undefined;
	if (failure.kind === 'answer' && REJECTED_BEFORE_PROCESSING.has(failure.status ?? 0))
		return situation.hasIdempotencyKey || !isOutcomeUnknown(failure);
	if (!isAnswerLost(failure)) return false;
	return situation.hasIdempotencyKey || failure.neverSent === true;
}

/**
 * How long to wait before sending the same request again, in milliseconds; undefined means: do not. GET is re-sent
 * on 429, 5xx and network loss; a create on 429 and 503, and on 409 and lost answers only with a key. The delay honours
 * Retry-After (at most 60 s) and never reaches past the time budget.
 */
export function retryDelay(failure: RequestFailure, situation: RetrySituation): number | undefined {
	if (!mayRetry(failure, situation)) return undefined;
	const patient = failure.status === 429 || isKeyInProgress(failure);
	if (situation.retriesMade >= (patient ? MOST_PATIENT_RETRIES : MOST_RETRIES)) return undefined;

	const backoff = Math.min(FIRST_DELAY_MS * 2 ** situation.retriesMade, LONGEST_BACKOFF_MS);
	const asked = parseRetryAfter(failure.retryAfter, situation.nowMs);
	const least = asked ?? (isKeyInProgress(failure) ? PROCESSING_DELAY_MS : backoff / 2);
	// Jitter only ever adds to what the server asked for, so that many clients do not come back at the same moment.
	const delay = Math.min(least, LONGEST_RETRY_AFTER_MS) + (backoff / 2) * situation.random;
	return delay < situation.remainingMs ? delay : undefined;
}

const PASSING_TASK_FAILURES = new Set([
	'TASK_TIMEOUT',
	'STORAGE_UNAVAILABLE',
	'rate_limit_exceeded',
]);

/**
 * Whether a task that ended in failure may succeed as a new task with the same input. `fail` is final for the task
 * itself; which codes may pass is said in hiapi-python's error table.
 */
export function mayPassWithNewTask(code: string | undefined): boolean {
	return code !== undefined && PASSING_TASK_FAILURES.has(code);
}
