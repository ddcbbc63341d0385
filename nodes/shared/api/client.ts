import type {
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { isPrivateHost } from '../privateHosts';
import type { Timing } from '../clock';
import { USER_AGENT } from '../userAgent';
import { normaliseBaseUrl } from './baseUrl';
import { parseResponse, type HttpReply, type ReadReply } from './response';
import { HiApiError } from '../errors/apiError';
import { networkFailure } from '../errors/networkError';
import type { RateLimiter } from './rateLimiter';
import { retryDelay } from './retryPolicy';
import { isOutcomeUnknown } from '../errors/requestFailure';

/** Every n8n context a request can be made from. */
export type RequestContext =
	| IExecuteFunctions
	| IWebhookFunctions
	| IHookFunctions
	| ILoadOptionsFunctions
	| IPollFunctions;

export const CREDENTIAL_TYPE = 'hiApiApi';

/** One request to HiAPI's API. */
export interface ApiRequest {
	method: 'GET' | 'POST';
	/** Below the base URL, starting with a slash, segments already encoded. */
	path: string;
	query?: Record<string, string | number>;
	/** The JSON text to send, byte for byte the same in every retry. */
	body?: string;
	idempotencyKey?: string;
	/** Whether the reply's data is what was asked for; anything else counts as unreadable, and is asked for again. */
	isExpected(data: unknown): boolean;
}

/** How long and under whose control a request may go on. */
export interface RequestBudget {
	/** No retry starts after this point, in milliseconds of the monotonic clock. */
	deadlineMs: number;
	signal?: AbortSignal;
}

const READ_TIMEOUT_MS = 30_000;
const CREATE_TIMEOUT_MS = 60_000;
const LARGE_CREATE_TIMEOUT_MS = 300_000;
// Above this, a body carries pictures or clips inside, and uploading them takes its time.
const LARGE_BODY_CHARACTERS = 1_000_000;
// The monotonic clock stands still while a machine sleeps. HiAPI forgets an idempotency key after 24 hours
// (docs.hiapi.ai/en/task-api/create-task): a create repeated then would be a second one.
const LONGEST_REPEATING_MS = 12 * 3_600_000;

/** The one place that sends requests to HiAPI's API: key from the credential, retries as `retryPolicy` says. */
export class HiApiClient {
	constructor(
		private readonly context: RequestContext,
		readonly baseUrl: string,
		private readonly timing: Timing,
		/** The request budget of a run that sends many; single requests need none. */
		private readonly pacer?: RateLimiter,
	) {}

	/** Whether the API is on this machine or in a private network: then its files may be there too. */
	get isLocal(): boolean {
		return isPrivateHost(new URL(this.baseUrl).hostname);
	}

	/** Sends a request, again where that is safe, and reads the reply. Never throws for what HiAPI or the network did. */
	async send(request: ApiRequest, budget: RequestBudget): Promise<ReadReply> {
		let outcomeUnknown = false;
		let last: ReadReply | undefined;
		const firstSentMs = this.timing.now();
		for (let retriesMade = 0; ; retriesMade++) {
			await this.waitForTurn(budget.signal);
			if (budget.signal?.aborted)
				return { ok: false, failure: { kind: 'network', networkCode: 'STOPPED', outcomeUnknown } };
			// Waiting for the turn may have taken what was left of the time.
			if (last !== undefined && this.isTooLate(budget, firstSentMs)) return last;
			const result = await this.sendOnce(request, budget.signal);
			if (result.ok) return result;
			last = result;
			// Sticky over the tries: a refusal after a lost answer says nothing about what the lost request did.
			outcomeUnknown ||= isOutcomeUnknown(result.failure);
			result.failure.outcomeUnknown = outcomeUnknown;
			if (budget.signal?.aborted) return result;
			const delay = retryDelay(result.failure, {
				method: request.method,
				hasIdempotencyKey: request.idempotencyKey !== undefined,
				retriesMade,
				remainingMs: budget.deadlineMs - this.timing.monotonic(),
				nowMs: this.timing.now(),
				random: this.timing.random(),
			});
			if (delay === undefined) return result;
			await this.timing.pause(delay, budget.signal);
			if (budget.signal?.aborted) return result;
		}
	}

	private isTooLate({ deadlineMs }: RequestBudget, firstSentMs: number): boolean {
		return (
			this.timing.monotonic() >= deadlineMs ||
			this.timing.now() - firstSentMs > LONGEST_REPEATING_MS
		);
	}

	private async waitForTurn(signal?: AbortSignal): Promise<void> {
		const { pacer, timing } = this;
		if (pacer === undefined) return;
		let left = pacer.reserve(timing.monotonic());
		do {
			await timing.pause(left, signal);
			left = pacer.pauseLeft(timing.monotonic());
		} while (left > 0 && !signal?.aborted);
	}

	private async sendOnce(request: ApiRequest, signal?: AbortSignal): Promise<ReadReply> {
		const options: IHttpRequestOptions = {
			method: request.method,
			url: `${this.baseUrl}${request.path}`,
			qs: request.query,
			headers: {
				Accept: 'application/json',
				'User-Agent': USER_AGENT,
				...(request.body !== undefined && { 'Content-Type': 'application/json' }),
				...(request.idempotencyKey !== undefined && { 'Idempotency-Key': request.idempotencyKey }),
			},
			body: request.body,
			// The reply is read as text so that one reader handles every form of it, broken JSON included.
			encoding: 'text',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			timeout: timeoutOf(request),
			abortSignal: signal,
		};
		try {
			const reply = (await this.context.helpers.httpRequestWithAuthentication.call(
				this.context,
				CREDENTIAL_TYPE,
				options,
			)) as { statusCode: number; headers: HttpReply['headers']; body: unknown };
			const { statusCode: status, headers } = reply;
			this.pacer?.observe({ status, headers }, this.timing);
			const read = parseResponse({
				status,
				headers,
				text: typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? ''),
			});
			return !read.ok || request.isExpected(read.data)
				? read
				: { ok: false, failure: { kind: 'unreadable' } };
		} catch (error) {
			return { ok: false, failure: networkFailure(error) };
		}
	}
}

/**
 * A client for the node's credential.
 *
 * @throws HiApiError when the credential's base URL cannot be used
 */
export async function createClient(
	context: RequestContext,
	timing: Timing,
	pacer?: RateLimiter,
): Promise<HiApiClient> {
	const credential = await context.getCredentials(CREDENTIAL_TYPE);
	const baseUrl = normaliseBaseUrl(credential.baseUrl);
	if (!baseUrl.ok) {
		throw new HiApiError(
			`'Base URL' in the credential ${baseUrl.problem}`,
			"Open the credential 'HiAPI API' and enter for example https://api.hiapi.ai/v1.",
		);
	}
	return new HiApiClient(context, baseUrl.url, timing, pacer);
}

function timeoutOf(request: ApiRequest): number {
	if (request.method === 'GET') return READ_TIMEOUT_MS;
	return (request.body?.length ?? 0) > LARGE_BODY_CHARACTERS
		? LARGE_CREATE_TIMEOUT_MS
		: CREATE_TIMEOUT_MS;
}
