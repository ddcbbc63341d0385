import type { RequestFailure } from './envelope';

/** What a failure carries besides its wording; never the key, the secret or the prompt. */
export interface FailureDetails {
	taskId?: string;
	/** HiAPI's error code. */
	code?: string;
	httpStatus?: number;
	requestId?: string;
	/** Tasks that were bought and go on at HiAPI although this run ends. */
	runningTaskIds?: string[];
}

/**
 * Something that stops an item, worded for the person at the screen: `message` says what happened, `description` how
 * to get on. Free of n8n; resources turn it into n8n's own error classes.
 */
export class HiApiFailure extends Error {
	constructor(
		message: string,
		readonly description: string,
		readonly details: FailureDetails = {},
		/** The reply behind it, when there is one. */
		readonly request?: RequestFailure,
	) {
		super(message);
		this.name = 'HiApiFailure';
	}
}

/** What was being done when a request failed. */
export type RequestPurpose = 'create' | 'read' | 'list';

interface Wording {
	message: string;
	description: string;
}

const TOP_UP = 'Top up the balance in the HiAPI console, then run this again.';
const CHECK_KEY = "Open the credential 'HiAPI API' and check 'API Key': copy it again from the HiAPI console, without spaces.";

const BY_CODE: Record<string, (purpose: RequestPurpose) => Wording> = {
	MODEL_UNAVAILABLE: () => ({
		message: 'The model is not available',
		description: "Check the spelling of 'Model' and 'Route' against HiAPI's list of models, or choose another model. Some models are switched off for a while.",
	}),
	TASK_TIMEOUT: () => ({
		message: 'HiAPI gave up on the task because it took too long',
		description: 'Run this again; a shorter or smaller request has better chances.',
	}),
	STORAGE_UNAVAILABLE: () => ({
		message: 'HiAPI could not store the result',
		description: "Run this again later, or set the option 'Storage' to 'Temporary'.",
	}),
	IDEMPOTENCY_KEY_PROCESSING: () => ({
		message: 'HiAPI is still working on the first request with the same idempotency key',
		description: 'Nothing was bought twice. Run this again in a minute; it will find the same task.',
	}),
	IDEMPOTENCY_KEY_MISMATCH: () => ({
		message: 'The idempotency key was already used for a different request',
		description: "No task was created. Use another value in 'Idempotency Key', for example one that also holds what changed. HiAPI remembers a key for about 24 hours.",
	}),
	INSUFFICIENT_QUOTA: () => ({ message: 'The balance of the HiAPI account is too low', description: TOP_UP }),
};
BY_CODE.model_not_found = BY_CODE.MODEL_UNAVAILABLE;

const BY_STATUS: Record<number, (purpose: RequestPurpose) => Wording> = {
	400: () => ({
		message: 'HiAPI refused the request',
		description: "Correct the fields named in the message. Each model and route has its own input fields; the option 'Route' and the model's page in HiAPI's documentation list them.",
	}),
	401: () => ({ message: 'HiAPI did not accept the API key', description: CHECK_KEY }),
	402: () => ({ message: 'The balance of the HiAPI account does not cover this task', description: `The task was not created and nothing was charged. ${TOP_UP}` }),
	403: () => ({
		message: 'The HiAPI account may not do this',
		description: 'Check in the HiAPI console that the account is active, has balance, and that the API key may use this model.',
	}),
	404: (purpose) =>
		purpose === 'create'
			? { message: 'HiAPI does not know this address or model', description: "Check 'Model', and 'Base URL' in the credential 'HiAPI API'." }
			: {
					message: 'HiAPI does not know this task',
					description: "Check 'Task ID', and that the credential belongs to the account that created the task: tasks of other accounts cannot be seen.",
				},
	413: () => ({
		message: 'The request is too large for HiAPI',
		description: 'Give pictures, clips and sounds as URLs instead of sending their content inside the input.',
	}),
	415: () => ({ message: 'HiAPI did not accept the format of the request', description: "Check 'Base URL' in the credential: a server in between may have changed the request." }),
	429: () => ({
		message: 'HiAPI asked for fewer requests',
		description: "The account's rate limit was reached and stayed reached after several tries. Lower the option 'Concurrency', raise 'Poll Interval', or run this later.",
	}),
	503: () => ({ message: 'HiAPI is busy', description: 'It did not accept the request after several tries. Run this again later.' }),
};

const UNKNOWN_OUTCOME =
	'It is not known whether HiAPI created the task. Use Retry on this execution: it sends the same idempotency key, so nothing is bought twice. A new execution would buy a new task.';

function baseWording(failure: RequestFailure, purpose: RequestPurpose): Wording {
	const unknownOutcome = purpose === 'create' ? UNKNOWN_OUTCOME : 'Run this again later; the task itself is not affected.';
	if (failure.kind === 'redirect') {
		return {
			message: 'The base URL sends requests on to another address',
			description: "Enter the final address in 'Base URL' of the credential 'HiAPI API'. The API key is never sent on to another address.",
		};
	}
	if (failure.kind === 'network') {
		return {
			message: failure.networkCode === 'BLOCKED' ? 'n8n does not allow requests to this address' : 'HiAPI could not be reached',
			description:
				failure.networkCode === 'BLOCKED'
					? "Check 'Base URL' in the credential, or ask whoever runs this n8n to allow the address."
					: `Check the network of this n8n and 'Base URL' in the credential. ${unknownOutcome}`,
		};
	}
	if (failure.kind === 'unreadable') {
		return {
			message: 'The reply was not in the form HiAPI uses',
			description: `Check 'Base URL' in the credential: another server may have answered. ${unknownOutcome}`,
		};
	}
	const known = BY_CODE[failure.code ?? ''] ?? BY_STATUS[failure.status ?? 0];
	if (known) return known(purpose);
	const status = failure.status ?? 0;
	if (status >= 500 || status === 408 || status === 425 || status === 409) {
		return { message: 'HiAPI could not answer', description: `${status} came back after several tries. ${unknownOutcome}` };
	}
	return { message: 'HiAPI refused the request', description: 'Read the text above; HiAPI support can look the request up by its id.' };
}

/**
 * The wording for a failed request. HiAPI's own text follows our sentence, and the description ends with what support
 * needs: code and request id.
 */
export function describeRequestFailure(failure: RequestFailure, purpose: RequestPurpose, taskId?: string): HiApiFailure {
	const { message, description: advice } = baseWording(failure, purpose);
	const addUnknown = purpose === 'create' && failure.outcomeUnknown && !advice.includes(UNKNOWN_OUTCOME);
	const description = addUnknown ? `${advice} ${UNKNOWN_OUTCOME}` : advice;
	const references = [
		failure.status !== undefined && `HTTP ${failure.status}`,
		failure.code !== undefined && `code ${failure.code}`,
		failure.networkCode !== undefined && failure.networkCode,
		failure.requestId !== undefined && `request id ${failure.requestId}`,
		taskId !== undefined && `task ${taskId}`,
	].filter(Boolean);
	return new HiApiFailure(
		failure.apiMessage === undefined ? message : `${message}: ${failure.apiMessage}`,
		references.length === 0 ? description : `${description} (${references.join(', ')})`,
		{
			...(taskId !== undefined && { taskId }),
			...(failure.code !== undefined && { code: failure.code }),
			...(failure.status !== undefined && { httpStatus: failure.status }),
			...(failure.requestId !== undefined && { requestId: failure.requestId }),
		},
		failure,
	);
}

/** The wording for a task that ended without a result: HiAPI's reason, and whether trying again makes sense. */
export function describeTaskFailure(taskId: string, code: string, reason: string): HiApiFailure {
	const hint = BY_CODE[code]?.('read').description ?? 'Change what the reason names, then run this again. HiAPI charges for tasks that succeed.';
	return new HiApiFailure(`HiAPI could not complete the task: ${reason}`, `${hint} (code ${code}, task ${taskId})`, { taskId, code });
}
