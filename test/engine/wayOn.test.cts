import { runInEngine } from './support/engine.cts';
import { credentialFor, prompts, stopSimulators } from './support/hiApi.cts';
import { ITEMS, keysOf, newCell } from './support/matrixCell.cts';
import { speedUpNode } from './support/nodeClock.cts';

// What a failure advises can be done, and does what it promises.
jest.setTimeout(240_000);
speedUpNode();
afterAll(stopSimulators);

const REQUESTS_PER_TRY = 6;
const onErrorOutput = { onError: 'continueErrorOutput' } as const;
const LOST = { method: 'POST', path: '/v1/tasks', after: 1 } as const;

test.concurrent(
	'the error output led back into the node finds the task of a lost answer',
	async () => {
		const cell = await newCell();
		cell.simulator.fault({
			...LOST,
			action: { type: 'drop', when: 'after' },
			times: REQUESTS_PER_TRY,
		});
		const { json, run, error } = await cell.run(
			onErrorOutput,
			{ place: { kind: 'backAgain' } },
			{ concurrency: 1 },
		);
		expect(error).toBeUndefined();
		const rounds = run.data.resultData.runData.HiAPI.map(({ data }) =>
			(data?.main ?? []).map((items) => items?.length ?? 0),
		);
		expect(rounds).toEqual([
			[ITEMS - 1, 1],
			[1, 0],
		]);
		expect(json[0]).toMatchObject({ status: 'success', replayed: true });
		expect(cell.creates('p1')).toHaveLength(REQUESTS_PER_TRY + 1);
		expect(keysOf(cell.creates('p1')).size).toBe(1);
		expect(cell.simulator.purchases).toBe(ITEMS);
	},
);

test.concurrent(
	'an item that did not wait to the end goes on in Wait for Completion, by the expression the failure names',
	async () => {
		const cell = await newCell(120);
		const { outputs } = await cell.run(onErrorOutput, { items: prompts(1) }, { timeout: 0.5 });
		const [{ json }] = outputs[1];
		const { description } = json.details as { description: string };
		const expression = /\{\{ \$json\.[\w.]+ \}\}/.exec(description)?.[0];
		const waited = await runInEngine({
			credential: credentialFor(cell.simulator),
			parameters: {
				resource: 'task',
				operation: 'waitForCompletion',
				taskId: { __rl: true, mode: 'id', value: `=${expression}` },
				downloadOutputs: false,
			},
			items: [json],
		});
		expect(waited.json[0]).toMatchObject({ status: 'success', taskId: cell.bought()[0] });
		expect(cell.simulator.purchases).toBe(1);
	},
);

test.concurrent('nobody is sent to a Retry of an execution that is not saved', async () => {
	const cell = await newCell();
	cell.simulator.fault({ ...LOST, after: 0, action: { type: 'drop', when: 'after' }, times: 9 });
	const { error } = await cell.run(
		{},
		{ items: prompts(1), workflowSettings: { saveManualExecutions: false } },
	);
	expect(error?.description).toMatch(/keep no failed executions.*'Get Many'/);
	expect(error?.description).not.toMatch(/Use Retry/);
});
