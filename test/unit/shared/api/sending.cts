import {
	HiApiClient,
	type ApiRequest,
	type RequestBudget,
} from '../../../../nodes/shared/api/client';
import type { ReadReply } from '../../../../nodes/shared/api/response';
import type { RequestFailure } from '../../../../nodes/shared/errors/requestFailure';
import type { RateLimiter } from '../../../../nodes/shared/api/rateLimiter';
import { isRecord } from '../../../../nodes/shared/values';
import { VirtualTiming } from '../../../support/virtualTiming.cts';
import { FakeHiApi, networkError, refusal, type Reaction } from './fakeHiApi.cts';

export const BODY = '{"model":"m","input":{"prompt":"a lake \u{1F30A}"}}';
export const CREATE: ApiRequest = {
	method: 'POST',
	path: '/tasks',
	body: BODY,
	idempotencyKey: 'key-1',
	isExpected: (data) => isRecord(data) && typeof data.taskId === 'string' && data.taskId !== '',
};
export const READ: ApiRequest = { method: 'GET', path: '/tasks/tk-1', isExpected: isRecord };

export interface Sent {
	api: FakeHiApi;
	reply: ReadReply;
	tookMs: number;
}

/** Sends one request to a HiAPI that reacts so, one reaction a try, on a clock of its own. */
export async function send(
	reactions: Reaction[],
	request: ApiRequest = CREATE,
	budget: Partial<RequestBudget> & { budgetMs?: number } = {},
	pacer?: RateLimiter,
): Promise<Sent> {
	const api = new FakeHiApi(reactions);
	const timing = new VirtualTiming();
	const startMs = timing.monotonic();
	const client = new HiApiClient(api.context, 'https://api.hiapi.ai/v1', timing, pacer);
	const reply = await client.send(request, {
		deadlineMs: startMs + (budget.budgetMs ?? 600_000),
		signal: budget.signal,
	});
	return { api, reply, tookMs: timing.monotonic() - startMs };
}

/** The failure that a reply must be. */
export function failureOf({ reply }: Sent): RequestFailure {
	if (reply.ok) throw new Error('unexpected success');
	return reply.failure;
}

export const LOST = { error: networkError('ECONNRESET') };
export const BUSY = refusal(503);
