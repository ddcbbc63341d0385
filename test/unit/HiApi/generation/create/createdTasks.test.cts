import { KEY_LIFETIME_MS } from '../../../../../nodes/HiApi/generation/request/idempotencyKey';
import {
	CreatedTasks,
	type CreateAttempt,
} from '../../../../../nodes/HiApi/generation/create/createdTasks';
import type { ReusePolicy } from '../../../../../nodes/HiApi/generation/ports/ports';

// Its types are those of an ES module, its CommonJS build is what n8n uses.
const { parse, stringify } = require('flatted') as {
	parse(text: string): unknown;
	stringify(value: unknown): string;
};

const START = 1_800_000_000_000;
const RUN = 0;
const ITEM = 3;

type Store = Record<string, unknown>;

function record(more: Partial<CreateAttempt> = {}): CreateAttempt {
	return { key: 'key-1', requestHash: 'hash-1', attempt: 0, retries: 0, startedAt: START, ...more };
}

function remembering(record: CreateAttempt, store: Store = {}): CreatedTasks {
	const memory = new CreatedTasks(store, '100');
	memory.begin(RUN, ITEM, record);
	return memory;
}

const decide = (
	memory: CreatedTasks,
	{
		hash = 'hash-1',
		now = START + 1000,
		userKey,
	}: { hash?: string; now?: number; userKey?: string } = {},
) => memory.decide(RUN, ITEM, hash, now, userKey);

test('an item never seen is bought', () => {
	expect(decide(new CreatedTasks({}, '100'))).toEqual({
		action: 'submit',
		attempt: 0,
		retries: 0,
	});
});

describe('a task that exists', () => {
	const bought = () => remembering(record({ taskId: 'tk-1' }));

	test('is waited for, not bought again', () => {
		expect(decide(bought())).toMatchObject({ action: 'wait', taskId: 'tk-1' });
	});

	test('is waited for also when its key is long forgotten', () => {
		expect(decide(bought(), { now: START + 30 * KEY_LIFETIME_MS })).toMatchObject({
			action: 'wait',
			taskId: 'tk-1',
		});
	});

	test('is waited for also after an answer was lost on the way to it', () => {
		expect(decide(remembering(record({ taskId: 'tk-1', uncertain: true })))).toMatchObject({
			action: 'wait',
			taskId: 'tk-1',
		});
	});

	test('does not answer for another body, item, run or key of the user', () => {
		const fresh = { action: 'submit', attempt: 0, retries: 0 };
		expect(decide(bought(), { hash: 'hash-2' })).toEqual(fresh);
		expect(decide(bought(), { userKey: 'row-42' })).toEqual(fresh);
		expect(bought().decide(RUN, ITEM + 1, 'hash-1', START)).toEqual(fresh);
		expect(bought().decide(RUN + 1, ITEM, 'hash-1', START)).toEqual(fresh);
	});

	test('answers for the same key of the user, and when that key was taken away', () => {
		const memory = remembering(record({ key: 'row-42~retry1', userKey: 'row-42', taskId: 'tk-1' }));
		expect(decide(memory, { userKey: 'row-42' })).toMatchObject({ action: 'wait', taskId: 'tk-1' });
		expect(decide(memory)).toMatchObject({ action: 'wait', taskId: 'tk-1' });
		expect(decide(memory, { userKey: 'row-43' })).toEqual({
			action: 'submit',
			attempt: 0,
			retries: 0,
		});
	});

	test('items 1 of run 11 and 11 of run 1 are not mixed up', () => {
		const memory = new CreatedTasks({}, '100');
		memory.begin(1, 11, record({ taskId: 'tk-1' }));
		expect(memory.decide(11, 1, 'hash-1', START)).toEqual({
			action: 'submit',
			attempt: 0,
			retries: 0,
		});
	});
});

describe('a refused purchase', () => {
	test('gets a fresh key, each time another one', () => {
		const memory = remembering(record());
		memory.failed(memory.find(RUN, ITEM) as CreateAttempt, 'refused');
		expect(decide(memory)).toEqual({ action: 'submit', attempt: 1, retries: 0 });
		const second = memory.begin(RUN, ITEM, record({ key: 'key-2', attempt: 1 }));
		memory.failed(second, 'refused');
		expect(decide(memory)).toEqual({ action: 'submit', attempt: 2, retries: 0 });
	});

	test('does not become too old', () => {
		const memory = remembering(record());
		memory.failed(memory.find(RUN, ITEM) as CreateAttempt, 'refused');
		expect(decide(memory, { now: START + 2 * KEY_LIFETIME_MS })).toEqual({
			action: 'submit',
			attempt: 1,
			retries: 0,
		});
	});
});

describe('a purchase whose answer was lost', () => {
	const uncertain = (store: Store = {}) => {
		const memory = remembering(record(), store);
		memory.failed(memory.find(RUN, ITEM) as CreateAttempt, 'unknown');
		return memory;
	};

	test('is asked for again with the same key', () => {
		expect(decide(uncertain())).toMatchObject({
			action: 'submit',
			attempt: 0,
			retries: 0,
			record: { key: 'key-1', startedAt: START },
		});
	});

	test('keeps its key also when a later try is refused', () => {
		const memory = uncertain();
		for (let refusal = 0; refusal < 3; refusal++)
			memory.failed(memory.find(RUN, ITEM) as CreateAttempt, 'refused');
		expect(decide(memory)).toMatchObject({
			action: 'submit',
			record: { key: 'key-1', uncertain: true },
		});
	});

	test('is not asked for once HiAPI may have forgotten the key', () => {
		expect(decide(uncertain(), { now: START + KEY_LIFETIME_MS - 1 })).toMatchObject({
			action: 'submit',
		});
		expect(decide(uncertain(), { now: START + KEY_LIFETIME_MS })).toMatchObject({
			action: 'tooOld',
			record: { key: 'key-1' },
		});
	});

	test('is another purchase with another body', () => {
		expect(decide(uncertain(), { hash: 'hash-2', now: START + KEY_LIFETIME_MS })).toEqual({
			action: 'submit',
			attempt: 0,
			retries: 0,
		});
	});
});

test('a key that went out without any verdict counts as lost, and stays so after a refusal', () => {
	const memory = remembering(record());
	const decision = decide(memory);
	expect(decision).toMatchObject({ action: 'submit', record: { key: 'key-1' } });
	memory.failed(memory.find(RUN, ITEM) as CreateAttempt, 'refused');
	expect(decide(memory)).toMatchObject({ action: 'submit', record: { key: 'key-1' } });
	expect(decide(memory, { now: START + KEY_LIFETIME_MS })).toMatchObject({ action: 'tooOld' });
});

describe('what n8n keeps of it', () => {
	// n8n stores a failed execution's node context with `flatted` and hands an equal object to the retry.
	const stored = (store: Store): Store => parse(stringify(store)) as Store;

	test('is enough for the retry, which keeps the keys of the first execution', () => {
		const store: Store = { other: 1 };
		const memory = remembering(record(), store);
		memory.failed(memory.find(RUN, ITEM) as CreateAttempt, 'unknown');
		memory.begin(RUN, 4, record({ requestHash: 'hash-4', taskId: 'tk-4' }));
		memory.begin(RUN, 5, record({ requestHash: 'hash-5' }));
		memory.failed(memory.find(RUN, 5) as CreateAttempt, 'refused');

		const retry = new CreatedTasks(stored(store), '101');
		expect(retry.executionId).toBe('100');
		expect(decide(retry)).toMatchObject({
			action: 'submit',
			attempt: 0,
			retries: 0,
			record: { key: 'key-1', uncertain: true },
		});
		expect(retry.decide(RUN, 4, 'hash-4', START)).toMatchObject({ action: 'wait', taskId: 'tk-4' });
		expect(retry.decide(RUN, 5, 'hash-5', START)).toEqual({
			action: 'submit',
			attempt: 1,
			retries: 0,
		});
		expect(retry.decide(RUN, 6, 'hash-6', START)).toEqual({
			action: 'submit',
			attempt: 0,
			retries: 0,
		});
	});

	test('changes in place, so that the next try in the same process sees it', () => {
		const store: Store = {};
		const first = remembering(record(), store);
		(first.find(RUN, ITEM) as CreateAttempt).taskId = 'tk-1';
		expect(decide(new CreatedTasks(store, '100'))).toMatchObject({
			action: 'wait',
			taskId: 'tk-1',
		});
	});

	test('survives a retry of a retry', () => {
		const store: Store = {};
		remembering(record({ taskId: 'tk-1' }), store);
		const once = stored(store);
		new CreatedTasks(once, '101');
		const twice = new CreatedTasks(stored(once), '102');
		expect(twice.executionId).toBe('100');
		expect(decide(twice)).toMatchObject({ action: 'wait', taskId: 'tk-1' });
	});

	test.each([
		null,
		'text',
		7,
		[],
		{},
		{ records: [] },
		{ executionId: '', records: {} },
		{ executionId: '9' },
	])('%j instead of it is replaced', (rubbish) => {
		const store: Store = { hiApiCreatedTasks: rubbish };
		const memory = remembering(record({ taskId: 'tk-1' }), store);
		expect(memory.executionId).toBe('100');
		expect(decide(new CreatedTasks(stored(store), '101'))).toMatchObject({
			action: 'wait',
			taskId: 'tk-1',
		});
	});

	test('two nodes, two memories', () => {
		remembering(record({ taskId: 'tk-1' }), {});
		expect(decide(new CreatedTasks({}, '100'))).toEqual({
			action: 'submit',
			attempt: 0,
			retries: 0,
		});
	});
});

describe('a later run that asks for the very same thing', () => {
	const LATER = RUN + 1;
	const later = (
		memory: CreatedTasks,
		reuse: ReusePolicy,
		more: { hash?: string; now?: number; item?: number } = {},
	) =>
		memory.decide(
			LATER,
			more.item ?? 0,
			more.hash ?? 'hash-1',
			more.now ?? START + 1000,
			undefined,
			reuse,
		);
	const FRESH = { action: 'submit', attempt: 0, retries: 0 };
	const ALL: ReusePolicy[] = ['unconfirmed', 'unfinished', 'any'];

	const lost = () => {
		const memory = remembering(record());
		memory.failed(memory.find(RUN, ITEM) as CreateAttempt, 'unknown');
		return memory;
	};
	const withoutResult = (taskFailed: boolean) => {
		const memory = remembering(record({ taskId: 'tk-1' }));
		memory.markWithoutResult(RUN, ITEM, taskFailed);
		return memory;
	};

	test.each(ALL)('goes on with a purchase whose answer was lost (%s)', (reuse) => {
		const memory = lost();
		expect(later(memory, reuse)).toMatchObject({ action: 'submit', record: { key: 'key-1' } });
		expect(memory.find(LATER, 0)?.key).toBe('key-1');
	});

	test('is one: the next one buys anew', () => {
		const memory = lost();
		later(memory, 'any');
		expect(later(memory, 'any', { item: 1 })).toEqual(FRESH);
		expect(memory.decide(LATER + 1, 0, 'hash-1', START, undefined, 'any')).toEqual(FRESH);
	});

	test.each<[ReusePolicy, boolean, boolean]>([
		['unconfirmed', false, false],
		['unconfirmed', true, false],
		['unfinished', false, true],
		['unfinished', true, false],
		['any', false, true],
		['any', true, true],
	])(
		'with "%s", of a task that ended in failure: %p, is given it: %p',
		(reuse, taskFailed, given) => {
			const decision = later(withoutResult(taskFailed), reuse);
			if (given) expect(decision).toMatchObject({ action: 'wait', taskId: 'tk-1' });
			else expect(decision).toEqual(FRESH);
		},
	);

	test('is given nothing that was delivered, refused, is still being bought, too old or of another request', () => {
		expect(later(remembering(record({ taskId: 'tk-1' })), 'any')).toEqual(FRESH);
		expect(later(remembering(record()), 'any')).toEqual(FRESH);
		expect(later(lost(), 'any', { hash: 'hash-2' })).toEqual(FRESH);
		expect(later(lost(), 'any', { now: START + KEY_LIFETIME_MS })).toEqual(FRESH);
		const refused = remembering(record());
		refused.failed(refused.find(RUN, ITEM) as CreateAttempt, 'refused');
		expect(later(refused, 'any')).toEqual(FRESH);
	});

	test('another item of the same run buys its own', () => {
		expect(lost().decide(RUN, ITEM + 1, 'hash-1', START, undefined, 'any')).toEqual(FRESH);
	});

	test('still finds what another request was given the same place for', () => {
		const memory = lost();
		memory.begin(RUN, ITEM, record({ requestHash: 'hash-2', key: 'key-2' }));
		expect(later(memory, 'any')).toMatchObject({ action: 'submit', record: { key: 'key-1' } });
		expect(memory.find(RUN, ITEM)?.key).toBe('key-2');
	});
});

test('what is remembered is gone through once, not again for each item', () => {
	let searches = 0;
	const records = new Proxy({} as Record<string, CreateAttempt>, {
		ownKeys: (target) => {
			searches += 1;
			return Reflect.ownKeys(target);
		},
	});
	const memory = new CreatedTasks({ hiApiCreatedTasks: { executionId: '100', records } }, '100');
	for (let itemIndex = 0; itemIndex < 1000; itemIndex++) {
		memory.decide(RUN, itemIndex, `hash-${itemIndex}`, START);
		memory.begin(RUN, itemIndex, record({ requestHash: `hash-${itemIndex}` }));
	}
	expect(searches).toBeLessThanOrEqual(1);
	expect(Object.keys(records)).toHaveLength(1000);
});

test('runs at the same time find what the other one leaves', () => {
	const store: Store = {};
	const [one, other] = [new CreatedTasks(store, '100'), new CreatedTasks(store, '100')];
	one.failed(one.begin(0, 0, record()), 'unknown');
	const decision = other.decide(1, 0, 'hash-1', START + 1000);
	expect(decision).toMatchObject({ action: 'submit', record: { key: 'key-1' } });
	expect(one.decide(2, 0, 'other', START + 1000)).toMatchObject({ attempt: 0 });
	expect(one.find(0, 0)).toBeUndefined();
});

test('a purchase that was moved twice onto the same place leaves nothing behind that a later run trips over', () => {
	const memory = new CreatedTasks({}, '100');
	for (const requestHash of ['hash-1', 'hash-2', 'hash-3'])
		memory.begin(
			RUN,
			ITEM,
			record({ requestHash, withoutResult: 'resultPending', taskId: 'tk-1' }),
		);
	const later = (hash: string) => memory.decide(RUN + 1, 0, hash, START, undefined, 'any').action;
	expect(later('hash-2')).toBe('wait');
	expect(later('hash-1')).toBe('submit');
});
