import type { INode } from 'n8n-workflow';

import type { EngineResult } from '../support/engine.cts';
import { ENDING, KEY_MISMATCH, PASSING, STALE_LIST } from '../support/faults.cts';
import { prompts, stopSimulators } from '../support/hiApi.cts';
import {
	expectEachOnce,
	FOREVER,
	ITEMS,
	keysOf,
	listReads,
	MANY,
	newCell,
	type Cell,
} from '../support/matrixCell.cts';
import { speedUpNode } from '../support/nodeClock.cts';
import { nodeNotes, nodeWarnings } from '../support/nodeLog.cts';
import { clearFaults, strike } from '../support/strike.cts';

// n8n keeps nothing of what a stopped node has done: what it bought is in the log only, and a new run finds it by the
// keys of the user.
jest.setTimeout(240_000);
speedUpNode();
let warnings: string[];
let notes: string[];
beforeAll(() => {
	warnings = nodeWarnings();
	notes = nodeNotes();
});
afterAll(stopSimulators);

const KEYS = { idempotencyKey: '={{ $json.prompt }}' };
const LONG = 400;
/** How often the condition must have held: the node's answers are read in between, however slow the machine is. */
const LOOKS = 20;

/** True from so many ms after the condition holds: what it is about has reached the node by then. */
function aWhileAfter(condition: () => boolean, milliseconds = 500): () => boolean {
	let since: number | undefined;
	let looks = 0;
	return () => {
		if (since === undefined && !condition()) return false;
		since ??= Date.now();
		looks += 1;
		return looks > LOOKS && Date.now() - since > milliseconds;
	};
}

/** How many tasks the node itself has learnt of, as its log says: later than HiAPI has answered. */
const known = (cell: Cell) =>
	cell.bought().filter((taskId) => notes.includes(`HiAPI task ${taskId} was created`)).length;

/** How many creates HiAPI has answered. */
const answered = (cell: Cell) => cell.creates().filter(({ status }) => status !== undefined).length;

const pause = async (milliseconds: number) =>
	await new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs the node and stops it as soon as the condition holds; nothing more may be sent then. */
async function runUntil(
	cell: Cell,
	condition: () => boolean,
	settings: Partial<INode> = {},
	items = prompts(ITEMS),
): Promise<EngineResult> {
	let stopped = false;
	let sentLate = 0;
	let look: NodeJS.Timeout | undefined;
	const onStarted = (stop: () => void) => {
		look = setInterval(() => {
			if (stopped || !condition()) return;
			stopped = true;
			stop();
		}, 2);
	};
	const onRequest = () => {
		if (stopped) sentLate += 1;
	};
	const result = await cell.run(
		settings,
		{ items, onStarted, onRequest },
		{ ...KEYS, concurrency: items.length },
	);
	clearInterval(look);
	expect(stopped).toBe(true);
	// What was sent before may arrive after it.
	await pause(500);
	expect(sentLate).toBe(0);
	return result;
}

/** What a person can read about a stopped run: the error and n8n's log. */
function told(cell: Cell, { error }: EngineResult): string {
	const ours = warnings.filter(
		(line) => cell.bought().some((taskId) => line.includes(taskId)) || cell.bought().length === 0,
	);
	return [error?.message, error?.description, ...ours].join('\n');
}

async function runAgain(cell: Cell, count = ITEMS): Promise<void> {
	await clearFaults(cell.simulator);
	for (const { taskId, terminal } of cell.simulator.tasks)
		if (!terminal) cell.simulator.finish(taskId);
	cell.simulator.plan({ seconds: 1 }, { times: FOREVER });
	expectEachOnce(
		cell,
		await cell.run({}, { items: prompts(count), executionId: 'execution-2' }, KEYS),
		count,
	);
	expect(keysOf(cell.creates()).size).toBe(count);
}

describe('stop while the fault strikes, then a second run with the same keys of the user', () => {
	test.concurrent.each(PASSING)('$name', async (fault) => {
		const cell = await newCell(LONG);
		strike(cell.simulator, fault, FOREVER, 1);
		const result = await runUntil(
			cell,
			// long before the other creates are given up
			aWhileAfter(() => cell.creates().length >= 4 && known(cell) >= 1, 100),
		);
		const text = told(cell, result);
		expect(text).toContain(cell.simulator.tasks[0].taskId);
		if (fault.outcomeUnknown) expect(text).toMatch(/not known whether HiAPI created/);
		await runAgain(cell);
	});

	test.concurrent.each(ENDING)('$name', async (fault) => {
		const cell = await newCell(LONG);
		strike(cell.simulator, fault, FOREVER, 1);
		const result = await runUntil(
			cell,
			aWhileAfter(() => answered(cell) === ITEMS && known(cell) >= 1),
			{ onError: 'continueRegularOutput' },
		);
		const text = told(cell, result);
		expect(text).toContain(cell.simulator.tasks[0].taskId);
		if (fault.outcomeUnknown) expect(text).toMatch(/not known whether HiAPI created/);
		await runAgain(cell);
	});

	test.concurrent(
		'422: the struck item has failed, the tasks of the others are named',
		async () => {
			const cell = await newCell(LONG);
			strike(cell.simulator, KEY_MISMATCH, 1, 1);
			const result = await runUntil(
				cell,
				aWhileAfter(() => answered(cell) === ITEMS && known(cell) === ITEMS - 1),
				{ onError: 'continueRegularOutput' },
			);
			expect(cell.simulator.purchases).toBe(ITEMS - 1);
			for (const taskId of cell.bought()) expect(told(cell, result)).toContain(taskId);
			await runAgain(cell);
		},
	);

	test.concurrent(`${STALE_LIST.name}: stopped while waiting, every task is named`, async () => {
		const cell = await newCell(LONG);
		strike(cell.simulator, STALE_LIST, FOREVER);
		const result = await runUntil(
			cell,
			aWhileAfter(() => known(cell) === MANY && listReads(cell) > 0),
			{},
			prompts(MANY),
		);
		expect(cell.simulator.purchases).toBe(MANY);
		for (const taskId of cell.bought()) expect(told(cell, result)).toContain(taskId);
		await runAgain(cell, MANY);
	});
});

test.concurrent('tasks that had finished when the run was stopped are named as well', async () => {
	const cell = await newCell(LONG);
	cell.simulator.plan({ seconds: 1 }, { prompt: 'p0' });
	const isTold = ({ taskId }: { taskId: string }) =>
		notes.some((line) => line.startsWith(`HiAPI task ${taskId} (`) && line.endsWith(': success'));
	const result = await runUntil(
		cell,
		() => known(cell) === ITEMS && isTold(cell.simulator.tasks[0]),
	);
	expect(told(cell, result)).toMatch(/these have finished: tk-/);
	for (const taskId of cell.bought()) expect(told(cell, result)).toContain(taskId);
	await runAgain(cell);
});
