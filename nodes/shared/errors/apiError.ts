import {
	type RequestFailure,
	isKeyMismatch,
	isOutcomeUnknown,
	mayPassLater,
	mayPassWithNewTask,
} from './requestFailure';
import { adviceForTask, wordRequestFailure, type RequestPurpose } from './messages';
import { redact } from './redact';
import { afterUnknownOutcome, type WayOn } from './wayOn';

/** What a failure carries besides its wording; never the key, the secret or the prompt. */
export interface FailureDetails {
	taskId?: string;
	/** HiAPI's error code. */
	code?: string;
	httpStatus?: number;
	requestId?: string;
	/** Tasks that were created and go on at HiAPI although this run ends. */
	runningTaskIds?: string[];
	/**
	 * Whether running the same again later can help (rate limit, network, HiAPI busy, timeout); if not, input, key, balance or
	 * content have to change first. What the reply behind the failure says, when not given.
	 */
	retryable?: boolean;
	/** What the tasks were going to cost, in US dollars by HiAPI's price list. */
	estimatedCostUsd?: number;
}

/**
 * Something that stops an item, worded for the person at the screen: `message` says what happened, `description` how
 * to get on. Free of n8n; resources turn it into n8n's own error classes.
 */
export class HiApiError extends Error {
	readonly details: FailureDetails & { retryable: boolean };

	constructor(
		message: string,
		readonly description: string,
		details: FailureDetails = {},
		/** The reply behind it, when there is one. */
		readonly request?: RequestFailure,
	) {
		super(message);
		const retryable = details.retryable ?? (request !== undefined && mayPassLater(request));
		this.details = { ...details, retryable };
		this.name = 'HiApiError';
	}
}

/**
 * The wording for a failed request. HiAPI's own text follows our sentence; the description ends with what support needs,
 * code and request id, and with the way on after a create of which nobody knows whether it was carried out.
 */
export function describeRequestFailure(
	failure: RequestFailure,
	purpose: RequestPurpose,
	knownTaskId?: string,
	wayOn: WayOn = 'retry',
): HiApiError {
	const open = purpose === 'create' && (failure.outcomeUnknown ?? isOutcomeUnknown(failure));
	const { message, description } = wordRequestFailure(failure, purpose, open);
	const advice = open ? ` ${afterUnknownOutcome(wayOn)}` : '';
	const taskId = knownTaskId ?? failure.taskId;
	// A refused create that names a task: the same key may bring that task.
	const namesTask = open && failure.taskId !== undefined && !isKeyMismatch(failure);
	const references = [
		failure.status !== undefined && `HTTP ${failure.status}`,
		failure.code !== undefined && `code ${failure.code}`,
		failure.networkCode,
		failure.requestId !== undefined && `request id ${failure.requestId}`,
		taskId !== undefined && `task ${taskId}`,
	].filter(Boolean);
	return new HiApiError(
		failure.apiMessage === undefined ? message : `${message}: ${failure.apiMessage}`,
		(references.length === 0 ? description : `${description} (${references.join(', ')})`) + advice,
		{
			...(taskId !== undefined && { taskId }),
			...(failure.code !== undefined && { code: failure.code }),
			...(failure.status !== undefined && { httpStatus: failure.status }),
			...(failure.requestId !== undefined && { requestId: failure.requestId }),
			retryable: namesTask || mayPassLater(failure),
		},
		failure,
	);
}

/** The wording for a task that ended without a result: HiAPI's reason, and whether trying again makes sense. */
export function describeTaskFailure(taskId: string, code: string, reason: string): HiApiError {
	const message = `HiAPI could not complete the task: ${redact(reason)}`;
	return new HiApiError(message, `${adviceForTask(code)} (code ${code}, task ${taskId})`, {
		taskId,
		code,
		retryable: mayPassWithNewTask(code),
	});
}
