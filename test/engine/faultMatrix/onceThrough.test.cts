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
import { strike } from '../support/strike.cts';

// Every fault meets every way of running; the other files here have the other ways. What is the same in every cell: as
// many tasks are bought as were asked for, and the id of each comes out.
jest.setTimeout(240_000);
speedUpNode();
afterAll(stopSimulators);

const SECONDS_UNTIL_LISTED = 40;

describe('first try', () => {
	test.concurrent.each(PASSING)('$name', async (fault) => {
		const cell = await newCell();
		strike(cell.simulator, fault, 3);
		expectEachOnce(cell, await cell.run());
		expect(keysOf(cell.creates()).size).toBe(ITEMS);
	});

	test.concurrent(
		'an answer that is lost, and a HiAPI that names the task of a repeated key in a 409',
		async () => {
			const cell = await newCell();
			cell.simulator.switches.idempotencyReplay = 'conflict';
			const drop = { type: 'drop', when: 'after' } as const;
			cell.simulator.fault({ method: 'POST', path: '/v1/tasks', action: drop, times: 2 });
			expectEachOnce(cell, await cell.run());
			expect(cell.creates()).toHaveLength(ITEMS + 2);
		},
	);

	test.concurrent.each(ENDING)('$name', async (fault) => {
		// The node ends with it, and nothing is sent again.
		const cell = await newCell();
		strike(cell.simulator, fault, 1, 2);
		const { error } = await cell.run();
		expect(cell.creates()).toHaveLength(ITEMS);
		expect(error?.description).toMatch(
			fault.outcomeUnknown
				? /not known whether HiAPI created the task/
				: /No task was created and nothing was charged/,
		);
	});

	test.concurrent(
		'422: the node ends, names what else it has bought, and sends nothing again',
		async () => {
			const cell = await newCell();
			strike(cell.simulator, KEY_MISMATCH, 1, 2);
			const { error } = await cell.run();
			expect(error?.message).toMatch(/key was already used for a different request/);
			expect(cell.creates()).toHaveLength(ITEMS);
			expect(cell.simulator.purchases).toBe(ITEMS - 1);
			for (const taskId of cell.bought()) expect(error?.description).toContain(taskId);
		},
	);

	test.concurrent(STALE_LIST.name, async () => {
		const cell = await newCell(SECONDS_UNTIL_LISTED);
		strike(cell.simulator, STALE_LIST, FOREVER);
		expectEachOnce(cell, await cell.run({}, { items: prompts(MANY) }, { concurrency: MANY }), MANY);
		expect(listReads(cell)).toBeGreaterThan(0);
	});
});

describe.each([
	['Continue', 'continueRegularOutput' as const],
	['error output', 'continueErrorOutput' as const],
])('%s', (_way, onError) => {
	test.concurrent.each(PASSING)('$name', async (fault) => {
		const cell = await newCell();
		// One item after another, so that all strikes meet the second one: nearly as many as a try can bear.
		strike(cell.simulator, fault, fault.requestsPerTry - 2, 1);
		const result = await cell.run({ onError }, {}, { concurrency: 1 });
		expectEachOnce(cell, result);
		expect(result.outputs[1] ?? []).toHaveLength(0);
		expect(cell.creates('p1').length).toBeGreaterThanOrEqual(fault.requestsPerTry - 1);
	});

	test.concurrent.each(ENDING)('$name', async (fault) => {
		// An error item in the place of the struck one, with a way on which is there.
		const cell = await newCell();
		strike(cell.simulator, fault, 1, 1);
		const { json, outputs, error } = await cell.run({ onError }, {}, { concurrency: 1 });
		expect(error).toBeUndefined();
		const items = [...json, ...(outputs[1] ?? []).map((item) => item.json)];
		const [failed, ...more] = items.filter((item) => item.error !== undefined);
		expect(more).toEqual([]);
		expect(items.filter(({ status }) => status === 'success')).toHaveLength(ITEMS - 1);
		expect(cell.creates('p1')).toHaveLength(1);
		const { description } = failed.details as { description: string };
		expect(description).not.toMatch(/Use Retry/);
		if (fault.outcomeUnknown)
			expect(description).toMatch(/not known.*in the same execution the same idempotency key/);
	});

	test.concurrent(
		'422: an error item in the place of the struck one, sent once, and a task for every other',
		async () => {
			const cell = await newCell();
			strike(cell.simulator, KEY_MISMATCH, 1, 1);
			const { json, outputs, error } = await cell.run({ onError }, {}, { concurrency: 1 });
			expect(error).toBeUndefined();
			const failed =
				onError === 'continueErrorOutput'
					? outputs[1].map((item) => item.json)
					: json.filter((item) => item.error !== undefined);
			expect(failed).toEqual([
				expect.objectContaining({
					error: expect.stringContaining('key was already used') as string,
				}),
			]);
			const good = json
				.filter(({ status }) => status === 'success')
				.map(({ taskId }) => taskId as string);
			expect(good.sort()).toEqual(cell.bought());
			expect(good).toHaveLength(ITEMS - 1);
			expect(cell.creates('p1')).toHaveLength(1);
		},
	);

	test.concurrent(STALE_LIST.name, async () => {
		const cell = await newCell(SECONDS_UNTIL_LISTED);
		strike(cell.simulator, STALE_LIST, FOREVER);
		expectEachOnce(
			cell,
			await cell.run({ onError }, { items: prompts(MANY) }, { concurrency: MANY }),
			MANY,
		);
		expect(listReads(cell)).toBeGreaterThan(0);
	});
});

describe('loop over batches', () => {
	const place = { kind: 'loop' as const, batchSize: 1 };

	test.concurrent.each([...PASSING, ...ENDING])('$name', async (fault) => {
		const cell = await newCell();
		// Two whole tries of the second round; its third one has to find what the first one began.
		strike(cell.simulator, fault, 2 * fault.requestsPerTry, 1);
		const result = await cell.run(RETRY, { place });
		expectEachOnce(cell, result);
		expect(result.run.data.resultData.runData.HiAPI).toHaveLength(ITEMS);
		expect(cell.creates('p1').length).toBeGreaterThan(2 * fault.requestsPerTry);
		if (sendsOneKey(fault)) expect(keysOf(cell.creates()).size).toBe(ITEMS);
	});

	test.concurrent('422: ends the loop in that round, and no try uses another key', async () => {
		const cell = await newCell();
		strike(cell.simulator, KEY_MISMATCH, FOREVER, 1);
		const { error, run } = await cell.run(RETRY, { place });
		expect(error?.message).toMatch(/key was already used/);
		expect(cell.creates('p1')).toHaveLength(3);
		expect(keysOf(cell.creates('p1')).size).toBe(1);
		expect(run.data.resultData.runData.HiAPI[0].data?.main[0]?.[0].json.taskId).toBe(
			cell.bought()[0],
		);
		expect(cell.simulator.purchases).toBe(1);
	});

	test.concurrent(STALE_LIST.name, async () => {
		const cell = await newCell(SECONDS_UNTIL_LISTED);
		strike(cell.simulator, STALE_LIST, FOREVER);
		expectEachOnce(
			cell,
			await cell.run(
				RETRY,
				{ place: { kind: 'loop', batchSize: MANY }, items: prompts(2 * MANY) },
				{ concurrency: MANY },
			),
			2 * MANY,
		);
		expect(listReads(cell)).toBeGreaterThan(0);
	});
});
