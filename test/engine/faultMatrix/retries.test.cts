import { ENDING, KEY_MISMATCH, PASSING, sendsOneKey, STALE_LIST } from '../support/faults.cts';
import { prompts, stopSimulators } from '../support/hiApi.cts';
import {
	expectEachOnce,
	FOREVER,
	ITEMS,
	keysOf,
	listReads,
	MANY,
	newCell,
	RETRY,
} from '../support/matrixCell.cts';
import { speedUpNode } from '../support/nodeClock.cts';
import { clearFaults, strike } from '../support/strike.cts';

jest.setTimeout(240_000);
speedUpNode();
afterAll(stopSimulators);

const LONG = 400;
/** Shorter than the tasks take, and on a busy machine long enough for polls. */
const MINUTES_OF_A_TRY = 4;

describe('Retry On Fail, three tries', () => {
	test.concurrent.each([...PASSING, ...ENDING])('$name', async (fault) => {
		const cell = await newCell();
		// One item after another, so that all strikes meet the second one: two whole tries fail.
		strike(cell.simulator, fault, 2 * fault.requestsPerTry, 1);
		expectEachOnce(cell, await cell.run(RETRY, {}, { concurrency: 1 }));
		expect(cell.creates('p0')).toHaveLength(1);
		expect(cell.creates('p1').length).toBeGreaterThan(2 * fault.requestsPerTry);
		// After HiAPI's plain no, a try uses a fresh key; when an answer was lost, only the first key can find the task.
		if (sendsOneKey(fault)) expect(keysOf(cell.creates()).size).toBe(ITEMS);
	});

	test.concurrent(
		'422: every try sends the same key, nothing is bought for the struck item, and the error names what was',
		async () => {
			const cell = await newCell();
			strike(cell.simulator, KEY_MISMATCH, FOREVER, 1);
			const { error } = await cell.run(RETRY, {}, { concurrency: 1 });
			expect(error?.message).toMatch(/key was already used/);
			expect(cell.creates('p1')).toHaveLength(3);
			// a failed purchase ends the buying: no other item was tried
			expect(cell.creates()).toHaveLength(4);
			expect(keysOf(cell.creates('p1')).size).toBe(1);
			expect(cell.bought()).toHaveLength(1);
			expect(error?.description).toContain(cell.bought()[0]);
		},
	);

	test.concurrent(STALE_LIST.name, async () => {
		const cell = await newCell(LONG);
		strike(cell.simulator, STALE_LIST, FOREVER);
		// The first try runs out of time before the tasks end.
		const options = { timeout: MINUTES_OF_A_TRY, concurrency: MANY };
		expectEachOnce(cell, await cell.run(RETRY, { items: prompts(MANY) }, options), MANY);
		expect(listReads(cell)).toBeGreaterThan(0);
		expect(keysOf(cell.creates()).size).toBe(MANY);
	});
});

describe('retry from the executions list', () => {
	const RETRIED = 'execution-2';

	test.concurrent.each([...PASSING, ...ENDING])('$name', async (fault) => {
		const cell = await newCell();
		strike(cell.simulator, fault, FOREVER, 1);
		const first = await cell.run();
		expect(first.error?.description).toBeTruthy();
		const boughtBefore = cell.bought();
		expect(boughtBefore.length).toBeLessThanOrEqual(ITEMS);
		await clearFaults(cell.simulator);
		const second = await cell.run({}, { retryOf: first, executionId: RETRIED });
		expectTasks(second.json, cell.bought());
		expect(cell.bought()).toEqual(expect.arrayContaining(boughtBefore));
		if (fault.outcomeUnknown)
			expect(first.error?.description).toMatch(
				/not known whether HiAPI created the task.*Use Retry on this execution/,
			);
		if (sendsOneKey(fault)) expect(keysOf(cell.creates()).size).toBe(ITEMS);
	});

	test.concurrent('422: the retry sends the same keys again', async () => {
		const cell = await newCell();
		strike(cell.simulator, KEY_MISMATCH, FOREVER);
		const first = await cell.run();
		expect(first.error?.message).toMatch(/key was already used/);
		expect(cell.simulator.purchases).toBe(0);
		await clearFaults(cell.simulator);
		expectEachOnce(cell, await cell.run({}, { retryOf: first, executionId: RETRIED }));
	});

	test.concurrent(STALE_LIST.name, async () => {
		const cell = await newCell(LONG);
		strike(cell.simulator, STALE_LIST, FOREVER);
		const options = { timeout: 25 / 60, concurrency: MANY };
		const first = await cell.run({}, { items: prompts(MANY) }, options);
		expect(first.error?.message).toMatch(/was not finished/);
		for (const taskId of cell.bought())
			expect(`${first.error?.message} ${first.error?.description}`).toContain(taskId);
		cell.simulator.advance(LONG);
		expectEachOnce(
			cell,
			await cell.run({}, { items: prompts(MANY), retryOf: first, executionId: RETRIED }, options),
			MANY,
		);
		expect(keysOf(cell.creates()).size).toBe(MANY);
	});

	function expectTasks(items: Array<Record<string, unknown>>, bought: string[]): void {
		expect(items.map(({ status }) => status)).toEqual(
			Array.from({ length: ITEMS }, () => 'success'),
		);
		expect(bought).toHaveLength(ITEMS);
		expect(items.map(({ taskId }) => taskId as string).sort()).toEqual(bought);
	}
});
