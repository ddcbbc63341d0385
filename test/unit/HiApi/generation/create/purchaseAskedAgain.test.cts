import type { Submission } from '../../../../../nodes/HiApi/generation/request/taskRequest';
import { VirtualTiming } from '../../../../support/virtualTiming.cts';
import { creatorFor } from './creatorFor.cts';
import type { FakeExecution } from './fakeExecution.cts';
import { Shop } from './shop.cts';

// Callers for whom n8n keeps no memory: every try of theirs is another execution, or none.
const BODY = '{"model":"m","input":{"prompt":"a cat"}}';
const submission = (itemIndex = 0): Submission => ({
	itemIndex,
	model: 'm',
	request: BODY,
	body: BODY,
	cost: Promise.resolve({ usd: 0.05 }),
});
const timing = new VirtualTiming();

let accounts = 0;
let executions = 0;

/** A shop with an account of its own, so that no test finds what another one bought. */
function newShop() {
	const shop = new Shop();
	const apiKey = `sk-${++accounts}`;
	/** A run of the node that remembers nothing of earlier ones. */
	const run = (execution: FakeExecution) => {
		const purchaser = creatorFor(shop, { apiKey, memory: {}, ...execution }, timing);
		return {
			purchaser,
			/** The run has ended: with its items, or with an error. */
			returns: async () => void (await purchaser.during(Promise.resolve([]))),
			fails: async () => {
				const run = purchaser.during(Promise.reject(new Error('ended')));
				await expect(run).rejects.toThrow('ended');
			},
			buy: async (itemIndex = 0) =>
				await purchaser.create(submission(itemIndex), { deadlineMs: timing.monotonic() }),
		};
	};
	return { shop, run };
}

const bought = (taskId: string, replayed: boolean) => ({ ok: true, value: { taskId, replayed } });

test('equal tasks of one item are several wishes, however long each create takes', async () => {
	const { shop, run } = newShop();
	const { purchaser } = run({
		nodeType: 'n8n-nodes-hiapi.hiApiTool',
		inlineTool: true,
		executionId: null,
		request: {
			body: { jsonrpc: '2.0', id: 1, method: 'tools/call' },
			headers: { 'mcp-session-id': 'anna' },
		},
	});
	for (const variation of [0, 1, 2]) {
		await purchaser.create({ ...submission(), variation }, { deadlineMs: timing.monotonic() });
		await timing.pause(5_000);
	}
	expect(shop.sold.size).toBe(3);
});

describe('a client of an MCP server', () => {
	const call = (session?: string): FakeExecution => ({
		nodeType: 'n8n-nodes-hiapi.hiApiTool',
		inlineTool: true,
		executionId: null,
		request: {
			body: { jsonrpc: '2.0', id: 1, method: 'tools/call' },
			headers: { 'mcp-session-id': session },
		},
	});

	test('gets a task of its own, whatever others have asked for', async () => {
		const { shop, run } = newShop();
		for (const [index, session] of ['anna', 'bert', undefined, undefined].entries()) {
			const { returns, buy } = run(call(session));
			expect(await buy()).toMatchObject(bought(`tk-${index + 1}`, false));
			await returns();
		}
		expect(new Set(shop.keys).size).toBe(4);
	});

	test('that gave up waiting and asks again gets the task it has paid for', async () => {
		const { shop, run } = newShop();
		const [first, second, third] = [run(call('anna')), run(call('anna')), run(call('anna'))];
		expect(await first.buy()).toMatchObject(bought('tk-1', false));
		await timing.pause(60_000);
		expect(await second.buy()).toMatchObject(bought('tk-1', true));
		await first.returns();
		await second.returns();
		// Answered at once, so it has come: whoever asks now wants another one.
		expect(await third.buy()).toMatchObject(bought('tk-2', false));
		expect(shop.sold.size).toBe(2);
	});

	test('that asks again after a lost answer finds the task by its key', async () => {
		const { shop, run } = newShop();
		shop.faults = ['lost'];
		const first = run(call('anna'));
		expect(await first.buy()).toMatchObject({ ok: false });
		await first.fails();
		expect(await run(call('anna')).buy()).toMatchObject(bought('tk-1', true));
		expect(new Set(shop.keys).size).toBe(1);
	});

	test('that asks several times at once gets as many tasks', async () => {
		const { shop, run } = newShop();
		await Promise.all([1, 2, 3].map(async () => await run(call('anna')).buy()));
		expect(shop.sold.size).toBe(3);
	});
});

describe('a workflow that calls this one', () => {
	const called = (): FakeExecution => ({ mode: 'integrated', executionId: `sub ${++executions}` });

	test('and is retried gets what its first call bought and did not get', async () => {
		const { shop, run } = newShop();
		shop.faults = ['lost'];
		const first = run(called());
		expect(await first.buy()).toMatchObject({ ok: false });
		await first.fails();
		const second = run(called());
		expect(await second.buy()).toMatchObject(bought('tk-1', true));
		await second.returns();
		expect(shop.sold.size).toBe(1);
		expect(await run(called()).buy()).toMatchObject(bought('tk-2', false));
	});

	test('and is retried gets the tasks of other items too, each once', async () => {
		const { shop, run } = newShop();
		const first = run(called());
		await first.buy(0);
		await first.buy(1);
		await first.fails();
		const second = run(called());
		expect(await second.buy(0)).toMatchObject(bought('tk-1', true));
		expect(await second.buy(1)).toMatchObject(bought('tk-2', true));
		expect(shop.sold.size).toBe(2);
	});

	test.each([true, false])(
		'twice in a loop gets two tasks, also when both calls are on their way (%p)',
		async (atOnce) => {
			const { shop, run } = newShop();
			for (const index of [1, 2]) {
				const { returns, buy } = run(called());
				expect(await buy()).toMatchObject(bought(`tk-${index}`, false));
				if (!atOnce) await returns();
			}
			expect(shop.sold.size).toBe(2);
		},
	);

	test('gets a task of its own while the one that bought is tried again', async () => {
		const { shop, run } = newShop();
		const memory = {};
		const first = run({ ...called(), memory });
		await first.buy();
		await first.fails();
		// Between two tries of Retry On Fail, somebody else asks for the same.
		expect(await run(called()).buy()).toMatchObject(bought('tk-1', true));
		expect(await run({ ...called(), memory }).buy()).toMatchObject(bought('tk-2', false));
		expect(shop.sold.size).toBe(2);
	});

	test('whose own execution was retried does not get that task, too', async () => {
		const { shop, run } = newShop();
		const memory = {};
		const first = run({ ...called(), memory });
		await first.buy();
		await first.fails();
		const retried = run({ mode: 'retry', memory: structuredClone(memory) });
		expect(await retried.buy()).toMatchObject(bought('tk-1', true));
		await retried.returns();
		expect(await run(called()).buy()).toMatchObject(bought('tk-2', false));
		expect(shop.sold.size).toBe(2);
	});

	test('on another account never gets it', async () => {
		const { shop, run } = newShop();
		const first = run(called());
		await first.buy();
		await first.fails();
		expect(await run({ ...called(), apiKey: 'sk-other' }).buy()).toMatchObject(
			bought('tk-2', false),
		);
		expect(shop.sold.size).toBe(2);
	});

	test('does not get a task that failed, but one in its place', async () => {
		const { run } = newShop();
		const first = run(called());
		await first.buy();
		first.purchaser.markWithoutResult(submission(), true);
		await first.returns();
		expect(await run(called()).buy()).toMatchObject(bought('tk-2', false));
	});
});

test('a retry of an execution that n8n remembers nothing of finds its tasks, each once', async () => {
	const { shop, run } = newShop();
	const token = 'signature=token-of-the-first-execution';
	const execution = (executionId: string): FakeExecution => ({
		executionId,
		resumeUrl: `https://n8n.example/webhook-waiting/${executionId}?${token}`,
	});
	const killed = run(execution('1'));
	await killed.buy(0);
	await killed.buy(1);
	const retry = run({ ...execution('2'), mode: 'retry' });
	expect(await retry.buy(0)).toMatchObject(bought('tk-1', true));
	expect(await retry.buy(1)).toMatchObject(bought('tk-2', true));
	expect(await retry.buy(2)).toMatchObject(bought('tk-3', false));
	expect(shop.sold.size).toBe(3);
});

test('other executions buy anew', async () => {
	const { shop, run } = newShop();
	for (const executionId of ['1', '2']) {
		const { fails, buy } = run({ executionId });
		await buy();
		await fails();
	}
	expect(shop.sold.size).toBe(2);
});
