import type { IDataObject, INode } from 'n8n-workflow';

import { PASSING } from './support/faults.cts';
import { stopSimulators } from './support/hiApi.cts';
import {
	expectEachOnce,
	FOREVER,
	keysOf,
	newCell,
	RETRY,
	type Cell,
} from './support/matrixCell.cts';
import { speedUpNode } from './support/nodeClock.cts';
import { clearFaults, strike } from './support/strike.cts';

// A workflow that is called by another one is run from its start when that one is retried: a new execution, which n8n gives
// no memory of the last one.
jest.setTimeout(240_000);
speedUpNode();
afterAll(stopSimulators);

/** In seconds: longer than any machine is busy. */
const ENDLESS = 100_000;
const finishAll = ({ simulator }: Cell) => {
	for (const { taskId } of simulator.tasks) simulator.finish(taskId);
};

let executions = 0;

/** Calls the sub-workflow once. */
const call = async (cell: Cell, settings: Partial<INode> = {}, options: IDataObject = {}) =>
	await cell.run(
		settings,
		{ mode: 'integrated', executionId: `sub-execution-${++executions}` },
		options,
	);

// Waiting for time-outs takes most of a minute, and what follows is that of other lost answers.
const QUICK = PASSING.filter(({ name }) => !name.includes('times out'));

test.concurrent.each(QUICK)('$name: called again, it buys nothing twice', async (fault) => {
	const cell = await newCell();
	strike(cell.simulator, fault, FOREVER, 1);
	const first = await call(cell, RETRY);
	expect(first.error).toBeDefined();
	await clearFaults(cell.simulator);
	expectEachOnce(cell, await call(cell, RETRY));
	if (fault.outcomeUnknown) expect(keysOf(cell.creates()).size).toBe(5);
});

test.concurrent('a task that was not finished in time is waited for', async () => {
	const cell = await newCell(ENDLESS);
	const first = await call(cell, {}, { timeout: 2 });
	expect(first.error?.message).toMatch(/was not finished/);
	finishAll(cell);
	expectEachOnce(cell, await call(cell));
});

test.concurrent('two calls that get what they asked for are two purchases', async () => {
	const cell = await newCell();
	await call(cell);
	const { json } = await call(cell);
	expect(json.some(({ replayed }) => replayed === true)).toBe(false);
	expect(cell.simulator.purchases).toBe(10);
});

test.concurrent('two calls at the same time share no task, also when both fail', async () => {
	const cell = await newCell(ENDLESS);
	const short = { timeout: 2 };
	const calls = [call(cell, {}, short), call(cell, {}, short)];
	for (const { error } of await Promise.all(calls)) expect(error?.message).toMatch(/not finished/);
	expect(cell.simulator.purchases).toBe(10);
	finishAll(cell);
	const again = await Promise.all([call(cell), call(cell)]);
	const ids = again.flatMap(({ json }) => json.map(({ taskId }) => taskId as string));
	expect(ids.sort()).toEqual(cell.bought());
	expect(cell.simulator.purchases).toBe(10);
});
