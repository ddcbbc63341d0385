import type { FaultRule, Switches, TaskPlan } from '../../simulator/index.cts';
import { ENDING, PASSING } from '../engine/support/faults.cts';
import type { Random } from './random.cts';

const CREATE = { method: 'POST', path: '/v1/tasks' };
const LIST = { method: 'GET', path: '/v1/tasks' };
const ONE = { method: 'GET', path: '/v1/tasks/*' };
const FILE = { method: 'GET', path: '/files/*' };

/** Seconds from the start on, used where a fault names a date. */
const EPOCH = Date.UTC(2026, 0, 1);

/** What goes wrong with a read: each kind of fault the simulator knows. */
const READS: Array<FaultRule['action']> = [
	{ type: 'status', status: 429, envelope: 'E2', retryAfter: 2 },
	{ type: 'status', status: 500, format: 'html' },
	{ type: 'status', status: 502, format: 'text' },
	{ type: 'status', status: 503, format: 'empty' },
	{ type: 'reply', status: 403, headers: { 'content-type': 'text/html' }, body: 'blocked' },
	{ type: 'delay', milliseconds: 3000 },
	{ type: 'noAnswer' },
	{ type: 'drop' },
	{ type: 'malformedJson' },
	{ type: 'truncatedJson' },
	{ type: 'cutConnection' },
	{ type: 'errorInSuccess', envelope: 'E2' },
	{ type: 'errorInSuccess', envelope: 'E5', code: 503 },
];

/** Everything that can go wrong between n8n and HiAPI; each entry is a set of rules that strike together. */
export function hiApiFaults(random: Random): FaultRule[][] {
	const creates = [...PASSING, ...ENDING].flatMap(({ action, outcomeUnknown }) => {
		if (action === undefined) return [];
		// what says that nothing was created, such as a proxy's refusal, has to be true
		return outcomeUnknown ? action(EPOCH) : { ...action(EPOCH), when: 'before' as const };
	});
	const times = random.int(1, 4);
	return [
		...[...creates, ...creates, { type: 'delay' as const, milliseconds: 2000 }].map((action) => [
			{ ...CREATE, times, action },
		]),
		...READS.flatMap((action) => [
			[{ ...LIST, times, action }],
			[{ ...ONE, times, action }],
			[{ ...FILE, times, action }],
		]),
	];
}

/** What goes wrong for some seconds with callbacks, lists and files. */
export const callbackFaults: Array<Partial<Switches>> = [
	{ callbackSignature: 'wrong' },
	{ callbackSignature: 'none' },
	{ callbackCopies: 3 },
	{ callbackTimestampOffsetSeconds: -1000 },
	{ listLagSeconds: 10 },
	{ detailLagSeconds: 3 },
	{ file: { notFoundTimes: 2 } },
	{ file: { truncateAfterBytes: 1000 } },
	{ createMilliseconds: 1500 },
	{ rateLimitPerMinute: 120 },
];

/** What becomes of tasks. */
export function taskPlans(random: Random): TaskPlan[] {
	const seconds = random.int(1, 30);
	return [
		{ seconds },
		{ seconds },
		{ seconds: 1 },
		{ seconds, unknownStatus: 'rendering' },
		{ seconds, outcome: 'fail', error: 'TASK_FAILED' },
		{ seconds, outcome: 'fail', error: 'TASK_TIMEOUT' },
		{ seconds, outputs: 2 },
	];
}
