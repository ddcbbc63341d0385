import type { INode } from 'n8n-workflow';

import type { Simulator } from '../../simulator/index.cts';
import { runInEngine, type EngineResult } from './support/engine.cts';
import type { FaultAction } from './support/faults.cts';
import {
	credentialFor,
	newSimulator,
	prompts,
	runAndWait,
	stopSimulators,
} from './support/hiApi.cts';
import { clearFaults } from './support/strike.cts';

// What every fault does to every way of running is in faultMatrix/; here is what needs a story of its own.
jest.setTimeout(240_000);
afterAll(stopSimulators);

interface Cell {
	simulator: Simulator;
	/** Runs the node on the given items. */
	run(
		settings?: Partial<INode>,
		extra?: Partial<Parameters<typeof runInEngine>[0]>,
	): Promise<EngineResult>;
}

async function cell(): Promise<Cell> {
	const simulator = await newSimulator();
	const run: Cell['run'] = async (settings, extra) =>
		await runInEngine({
			credential: credentialFor(simulator),
			parameters: runAndWait(),
			items: prompts(3),
			settings,
			...extra,
		});
	return { simulator, run };
}

/** Strikes the create requests numbered `after + 1` to `after + times`. */
function strike(simulator: Simulator, action: FaultAction, times: number, after = 0): void {
	simulator.fault({ method: 'POST', path: '/v1/tasks', action, times, after });
}

const forever = Number.POSITIVE_INFINITY;

describe('when the trouble outlasts one try of the node', () => {
	test.concurrent('a refusal after a lost answer does not lead to a second purchase', async () => {
		const { simulator, run } = await cell();
		// The first answer is lost although the task exists; from then on HiAPI refuses everything for a while.
		strike(simulator, { type: 'drop', when: 'after' }, 1);
		strike(simulator, { type: 'status', status: 401 }, forever);
		const first = await run({}, { items: prompts(1) });
		expect(first.error?.message).toMatch(/API key/);
		expect(first.error?.description).toMatch(/not known whether HiAPI created the task/);
		await clearFaults(simulator);
		const second = await run({}, { items: prompts(1), retryOf: first, executionId: 'execution-2' });
		expect(second.json[0]).toMatchObject({ status: 'success', replayed: true });
		expect(simulator.purchases).toBe(1);
	});

	test.concurrent(
		'after a plain refusal the retry uses a fresh key, so that a remembered refusal cannot come back',
		async () => {
			const { simulator, run } = await cell();
			simulator.switches.idempotencyKeepsRejected = true;
			simulator.switches.balance = 0;
			const first = await run({}, { items: prompts(1) });
			expect(first.error?.httpCode).toBe('402');
			simulator.switches.balance = null;
			const second = await run(
				{},
				{ items: prompts(1), retryOf: first, executionId: 'execution-2' },
			);
			expect(second.json[0]).toMatchObject({ status: 'success' });
			expect(simulator.purchases).toBe(1);
		},
	);
});

test.concurrent('422 is final, buys nothing and says what to do', async () => {
	const { simulator, run } = await cell();
	strike(
		simulator,
		{ type: 'status', status: 422, errorCode: 'IDEMPOTENCY_KEY_MISMATCH' },
		forever,
	);
	const { error } = await run({}, { items: prompts(1) });
	expect(error?.message).toMatch(/key was already used for a different request/);
	expect(simulator.requests).toHaveLength(1);
	expect(simulator.purchases).toBe(0);
});

test.concurrent('every retry sends the same bytes with the same key', async () => {
	const { simulator, run } = await cell();
	strike(simulator, { type: 'drop', when: 'after' }, 2);
	await run({}, { items: prompts(1) });
	const creates = simulator.requests.filter(({ method }) => method === 'POST');
	expect(creates).toHaveLength(3);
	expect(new Set(creates.map(({ rawBody }) => rawBody.toString('hex'))).size).toBe(1);
	expect(new Set(creates.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
});

test.concurrent('a changed body on retry is a new purchase with a new key', async () => {
	const { simulator, run } = await cell();
	simulator.plan({ outcome: 'fail', error: { code: 'TASK_FAILED', message: 'blocked' } });
	const first = await run({}, { items: [{ prompt: 'bad' }] });
	expect(first.error?.message).toMatch(/could not complete the task: blocked/);
	const second = await run(
		{},
		{ items: [{ prompt: 'good' }], retryOf: first, executionId: 'execution-2' },
	);
	expect(second.json[0]).toMatchObject({ status: 'success' });
	expect(simulator.purchases).toBe(2);
});

test.concurrent('two nodes with one id buy a task each', async () => {
	const { simulator, run } = await cell();
	const [first, second] = [
		await run({}, { items: prompts(1) }),
		await run({ name: 'HiAPI1' }, { items: prompts(1) }),
	];
	expect(second.json[0]).not.toHaveProperty('replayed');
	expect(second.json[0].taskId).not.toBe(first.json[0].taskId);
	expect(simulator.purchases).toBe(2);
});

test.concurrent(
	'Retry On Fail does not buy a failed task again, and the error names it',
	async () => {
		const { simulator, run } = await cell();
		simulator.plan({ outcome: 'fail', error: { code: 'TASK_FAILED', message: 'blocked' } });
		const { error } = await run(
			{ retryOnFail: true, maxTries: 3, waitBetweenTries: 0 },
			{ items: prompts(1) },
		);
		expect(error?.description).toContain(simulator.tasks[0].taskId);
		expect(error?.context?.taskId).toBe(simulator.tasks[0].taskId);
		expect(simulator.purchases).toBe(1);
	},
);

test.concurrent(
	'under Continue On Fail a failed task is one item with id and code, and is not bought again',
	async () => {
		const { simulator, run } = await cell();
		simulator.plan(
			{ outcome: 'fail', error: { code: 'TASK_FAILED', message: 'blocked' } },
			{ prompt: 'p1' },
		);
		const { outputs } = await run({
			onError: 'continueErrorOutput',
			retryOnFail: true,
			maxTries: 3,
			waitBetweenTries: 0,
		});
		expect(outputs.map((items) => items.length)).toEqual([2, 1]);
		expect(outputs[1][0].json.details).toMatchObject({
			code: 'TASK_FAILED',
			retryable: false,
			taskId: expect.stringMatching(/^tk-hiapi-/) as string,
		});
		expect(simulator.purchases).toBe(3);
	},
);
