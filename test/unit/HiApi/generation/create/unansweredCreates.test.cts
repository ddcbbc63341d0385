import { KEY_LIFETIME_MS } from '../../../../../nodes/HiApi/generation/request/idempotencyKey';
import type { CreateAttempt } from '../../../../../nodes/HiApi/generation/create/createdTasks';
import {
	UnansweredCreates,
	type Ending,
} from '../../../../../nodes/HiApi/generation/create/unansweredCreates';
import type { Caller } from '../../../../../nodes/HiApi/generation/ports/ports';

const START = 1_800_000_000_000;
const SECOND = 1_000;
const CLIENT: Caller = { kind: 'client', id: 'session-1' };
const ANY_CLIENT: Caller = { kind: 'anyClient', id: 'node-1' };
const WORKFLOW: Caller = { kind: 'workflow', id: 'node-1' };
const purchase = (more: Partial<CreateAttempt> = {}): CreateAttempt => ({
	key: 'key-1',
	requestHash: 'hash-1',
	attempt: 0,
	retries: 0,
	startedAt: START,
	taskId: 'tk-1',
	...more,
});
const UNKNOWN = { taskId: undefined, uncertain: true };

/** A memory of one purchase that began at 0 s, and what is found of it at a time in seconds. */
function remembering(caller: Caller, what = purchase()) {
	const memory = new UnansweredCreates(10);
	memory.begin(caller, what, START);
	return {
		memory,
		end: (seconds: number, by: Ending) => memory.end(what, by, START + seconds * SECOND),
		take: (seconds: number, by = caller, hash = 'hash-1', userKey?: string) =>
			memory.take(by, hash, userKey, START + seconds * SECOND),
		what,
	};
}

describe('a call of an MCP client that comes again', () => {
	test('while the first one is waited for is the same call, unless it came at the same moment', () => {
		const { take, what } = remembering(CLIENT);
		expect(take(0)).toBeUndefined();
		expect(take(1.9)).toBeUndefined();
		expect(take(2)).toBe(what);
		expect(take(3_000)).toBe(what);
	});

	test('soon after a long one was answered is the same call: its caller may have gone', () => {
		const { end, take, what } = remembering(CLIENT);
		end(60, 'result');
		expect(take(61)).toBe(what);
		expect(take(179)).toBe(what);
		expect(take(180)).toBeUndefined();
	});

	test('after a quick answer is another wish', () => {
		const { end, take } = remembering(CLIENT);
		end(9, 'result');
		expect(take(10)).toBeUndefined();
	});

	test.each(['error', 'item'] as const)(
		'after an %s that is no result is the same call, as long as HiAPI knows the key',
		(by) => {
			const { end, take, what } = remembering(CLIENT);
			end(1, by);
			expect(take(2)).toBe(what);
			expect(take(KEY_LIFETIME_MS / SECOND - 1)).toBe(what);
			expect(take(KEY_LIFETIME_MS / SECOND)).toBeUndefined();
		},
	);
});

describe('a call that nothing tells from those of other clients', () => {
	test('gets what nobody knows the outcome of, once', () => {
		const { end, take, what } = remembering(ANY_CLIENT, purchase(UNKNOWN));
		expect(take(1_000)).toBeUndefined();
		end(1_001, 'error');
		expect(take(1_002)).toEqual({ ...what, gone: undefined });
		expect(take(1_002)).toBeUndefined();
	});

	test.each(['error', 'item', 'result'] as const)(
		'never gets a task that somebody was told of (%s)',
		(by) => {
			const { end, take } = remembering(ANY_CLIENT);
			end(1_000, by);
			expect(take(1_001)).toBeUndefined();
		},
	);
});

describe('a sub-workflow that is run again', () => {
	test('is given what its last run bought and ended without, and the last run has it no longer', () => {
		const { end, take, what } = remembering(WORKFLOW);
		expect(take(1_000)).toBeUndefined();
		end(1_001, 'error');
		expect(take(1_002)).toEqual(purchase());
		expect(what.gone).toBe(true);
		expect(take(1_003)).toBeUndefined();
	});

	test('buys anew what was delivered, however long it took', () => {
		const { end, take } = remembering(WORKFLOW);
		end(1_000, 'result');
		expect(take(1_001)).toBeUndefined();
	});

	test('leaves a task alone that an item names, because the workflow goes on with it', () => {
		const { end, take } = remembering(WORKFLOW, purchase({ withoutResult: 'resultPending' }));
		end(1_000, 'item');
		expect(take(1_001)).toBeUndefined();
	});

	test('is given what an item could not name, because its answer was lost', () => {
		const lost = purchase({ ...UNKNOWN, withoutResult: 'resultPending' });
		const { end, take } = remembering(WORKFLOW, lost);
		end(1_000, 'item');
		expect(take(1_001)).toMatchObject({ key: 'key-1', uncertain: true });
	});

	test('is not given what Retry of its own execution has brought', () => {
		const { memory, end, take } = remembering(WORKFLOW);
		end(1, 'error');
		// n8n reads what it has stored, so it is another object.
		memory.end(purchase(), 'result', START + 2 * SECOND);
		expect(take(3)).toBeUndefined();
	});
});

describe.each([CLIENT, ANY_CLIENT, WORKFLOW])('for a $kind', (caller) => {
	test.each([
		['refused', { key: '', taskId: undefined }],
		['failed at HiAPI', { withoutResult: 'failed' as const }],
	])('what was %s is not given to anybody', (_what, more) => {
		const { end, take } = remembering(caller, purchase(more));
		end(20, 'error');
		expect(take(21)).toBeUndefined();
	});

	test.each([
		['another session or account', [{ ...caller, id: 'other' }]],
		['another kind of caller', [{ ...caller, kind: 'other' as 'client' }]],
		['who asks for something else', [caller, 'hash-2']],
		['who names it by a key', [caller, 'hash-1', 'row-1']],
	] as Array<[string, [Caller, string?, string?]]>)(
		'it is never that of %s',
		(_who, [by, hash, userKey]) => {
			const { end, take } = remembering(caller, purchase(UNKNOWN));
			end(1, 'error');
			expect(take(2, by, hash, userKey)).toBeUndefined();
			expect(take(2)).toBeDefined();
		},
	);

	test('each purchase goes to one at a time, the oldest first', () => {
		const memory = new UnansweredCreates(10);
		const keys = ['a', 'b'];
		for (const key of keys) {
			const what = purchase({ ...UNKNOWN, key });
			memory.begin(caller, what, START);
			memory.end(what, 'error', START + SECOND);
		}
		for (const key of keys) {
			const taken = memory.take(caller, 'hash-1', undefined, START + 2 * SECOND);
			expect(taken?.key).toBe(key);
			memory.begin(caller, taken!, START + 2 * SECOND);
		}
		expect(memory.take(caller, 'hash-1', undefined, START + 2 * SECOND)).toBeUndefined();
	});

	test('one that was replaced is forgotten, and the oldest of too many', () => {
		const memory = new UnansweredCreates(2);
		const bought = ['a', 'b', 'c', 'd'].map((key) =>
			purchase({ ...UNKNOWN, key, requestHash: key }),
		);
		for (const what of bought) {
			memory.begin(caller, what, START);
			memory.end(what, 'error', START);
		}
		memory.forget(bought[3]);
		const found = bought.map(
			({ requestHash }) => memory.take(caller, requestHash, undefined, START + SECOND)?.key,
		);
		expect(found).toEqual([undefined, undefined, 'c', undefined]);
	});
});

test('the end of what nobody remembers changes nothing', () => {
	expect(() => new UnansweredCreates(1).end(purchase(), 'result', START)).not.toThrow();
});
