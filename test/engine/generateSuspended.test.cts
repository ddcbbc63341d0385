import type { IDataObject } from 'n8n-workflow';

import { NODE_CONTEXT } from '../../nodes/shared/stored';
import { runInEngine, type EngineRun } from './support/engine.cts';
import {
	credentialFor,
	newSimulator,
	prompts,
	stopSimulators,
	type Simulator,
} from './support/hiApi.cts';

/*
 * Include Input Fields and Variations where the execution is to be suspended. What comes out after the last callback is in
 * test/e2e/suspension.test.cts.
 */

afterAll(stopSimulators);

const generating = async (
	simulator: Simulator,
	options: IDataObject = {},
	more: Partial<EngineRun> = {},
	own: IDataObject = {},
) =>
	await runInEngine({
		parameters: {
			resource: 'image',
			operation: 'generate',
			prompt: '={{ $json.prompt }}',
			includeInputFields: true,
			waitBy: 'callback',
			options: { grace: 0, ...options },
			...own,
		},
		credential: credentialFor(simulator),
		items: prompts(2).map((item, index) => ({ ...item, id: 40 + index })),
		...more,
	});

const keysOf = ({ requests }: Simulator) =>
	requests
		.filter(({ method }) => method === 'POST')
		.map(({ headers }) => String(headers['idempotency-key']));

/** The items n8n goes on with when time runs out. */
const parkedIn = ({ run }: Awaited<ReturnType<typeof generating>>) =>
	run.data.executionData!.nodeExecutionStack[0].data.main[0]!;

/** The places as they are stored for the last callback. */
const storedIn = ({ run }: Awaited<ReturnType<typeof generating>>): IDataObject[] => {
	const contexts = Object.values(run.data.executionData!.contextData) as IDataObject[];
	const memory = contexts
		.map((context) => context[NODE_CONTEXT.suspension] as IDataObject | undefined)
		.find((found) => found !== undefined)!;
	return (JSON.parse(String(memory.suspension)) as { places: IDataObject[] }).places;
};

const VARIATIONS = { variations: 2 };
const POLLING = { ...VARIATIONS, waitBy: 'polling' };

test.concurrent('what an item keeps of its input waits with its task', async () => {
	const simulator = await newSimulator({ taskSeconds: 1_000 });
	const result = await generating(simulator);
	expect(result.run.data.waitTill).toBeDefined();
	expect(simulator.purchases).toBe(2);
	expect(result.json.map(({ id }) => id)).toEqual([40, 41]);
	expect(parkedIn(result).map(({ json }) => json.id)).toEqual([40, 41]);
	expect(storedIn(result)).toEqual(
		result.json.map(({ taskId }, itemIndex) => ({
			itemIndex,
			pending: expect.objectContaining({
				taskId,
				inputFields: { prompt: `p${itemIndex}`, id: 40 + itemIndex },
			}),
		})),
	);
});

test.concurrent('variations are not suspended: nothing is bought', async () => {
	const simulator = await newSimulator();
	const { error } = await generating(simulator, {}, {}, VARIATIONS);
	expect(error?.message).toMatch(/^With 'Variations' above 1 the execution cannot be suspended/);
	expect(simulator.purchases).toBe(0);
});

test.concurrent('where polling may take over, variations come out paired', async () => {
	const simulator = await newSimulator({ taskSeconds: 1 });
	const { run, outputs, json } = await generating(
		simulator,
		{},
		{},
		{ ...VARIATIONS, waitBy: 'callbackIfPossible' },
	);
	expect(run.data.waitTill).toBeUndefined();
	expect(simulator.purchases).toBe(4);
	expect(new Set(keysOf(simulator)).size).toBe(4);
	expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual([
		{ item: 0 },
		{ item: 0 },
		{ item: 1 },
		{ item: 1 },
	]);
	expect(json.map(({ id }) => id)).toEqual([40, 40, 41, 41]);
});

test.concurrent(
	'a task that fails before the suspension keeps its fields for the time after it',
	async () => {
		const simulator = await newSimulator({ taskSeconds: 1_000 });
		simulator.plan({ seconds: 0, outcome: 'fail' }, { prompt: 'p0', times: 1 });
		const result = await generating(
			simulator,
			{ grace: 3 },
			{ settings: { onError: 'continueRegularOutput' } },
		);
		expect(result.run.data.waitTill).toBeDefined();
		expect(simulator.purchases).toBe(2);
		const done = storedIn(result).filter(({ json }) => json !== undefined);
		expect(done).toEqual([
			{
				itemIndex: 0,
				json: {
					error: expect.any(String),
					details: expect.objectContaining({ input: { prompt: 'p0', id: 40 } }),
				},
			},
		]);
		const failed = parkedIn(result).filter(({ json }) => json.error !== undefined);
		expect(failed.map(({ json }) => json.details)).toEqual([
			expect.objectContaining({ input: { prompt: 'p0', id: 40 } }),
		]);
	},
);

test.concurrent('an item with bad input keeps its fields, and buys nothing', async () => {
	const simulator = await newSimulator({ taskSeconds: 1_000 });
	const result = await generating(
		simulator,
		{},
		{
			items: [
				{ prompt: '', id: 40 },
				{ prompt: 'p1', id: 41 },
			],
			settings: { onError: 'continueRegularOutput' },
		},
	);
	expect(simulator.purchases).toBe(1);
	expect(storedIn(result)[0]).toMatchObject({
		itemIndex: 0,
		json: { details: { input: { prompt: '', id: 40 } } },
	});
});

test.concurrent('a retry of the execution buys nothing that is there', async () => {
	const simulator = await newSimulator({ taskSeconds: 1 });
	simulator.fault({
		method: 'POST',
		path: '/v1/tasks',
		after: 1,
		action: { type: 'status', status: 402, message: 'balance' },
	});
	const failed = await generating(simulator, { concurrency: 1 }, { executionId: '1' });
	expect(failed.error).toBeDefined();
	expect(simulator.purchases).toBe(1);
	const bought = simulator.tasks.map(({ taskId }) => taskId);
	const retried = await generating(simulator, {}, { executionId: '2', retryOf: failed });
	expect(retried.json.map(({ status }) => status)).toEqual(['success', 'success']);
	expect(simulator.purchases).toBe(2);
	expect(retried.json.slice(0, 1).map(({ taskId }) => taskId)).toEqual(bought);
	expect(retried.json.map(({ id }) => id)).toEqual([40, 41]);
});

test.concurrent('the same execution run from its start a second time buys nothing', async () => {
	const simulator = await newSimulator({ taskSeconds: 1_000 });
	const first = await generating(simulator, {}, { executionId: '7' });
	const second = await generating(simulator, {}, { executionId: '7' });
	expect(second.json.map(({ taskId }) => taskId)).toEqual(first.json.map(({ taskId }) => taskId));
	expect(simulator.purchases).toBe(2);
});

test.concurrent("the user's key is marked for each further variation", async () => {
	const simulator = await newSimulator({ taskSeconds: 1 });
	await generating(simulator, { idempotencyKey: '={{ "row-" + $json.id }}' }, {}, POLLING);
	expect(keysOf(simulator).sort()).toEqual(['row-40', 'row-40~2', 'row-41', 'row-41~2']);
	expect(simulator.purchases).toBe(4);
});

test.concurrent(
	'a key with no room for the mark is refused before anything is bought',
	async () => {
		const simulator = await newSimulator({ taskSeconds: 1_000 });
		const { error } = await generating(
			simulator,
			{
				idempotencyKey: `={{ "${'x'.repeat(252)}" + $json.id }}`,
			},
			{},
			POLLING,
		);
		expect(error?.message).toBe("'Idempotency Key' is 254 bytes long, and at most 253 are allowed");
		expect(simulator.purchases).toBe(0);
	},
);

test.concurrent('all variations count for Maximum Tasks', async () => {
	const simulator = await newSimulator({ taskSeconds: 1_000 });
	const { error } = await generating(simulator, { maximumTasks: 3 }, {}, POLLING);
	expect(error?.message).toBe("4 tasks would be created for 2 items, and 'Maximum Tasks' allows 3");
	expect(simulator.purchases).toBe(0);
});
