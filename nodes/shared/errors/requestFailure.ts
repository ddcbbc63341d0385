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
	/** True when a refusal came without HiAPI's form around it: a server in between may have sent it. */
	foreign?: boolean;
	/** A task id that came along although the request failed. */
	taskId?: string;
	/** For `network`: the system's code, for example ECONNRESET. */
	networkCode?: string;
	/** For `network`: true when it is certain that no byte of the request was sent. */
	neverSent?: boolean;
	/** Whether this or an earlier try of the same request may have been carried out although it was not confirmed. */
	outcomeUnknown?: boolean;
}

/** What OpenSSL and Node say of a certificate that is not accepted; the handshake ends with it (nodejs.org/api/tls.html). */
const CERTIFICATE_CODES = new Set([
	'CERT_CHAIN_TOO_LONG',
	'CERT_HAS_EXPIRED',
	'CERT_NOT_YET_VALID',
	'CERT_REJECTED',
	'CERT_REVOKED',
	'CERT_SIGNATURE_FAILURE',
	'CERT_UNTRUSTED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	'HOSTNAME_MISMATCH',
	'INVALID_CA',
	'INVALID_PURPOSE',
	'PATH_LENGTH_EXCEEDED',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
/** Statuses with which HiAPI has not begun to work on a request. */
export const REJECTED_BEFORE_PROCESSING = new Set([429, 503]);
const UNCONFIRMED = new Set([408, 425, 500, 502, 504]);
const MISMATCH = 'IDEMPOTENCY_KEY_MISMATCH';
// Nothing a second try a moment later could change: the address does not exist or n8n forbids it.
const FINAL_NETWORK_CODES = new Set(['ERR_INVALID_URL', 'ERR_FR_TOO_MANY_REDIRECTS', 'BLOCKED']);

/** Whether a code of the system says that the other side's certificate was not accepted. */
export function isCertificateCode(code: string | undefined): boolean {
	return code !== undefined && CERTIFICATE_CODES.has(code);
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
 * What is known of a create that failed. `refused`: HiAPI itself, in a form of its own, said no. `keyUnused`: it is certain that
 * HiAPI did nothing with the key, because the request did not get there or was turned away before any work on it (vendor
 * clients send the same key again then). `unknown`: HiAPI may have created the task.
 */
export type CreateOutcome = 'refused' | 'keyUnused' | 'unknown';

/** What a failed create means for its key: only a refusal of HiAPI itself uses it up. */
export function outcomeOf(failure: RequestFailure): CreateOutcome {
	// A task made under this key was made for this very item: with another key a retry could create a second one.
	if (failure.outcomeUnknown !== false || isKeyMismatch(failure) || failure.foreign)
		return 'unknown';
	const isRefusal =
		failure.kind === 'answer' && !REJECTED_BEFORE_PROCESSING.has(failure.status ?? 0);
	return isRefusal ? 'refused' : 'keyUnused';
}

function isUnconfirmed(status: number): boolean {
	return UNCONFIRMED.has(status) || status > 504;
}

/**
 * Whether a refusal names the task of our own key: HTTP 409 says that a request with this key came before, and only this
 * create has this key.
 */
export function isOwnTask(failure: RequestFailure): boolean {
	return isKeyInProgress(failure) && failure.taskId !== undefined && failure.code !== MISMATCH;
}

/** HTTP 409 while the first request with the same key is still being worked on (hiapi-python tests). */
export function isKeyInProgress(failure: RequestFailure): boolean {
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

/**
 * Whether running the same once more, later and by itself, can help: everything isPassing() says, and a no that
 * does not say which no it is. Where input, key, balance or address have to change first, it cannot.
 */
export function mayPassLater(failure: RequestFailure): boolean {
	if (isKeyMismatch(failure)) return false;
	// HiAPI says no without saying which no: that need not be its last word on a task that is paid.
	return isPassing(failure) || (failure.kind === 'answer' && failure.status === undefined);
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
