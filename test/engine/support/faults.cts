import type { FaultRule } from '../../../simulator/index.cts';

export type FaultAction = FaultRule['action'];

/** Something that goes wrong at HiAPI or on the way to it. */
export interface Fault {
	name: string;
	/** What happens to a create; absent where creates go well. Made when it begins to strike, at this time of the node. */
	action?(nowMs: number): FaultAction;
	/** How old the list of tasks is. */
	listLagSeconds?: number;
	/** How many creates one try of the node sends for an item while this strikes, before it gives up. */
	requestsPerTry: number;
	/** Whether the node cannot know afterwards if HiAPI created a task. */
	outcomeUnknown: boolean;
	/** Whether the next try must send the same key; where absent, it must when the outcome is unknown. */
	keepsKey?: boolean;
	/** HiAPI's plain no: sending it again in the same try makes no sense. */
	definite?: boolean;
}

const ORDINARY = 6;
/** "Later", not "broken": worth more patience. */
const PATIENT = 13;

const lost = (name: string, action: FaultAction, more: Partial<Fault> = {}): Fault => ({
	name,
	action: () => action,
	requestsPerTry: ORDINARY,
	outcomeUnknown: true,
	...more,
});
const refused = (
	name: string,
	action: (nowMs: number) => FaultAction,
	more: Partial<Fault> = {},
): Fault => ({
	name,
	action,
	requestsPerTry: ORDINARY,
	outcomeUnknown: false,
	...more,
});
const IN_PROGRESS = {
	type: 'status',
	status: 409,
	errorCode: 'IDEMPOTENCY_KEY_PROCESSING',
	retryAfter: 0,
} as const;

export const KEY_MISMATCH: Fault = refused(
	'422',
	() => ({ type: 'status', status: 422, errorCode: 'IDEMPOTENCY_KEY_MISMATCH' }),
	{
		requestsPerTry: 1,
		definite: true,
	},
);

export const STALE_LIST: Fault = {
	name: 'list stale by 30 s',
	listLagSeconds: 30,
	requestsPerTry: 1,
	outcomeUnknown: false,
};

/** Everything that makes a create fail for a while. */
export const PASSING: Fault[] = [
	lost('connection dropped before the task is stored', { type: 'drop', when: 'before' }),
	lost('connection dropped after the task is stored', { type: 'drop', when: 'after' }),
	lost('no answer until the request times out, nothing stored', {
		type: 'noAnswer',
		when: 'before',
	}),
	lost('no answer until the request times out, the task is stored', {
		type: 'noAnswer',
		when: 'after',
	}),
	lost('409 while the key is in progress', IN_PROGRESS, { requestsPerTry: PATIENT }),
	lost(
		'409 after the task is stored',
		{ ...IN_PROGRESS, when: 'after' },
		{ requestsPerTry: PATIENT },
	),
	refused(
		'429 with seconds',
		() => ({ type: 'status', status: 429, envelope: 'E2', retryAfter: 1 }),
		{ requestsPerTry: PATIENT },
	),
	refused(
		'429 with a date',
		(nowMs) => ({
			type: 'status',
			status: 429,
			envelope: 'E1',
			retryAfter: new Date(nowMs + 5000).toUTCString(),
		}),
		{ requestsPerTry: PATIENT },
	),
	lost('500 as text after the task is stored', {
		type: 'status',
		status: 500,
		format: 'text',
		when: 'after',
	}),
	lost('502 as HTML after the task is stored', {
		type: 'status',
		status: 502,
		format: 'html',
		when: 'after',
	}),
	refused('503', () => ({ type: 'status', status: 503 })),
	lost('504 after the task is stored', {
		type: 'status',
		status: 504,
		format: 'text',
		when: 'after',
	}),
	refused('HTTP 200 with an error body', () => ({
		type: 'errorInSuccess',
		envelope: 'E5',
		code: 503,
	})),
	lost('malformed JSON', { type: 'malformedJson' }),
	lost('truncated JSON', { type: 'truncatedJson' }),
	lost('connection cut in the middle of the answer', { type: 'cutConnection' }),
];

/** A server in between says something that is not HiAPI's: the task is stored all the same. */
const byAnother = (name: string, action: FaultAction): Fault =>
	lost(name, { when: 'after', ...action }, { requestsPerTry: 1 });

/** Everything that ends a try at once although the task may be stored, or nothing was said about it by HiAPI. */
export const ENDING: Fault[] = [
	byAnother('500 before the task is stored', { type: 'status', status: 500, when: 'before' }),
	byAnother('500 after the task is stored', { type: 'status', status: 500 }),
	...[303, 307].map((status) =>
		byAnother(`redirect ${status} after the task is stored`, {
			type: 'reply',
			status,
			headers: { location: 'https://login.example.com/' },
		}),
	),
	...[401, 403].map((status) =>
		byAnother(`${status} as HTML after the task is stored`, {
			type: 'status',
			status,
			format: 'html',
		}),
	),
	byAnother("403 as another service's JSON after the task is stored", {
		type: 'reply',
		status: 403,
		headers: { 'content-type': 'application/json' },
		body: { error: { code: 403, message: 'Forbidden', status: 'PERMISSION_DENIED' } },
	}),
	{
		...byAnother('407 of a proxy', { type: 'status', status: 407, format: 'html' }),
		outcomeUnknown: false,
		keepsKey: true,
	},
];

/** Whether all tries for an item have to send the same key. */
export const sendsOneKey = ({ keepsKey, outcomeUnknown }: Fault) => keepsKey ?? outcomeUnknown;
