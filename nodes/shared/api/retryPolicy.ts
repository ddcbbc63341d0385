import {
	isKeyInProgress,
	isOutcomeUnknown,
	isPassing,
	REJECTED_BEFORE_PROCESSING,
	type RequestFailure,
} from '../errors/requestFailure';

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

const HTTP_DATE = /^\s*(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s/i;

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
