import { errorReply, gatewayErrorReply, bodyBytes, jsonReply, type Reply } from './reply.cts';
import type { LoggedRequest } from './requestLog.cts';

/**
 * When a fault strikes.
 * `before`: on arrival, nothing happened (no check, no key registered, no task).
 * `during`: after all checks of a create, while its Idempotency-Key is registered as running; nothing is stored.
 * `after`: the default behaviour has run (the task is stored and bought), only its answer is spoiled.
 * On anything but a create, `during` is the same as `before`.
 */
export type FaultMoment = 'before' | 'during' | 'after';

export type FaultAction =
	/** An error status: as JSON (envelope E1 or E2), as an HTML page, as text or without a body. */
	| {
			type: 'status';
			status: number;
			format?: 'json' | 'html' | 'text' | 'empty';
			envelope?: 'E1' | 'E2';
			message?: string;
			errorCode?: string;
			retryAfter?: number | string;
			when?: FaultMoment;
	  }
	/** Any answer at all. */
	| {
			type: 'reply';
			status: number;
			body?: unknown;
			headers?: Record<string, string>;
			when?: FaultMoment;
	  }
	/** Real milliseconds; the default behaviour follows or has already run. */
	| { type: 'delay'; milliseconds: number; when?: FaultMoment }
	/** The connection stays open and silent. */
	| { type: 'noAnswer'; when?: FaultMoment }
	/** The connection is closed without an answer. */
	| { type: 'drop'; when?: FaultMoment }
	/** HTTP 200 whose body is not JSON (default `after`). */
	| { type: 'malformedJson'; when?: FaultMoment }
	/** HTTP 200 whose JSON ends in the middle, properly framed (default `after`). */
	| { type: 'truncatedJson'; when?: FaultMoment }
	/** The whole body is announced, the connection closes after half of it (default `after`). */
	| { type: 'cutConnection'; when?: FaultMoment }
	/** HTTP 200 whose body is an error: E2 (that is E3) or an E1 with `code` other than 200 (E5). */
	| {
			type: 'errorInSuccess';
			envelope?: 'E2' | 'E5';
			code?: string | number;
			message?: string;
			when?: FaultMoment;
	  };

export interface FaultRule {
	method?: string;
	/** Exact path without query, a prefix ending in `*`, or a pattern tested on the path with its query. */
	path?: string | RegExp;
	/** How many requests it strikes (default 1; Infinity, or null over HTTP: all). */
	times?: number | null;
	/** How many matching requests it lets through first. */
	after?: number;
	action: FaultAction;
}

interface PendingFault extends FaultRule {
	left: number;
	skip: number;
}

/** What one request has to suffer: delays per moment and at most one spoiled answer. */
export interface FaultPlan {
	delays: Array<{ when: FaultMoment; milliseconds: number }>;
	spoil?: { when: FaultMoment; action: Exclude<FaultAction, { type: 'delay' }> };
}

const SPOILS_THE_ANSWER = new Set(['malformedJson', 'truncatedJson', 'cutConnection']);

function momentOf(action: FaultAction): FaultMoment {
	return action.when ?? (SPOILS_THE_ANSWER.has(action.type) ? 'after' : 'before');
}

/** Whether a request is meant by a method and a path as in `FaultRule`. */
export function requestMatches(
	request: LoggedRequest,
	rule: { method?: string; path?: string | RegExp },
): boolean {
	if (rule.method && rule.method.toUpperCase() !== request.method) return false;
	if (rule.path === undefined) return true;
	if (rule.path instanceof RegExp)
		return new RegExp(rule.path.source, rule.path.flags.replace(/[gy]/g, '')).test(request.path);
	if (rule.path.endsWith('*')) return request.pathname.startsWith(rule.path.slice(0, -1));
	return request.pathname === rule.path;
}

export class Faults {
	private rules: PendingFault[] = [];

	add(rule: FaultRule): void {
		this.rules.push({
			...rule,
			left: rule.times === null ? Infinity : (rule.times ?? 1),
			skip: rule.after ?? 0,
		});
	}

	clear(): void {
		this.rules = [];
	}

	/** What is left to strike, for the control interface. */
	pending(): Array<{ method?: string; path?: string; left: number | null; action: FaultAction }> {
		return this.rules.map(({ method, path, left, action }) => ({
			method,
			path: path instanceof RegExp ? path.source : path,
			left: left === Infinity ? null : left,
			action,
		}));
	}

	/** Takes what strikes this request: every matching delay and the first matching other fault. */
	take(request: LoggedRequest): FaultPlan | undefined {
		if (this.rules.length === 0) return undefined;
		const plan: FaultPlan = { delays: [] };
		for (const rule of this.rules) {
			if (rule.left <= 0 || !requestMatches(request, rule)) continue;
			const { action } = rule;
			if (action.type !== 'delay' && plan.spoil) continue;
			if (rule.skip > 0) {
				rule.skip -= 1;
				continue;
			}
			rule.left -= 1;
			const when = momentOf(action);
			if (action.type === 'delay') plan.delays.push({ when, milliseconds: action.milliseconds });
			else plan.spoil = { when, action };
		}
		this.rules = this.rules.filter((rule) => rule.left > 0);
		return plan.spoil || plan.delays.length > 0 ? plan : undefined;
	}
}

function statusBody(action: Extract<FaultAction, { type: 'status' }>): Reply {
	const { status, format = 'json', message = `simulated ${status}` } = action;
	const headers: Record<string, string> = {};
	if (action.retryAfter !== undefined) headers['retry-after'] = String(action.retryAfter);
	if (format === 'html') {
		const page = `<html>\r\n<head><title>${status} ${message}</title></head>\r\n<body><center><h1>${status} ${message}</h1></center><hr><center>nginx</center></body>\r\n</html>\r\n`;
		return { status, headers: { 'content-type': 'text/html', ...headers }, body: page };
	}
	if (format === 'text')
		return { status, headers: { 'content-type': 'text/plain', ...headers }, body: message };
	if (format === 'empty') return { status, headers, body: '' };
	if (action.envelope === 'E2') {
		return gatewayErrorReply(status, action.errorCode ?? 'server_error', message, { headers });
	}
	return errorReply(status, message, action.errorCode, headers);
}

/** The answer a fault makes of the default one (undefined when there is none yet). */
export function spoil(
	action: Exclude<FaultAction, { type: 'delay' }>,
	answer: Reply | undefined,
): Reply {
	switch (action.type) {
		case 'status':
			return statusBody(action);
		case 'reply':
			return { status: action.status, headers: action.headers, body: action.body };
		case 'noAnswer':
			return { status: 0, noAnswer: true };
		case 'drop':
			return { status: 0, drop: true };
		case 'malformedJson':
			return jsonReply(200, '{"code":200,"message":"success","data":{"taskId":tk-hiapi}}');
		case 'truncatedJson': {
			const whole =
				(answer && bodyBytes(answer)) ?? Buffer.from('{"code":200,"message":"success","data":{}}');
			return {
				...(answer ?? jsonReply(200, '')),
				body: whole.subarray(0, Math.floor(whole.length / 2)),
			};
		}
		case 'cutConnection': {
			const reply = answer ?? jsonReply(200, '{"code":200,"message":"success","data":{}}');
			return { ...reply, cutAfterBytes: Math.floor((bodyBytes(reply)?.length ?? 2) / 2) };
		}
		case 'errorInSuccess':
			if (action.envelope === 'E5') {
				return jsonReply(200, {
					code: action.code ?? 500,
					message: action.message ?? 'internal error',
					data: null,
				});
			}
			return gatewayErrorReply(
				200,
				String(action.code ?? 'permission_denied'),
				action.message ?? 'This API key cannot use the selected model.',
			);
	}
}
