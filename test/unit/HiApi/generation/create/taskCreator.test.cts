import type {
	CreatedTask,
	TaskCreator,
} from '../../../../../nodes/HiApi/generation/create/taskCreator';
import type { Submission } from '../../../../../nodes/HiApi/generation/request/taskRequest';
import type { ApiResult } from '../../../../../nodes/shared/api/tasks';
import { VirtualTiming } from '../../../../support/virtualTiming.cts';
import { creatorFor } from './creatorFor.cts';
import type { FakeExecution } from './fakeExecution.cts';
import { Shop } from './shop.cts';

const HOUR_MS = 3_600_000;
const submission = (more: Partial<Submission> = {}): Submission => {
	const body = more.body ?? '{"model":"m","input":{"prompt":"p"}}';
	const cost = Promise.resolve({ usd: 0.05 });
	return { itemIndex: 0, model: 'm', request: body, body, cost, ...more };
};

const timing = new VirtualTiming();

/** One try of the node: what Retry On Fail repeats. `budgetMs` 0 means that the client itself sends only once. */
function purchaserFor(shop: Shop, execution: FakeExecution): TaskCreator {
	return creatorFor(shop, execution, timing);
}

const once = () => ({ deadlineMs: timing.monotonic() });
const buy = async (
	shop: Shop,
	execution: FakeExecution,
	what = submission(),
): Promise<ApiResult<CreatedTask>> => await purchaserFor(shop, execution).create(what, once());

describe('one task per item', () => {
	test('bought once, with a key of its own for every item, run, execution and attempt', async () => {
		const shop = new Shop();
		await buy(shop, {}, submission());
		await buy(shop, {}, submission({ itemIndex: 1 }));
		await buy(shop, { runIndex: 1 }, submission());
		await buy(shop, { executionId: '101' }, submission());
		expect(new Set(shop.keys).size).toBe(4);
		expect(shop.sold.size).toBe(4);
	});

	test('several for an item, when it wants several: each found again by itself', async () => {
		const shop = new Shop();
		const memory = {};
		const wanted = [0, 1, 2].map((variation) => submission({ variation }));
		const first = creatorFor(shop, { memory }, timing);
		for (const one of wanted) expect((await first.create(one, once())).ok).toBe(true);
		expect(new Set(shop.keys).size).toBe(3);
		const second = creatorFor(shop, { memory }, timing);
		for (const [index, one] of wanted.entries())
			expect(await second.create(one, once())).toMatchObject({
				ok: true,
				value: { taskId: `tk-${index + 1}`, replayed: true },
			});
		// Found in what is remembered, without asking HiAPI.
		expect(shop.keys).toHaveLength(3);
		expect(shop.sold.size).toBe(3);
	});

	test("several for an item get keys of their own from the user's key", async () => {
		const shop = new Shop();
		const creator = creatorFor(shop, {}, timing);
		for (const variation of [0, 1, 2])
			await creator.create(submission({ variation, userKey: 'row-7' }), once());
		expect(shop.keys).toEqual(['row-7', 'row-7~2', 'row-7~3']);
	});

	// README, Money: when n8n is killed in the middle of the node, nothing else is left of what it has bought
	test("named in n8n's log at once", async () => {
		const shop = new Shop();
		const notes: string[] = [];
		shop.faults = ['lost'];
		const memory = {};
		await buy(shop, { memory, notes });
		expect(notes).toEqual([]);
		await buy(shop, { memory, notes });
		await buy(shop, { notes }, submission({ itemIndex: 1 }));
		expect(notes).toEqual(['HiAPI task tk-1 was found again', 'HiAPI task tk-2 was created']);
	});

	test('found again by every further try, without asking HiAPI', async () => {
		const shop = new Shop();
		const memory = {};
		expect(await buy(shop, { memory })).toMatchObject({
			ok: true,
			value: { taskId: 'tk-1', replayed: false },
		});
		for (const executionId of ['100', '101']) {
			const purchaser = purchaserFor(shop, { memory, executionId });
			expect(await purchaser.create(submission(), once())).toMatchObject({
				ok: true,
				value: { taskId: 'tk-1', replayed: true },
			});
			expect(purchaser.taskIds).toEqual(['tk-1']);
		}
		expect(shop.keys).toHaveLength(1);
	});

	test('found again when the answer was lost, by a try and by a retry of the execution', async () => {
		for (const executionId of ['100', '101']) {
			const shop = new Shop();
			shop.faults = ['lost'];
			const memory = {};
			expect(await buy(shop, { memory })).toMatchObject({ ok: false });
			expect(await buy(shop, { memory: structuredClone(memory), executionId })).toMatchObject({
				ok: true,
				value: { taskId: 'tk-1', replayed: true },
			});
			expect(shop.sold.size).toBe(1);
		}
	});

	test('whatever goes wrong in between: never two', async () => {
		const refusals = [402, 429, 401, 503, 400];
		for (const first of ['lost', 'dropped', 'page', 'redirect', 500, 504, 409] as const) {
			for (const then of refusals) {
				const shop = new Shop();
				shop.faults = [first, then, first, then];
				const memory = {};
				for (let tries = 0; tries < 4; tries++)
					expect((await buy(shop, { memory })).ok).toBe(false);
				expect(await buy(shop, { memory, executionId: '101' })).toMatchObject({
					ok: true,
					value: { taskId: 'tk-1' },
				});
				expect(shop.sold.size).toBe(1);
				expect(new Set(shop.keys).size).toBe(1);
			}
		}
	});

	test.each(['page', 'redirect'] as const)(
		'a %s is no word of HiAPI: every further try sends the same key and finds the task',
		async (fault) => {
			const shop = new Shop();
			shop.faults = [fault, fault];
			const memory = {};
			for (let tries = 0; tries < 2; tries++)
				expect(await buy(shop, { memory })).toMatchObject({
					ok: false,
					failure: { request: { outcomeUnknown: true } },
				});
			expect(await buy(shop, { memory, executionId: '101' })).toMatchObject({
				ok: true,
				value: { taskId: 'tk-1', replayed: true },
			});
			expect([shop.sold.size, new Set(shop.keys).size]).toEqual([1, 1]);
		},
	);

	test('a connection that never came about: the same key, also more than a day later', async () => {
		const shop = new Shop();
		shop.faults = ['closed'];
		const memory = {};
		const refused = await buy(shop, { memory });
		expect(refused).toMatchObject({ ok: false, failure: { request: { outcomeUnknown: false } } });
		await timing.pause(25 * 3_600_000);
		expect(await buy(shop, { memory })).toMatchObject({ ok: true, value: { replayed: false } });
		expect(new Set(shop.keys).size).toBe(1);
	});

	test('a refusal that comes first frees the key: HiAPI may remember the refusal with it', async () => {
		const shop = new Shop();
		shop.faults = [402];
		const memory = {};
		await buy(shop, { memory });
		expect(await buy(shop, { memory })).toMatchObject({ ok: true });
		expect(new Set(shop.keys).size).toBe(2);
		expect(shop.sold.size).toBe(1);
	});

	test.each([429, 503])(
		'HTTP %i leaves the key unused: a later try sends it again, and a retry finds its task although n8n lost everything',
		async (status) => {
			const shop = new Shop();
			shop.faults = [status];
			const memory = {};
			expect(await buy(shop, { memory })).toMatchObject({ ok: false });
			expect(await buy(shop, { memory })).toMatchObject({ ok: true, value: { taskId: 'tk-1' } });
			expect(await buy(shop, { memory: {} })).toMatchObject({
				ok: true,
				value: { taskId: 'tk-1', replayed: true },
			});
			expect([shop.sold.size, new Set(shop.keys).size]).toEqual([1, 1]);
		},
	);

	test('HTTP 422 keeps the key: what HiAPI made under it was made for this item', async () => {
		const shop = new Shop();
		shop.faults = [422, 422];
		const memory = {};
		for (let tries = 0; tries < 3; tries++) await buy(shop, { memory });
		expect(shop.keys).toHaveLength(3);
		expect(new Set(shop.keys).size).toBe(1);
		expect(shop.sold.size).toBe(1);
	});

	test('a stop before the request leaves nothing behind, one during it keeps the key', async () => {
		const shop = new Shop();
		const memory = {};
		await purchaserFor(shop, { memory }).create(submission(), {
			...once(),
			signal: AbortSignal.abort(),
		});
		expect(shop.keys).toHaveLength(0);
		const stop = new AbortController();
		shop.api.onRequest = () => stop.abort();
		shop.faults = ['lost'];
		expect(
			(
				await purchaserFor(shop, { memory }).create(submission(), {
					...once(),
					signal: stop.signal,
				})
			).ok,
		).toBe(false);
		expect(await buy(shop, { memory })).toMatchObject({
			ok: true,
			value: { taskId: 'tk-1', replayed: true },
		});
	});

	test('after 23 hours without an answer nothing is sent any more, and the person is told', async () => {
		const shop = new Shop();
		shop.faults = ['lost'];
		const memory = {};
		await buy(shop, { memory });
		await timing.pause(23 * HOUR_MS);
		const result = await buy(shop, { memory, executionId: '101' });
		expect(result).toMatchObject({
			ok: false,
			failure: { message: expect.stringContaining('no longer be found out') as string },
		});
		expect(shop.keys).toHaveLength(1);
	});

	test('another type the catalogue gives a field does not make another purchase of the same request', async () => {
		const shop = new Shop();
		const memory = {};
		await buy(
			shop,
			{ memory },
			submission({ request: 'r', body: '{"model":"m","input":{"seed":7}}' }),
		);
		const again = await buy(
			shop,
			{ memory },
			submission({ request: 'r', body: '{"model":"m","input":{"seed":"7"}}' }),
		);
		expect(again).toMatchObject({ ok: true, value: { taskId: 'tk-1', replayed: true } });
		expect(shop.sold.size).toBe(1);
	});

	test('another body is another purchase', async () => {
		const shop = new Shop();
		const memory = {};
		await buy(shop, { memory });
		expect(
			await buy(shop, { memory }, submission({ body: '{"model":"m","input":{"prompt":"q"}}' })),
		).toMatchObject({ ok: true, value: { taskId: 'tk-2', replayed: false } });
	});
});

describe('as the tool of an agent', () => {
	const TOOL = { nodeType: 'n8n-nodes-hiapi.hiApiTool' };

	test('a try with a run index of its own finds the task whose answer was lost', async () => {
		const shop = new Shop();
		shop.faults = ['lost'];
		const memory = {};
		await buy(shop, { memory, ...TOOL, inlineTool: true });
		expect(await buy(shop, { memory, runIndex: 1, ...TOOL, inlineTool: true })).toMatchObject({
			ok: true,
			value: { taskId: 'tk-1', replayed: true },
		});
		expect(shop.sold.size).toBe(1);
	});

	test.each([
		['a task that ran out of time', false, true, true],
		["a task that failed, which the engine's own tries know by their run index", true, false, true],
	])('the next run gets %s', async (_, taskFailed, byEngine, inline) => {
		for (const inlineTool of [false, true, 'unsaid'] as const) {
			const shop = new Shop();
			const memory = {};
			const first = purchaserFor(shop, { memory, ...TOOL, inlineTool });
			await first.create(submission(), once());
			first.markWithoutResult(submission(), taskFailed);
			await buy(shop, { memory, runIndex: 1, ...TOOL, inlineTool });
			expect(shop.sold.size).toBe((inlineTool ? inline : byEngine) ? 1 : 2);
		}
	});

	test('a call that was answered is bought again when it is made again', async () => {
		const shop = new Shop();
		const memory = {};
		for (const runIndex of [0, 1]) await buy(shop, { memory, runIndex, ...TOOL, inlineTool: true });
		expect(shop.sold.size).toBe(2);
	});
});

describe('a key of the user', () => {
	const mine = submission({ userKey: 'row-42' });

	test('finds the task in every execution', async () => {
		const shop = new Shop();
		await buy(shop, {}, mine);
		expect(await buy(shop, { executionId: '200' }, mine)).toMatchObject({
			ok: true,
			value: { taskId: 'tk-1', replayed: true },
		});
		expect(shop.keys).toEqual(['row-42', 'row-42']);
	});

	test('is not bent for another body: HiAPI refuses, and nothing is bought', async () => {
		const shop = new Shop();
		const memory = {};
		await buy(shop, { memory }, mine);
		for (let tries = 0; tries < 3; tries++) {
			const result = await buy(
				shop,
				{ memory },
				{ ...mine, request: 'other', body: '{"model":"other","input":{}}' },
			);
			expect(result).toMatchObject({
				ok: false,
				failure: { details: { code: 'IDEMPOTENCY_KEY_MISMATCH' } },
			});
		}
		expect(shop.sold.size).toBe(1);
		expect(new Set(shop.keys)).toEqual(new Set(['row-42']));
	});

	test('stays the same also after a refusal', async () => {
		const shop = new Shop();
		shop.faults = [402, 429];
		const memory = {};
		for (let tries = 0; tries < 3; tries++) await buy(shop, { memory }, mine);
		expect(new Set(shop.keys)).toEqual(new Set(['row-42']));
		expect(shop.sold.size).toBe(1);
	});
});

describe('replacing a failed task', () => {
	test.each([undefined, 'row-42'])(
		'is one more purchase with a key of its own, found again like the first (user key %p)',
		async (userKey) => {
			const shop = new Shop();
			const memory = {};
			const what = submission({ userKey });
			await buy(shop, { memory }, what);
			shop.faults = ['lost'];
			expect((await purchaserFor(shop, { memory }).createAgain(what, once())).ok).toBe(false);
			expect(shop.sold.size).toBe(2);
			expect(
				await buy(shop, { memory: structuredClone(memory), executionId: '101' }, what),
			).toMatchObject({ ok: true, value: { taskId: 'tk-2', replayed: true, retries: 1 } });
			expect(shop.sold.size).toBe(2);
			expect(shop.keys[0]).not.toBe(shop.keys[1]);
		},
	);

	test('counts up', async () => {
		const shop = new Shop();
		const purchaser = purchaserFor(shop, {});
		const what = submission({ userKey: 'row-42' });
		await purchaser.create(what, once());
		for (const retries of [1, 2, 3])
			expect(await purchaser.createAgain(what, once())).toMatchObject({
				value: { retries, taskId: `tk-${retries + 1}` },
			});
		expect(new Set(shop.keys).size).toBe(4);
		expect(purchaser.taskIds).toEqual(['tk-1', 'tk-2', 'tk-3', 'tk-4']);
	});
});

test('what is remembered holds no prompt and no API key', async () => {
	const shop = new Shop();
	shop.faults = ['lost', 402];
	const memory = {};
	await buy(
		shop,
		{ memory },
		submission({ body: '{"model":"m","input":{"prompt":"secret plan"}}' }),
	);
	await buy(
		shop,
		{ memory },
		submission({ itemIndex: 1, body: '{"model":"m","input":{"prompt":"secret plan"}}' }),
	);
	expect(JSON.stringify(memory)).toContain('key');
	expect(JSON.stringify(memory)).not.toMatch(/secret plan|sk-/);
});
