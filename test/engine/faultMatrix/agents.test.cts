import type { IDataObject } from 'n8n-workflow';

import { ENDING, KEY_MISMATCH, PASSING, sendsOneKey, STALE_LIST } from '../support/faults.cts';
import { runAndWait, stopSimulators } from '../support/hiApi.cts';
import {
	expectEachOnce,
	FOREVER,
	ITEMS,
	keysOf,
	listReads,
	newCell,
	RETRY,
	type Cell,
} from '../support/matrixCell.cts';
import { speedUpNode } from '../support/nodeClock.cts';
import { strike } from '../support/strike.cts';

jest.setTimeout(240_000);
speedUpNode();
afterAll(stopSimulators);

/** Runs an agent that calls the tool once per item. */
async function runAgent(
	cell: Cell,
	kind: 'agent' | 'inlineAgent',
	settings = {},
	options: IDataObject = {},
) {
	const parameters = {
		...runAndWait({ options }),
		prompt: "={{ $fromAI('prompt') }}",
		toolDescription: 'Draws.',
	};
	return await cell.run(settings, { place: { kind }, parameters });
}

describe.each([
	['AI tool, run by the engine (Agent 3)', 'agent' as const],
	['AI tool, called by the agent itself (Agent 2 and older)', 'inlineAgent' as const],
])('%s', (_way, kind) => {
	test.concurrent.each([...PASSING, ...ENDING])('$name', async (fault) => {
		const cell = await newCell();
		// Two whole tries of the second call.
		strike(cell.simulator, fault, 2 * fault.requestsPerTry, 1);
		const result = await runAgent(cell, kind, RETRY);
		expect(result.error).toBeUndefined();
		expect(result.json.map(({ taskId }) => taskId as string).sort()).toEqual(cell.bought());
		expect(cell.simulator.purchases).toBe(ITEMS);
		if (sendsOneKey(fault)) expect(keysOf(cell.creates()).size).toBe(ITEMS);
		expect(cell.creates('p1').length).toBeGreaterThan(2 * fault.requestsPerTry);
	});

	test.concurrent('422: no try uses another key, and nothing is bought for that call', async () => {
		const cell = await newCell();
		strike(cell.simulator, KEY_MISMATCH, 3, 1);
		const { json, error } = await runAgent(cell, kind, RETRY);
		expect(cell.creates('p1')).toHaveLength(3);
		expect(keysOf(cell.creates('p1')).size).toBe(1);
		const told = kind === 'agent' ? String(json[1].error) : error?.message;
		expect(told).toMatch(/key was already used/);
		// Agent 3 hears of the failure and goes on; an older one ends with it.
		expect(cell.simulator.purchases).toBe(kind === 'agent' ? ITEMS - 1 : 1);
		expect(json.map(({ taskId }) => taskId).filter(Boolean)).toEqual(
			kind === 'agent' ? cell.simulator.tasks.map(({ taskId }) => taskId) : [],
		);
	});

	test.concurrent(
		`${STALE_LIST.name}: a call has one task, for which the list is not asked`,
		async () => {
			const cell = await newCell(40);
			strike(cell.simulator, STALE_LIST, FOREVER);
			// The first try of every call runs out of time.
			expectEachOnce(cell, await runAgent(cell, kind, RETRY, { timeout: 25 / 60 }));
			expect(listReads(cell)).toBe(0);
			// on a busy machine a try may run out of time before its create is answered: the next one sends it again, with the same key
			expect(keysOf(cell.creates()).size).toBe(ITEMS);
		},
	);

	test.concurrent('a task that failed is not bought again by Retry On Fail', async () => {
		const cell = await newCell();
		cell.simulator.plan(
			{ outcome: 'fail', error: { code: 'TASK_FAILED', message: 'blocked' } },
			{ prompt: 'p0' },
		);
		await runAgent(cell, kind, RETRY);
		expect(cell.creates('p0')).toHaveLength(1);
	});

	test.concurrent(
		'calls that ask for the same thing and get it are as many purchases',
		async () => {
			const cell = await newCell();
			const { json } = await cell.run(RETRY, {
				place: { kind },
				parameters: { ...runAndWait(), prompt: 'the same', toolDescription: 'Draws.' },
			});
			expect(new Set(json.map(({ taskId }) => taskId)).size).toBe(ITEMS);
			expect(cell.simulator.purchases).toBe(ITEMS);
		},
	);
});
