import type { INode } from 'n8n-workflow';

import type { FaultRule, Simulator } from '../../simulator/index.cts';
import { runInEngine, type EngineResult } from './support/engine.cts';
import { credentialFor, newSimulator, prompts, runAndWait, stopSimulators } from './support/hiApi.cts';

// The node is patient: it gives up on a silent server after 60 s and on a broken one after some 20 s. So all cells run at
// once, each on a simulator of its own.
jest.setTimeout(240_000);
afterAll(stopSimulators);

type Action = FaultRule['action'];

interface Fault {
	name: string;
	/** What goes wrong with the create requests. */
	action: Action;
	/** Whether HiAPI's answer is a plain no: nothing was created and trying again in the same run makes no sense. */
	definite?: boolean;
}

const faults: Fault[] = [
	{ name: 'connection dropped before the task is stored', action: { type: 'drop', when: 'before' } },
	{ name: 'connection dropped after the task is stored', action: { type: 'drop', when: 'after' } },
	{ name: '409 while the key is in progress', action: { type: 'status', status: 409, errorCode: 'IDEMPOTENCY_KEY_PROCESSING', retryAfter: 0 } },
	{ name: '409 after the task is stored', action: { type: 'status', status: 409, errorCode: 'IDEMPOTENCY_KEY_PROCESSING', retryAfter: 0, when: 'after' } },
	{ name: '422', action: { type: 'status', status: 422, errorCode: 'IDEMPOTENCY_KEY_MISMATCH' }, definite: true },
	{ name: '429 with seconds', action: { type: 'status', status: 429, envelope: 'E2', retryAfter: 1 } },
	{ name: '429 with a date', action: { type: 'status', status: 429, envelope: 'E1', retryAfter: new Date(Date.now() + 1000).toUTCString() } },
	{ name: '500 after the task is stored', action: { type: 'status', status: 500, when: 'after' } },
	{ name: '502 as HTML after the task is stored', action: { type: 'status', status: 502, format: 'html', when: 'after' } },
	{ name: '503', action: { type: 'status', status: 503 } },
	{ name: '504 after the task is stored', action: { type: 'status', status: 504, format: 'text', when: 'after' } },
	{ name: 'HTTP 200 with an error body', action: { type: 'errorInSuccess', envelope: 'E5', code: 503 } },
	{ name: 'malformed JSON', action: { type: 'malformedJson' } },
	{ name: 'truncated JSON', action: { type: 'truncatedJson' } },
	{ name: 'connection cut in the middle of the answer', action: { type: 'cutConnection' } },
];

interface Cell {
	simulator: Simulator;
	/** Runs the node on the given items. */
	run(settings?: Partial<INode>, extra?: Partial<Parameters<typeof runInEngine>[0]>): Promise<EngineResult>;
}

async function cell(): Promise<Cell> {
	const simulator = await newSimulator();
	const run: Cell['run'] = async (settings, extra) =>
		await runInEngine({ credential: credentialFor(simulator), parameters: runAndWait(), items: prompts(3), settings, ...extra });
	return { simulator, run };
}

/** Strikes the create requests numbered `after + 1` to `after + times`. */
function strike(simulator: Simulator, action: Action, times: number, after = 0): void {
	simulator.fault({ method: 'POST', path: '/v1/tasks', action, times, after });
}

function expectThree(simulator: Simulator, result: EngineResult): void {
	expect(result.error).toBeUndefined();
	expect(result.json.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
	expect(simulator.purchases).toBe(3);
	expect(result.json.map(({ taskId }) => taskId).sort()).toEqual(simulator.tasks.map(({ taskId }) => taskId).sort());
}

const forever = Number.POSITIVE_INFINITY;
const passing = faults.filter(({ definite }) => !definite);

describe('each item buys one task', () => {
	test.concurrent.each(passing)('first try: $name', async ({ action }) => {
		const { simulator, run } = await cell();
		strike(simulator, action, 2);
		expectThree(simulator, await run());
	});

	test.concurrent.each(passing)('Retry On Fail: $name', async ({ action }) => {
		const { simulator, run } = await cell();
		// Six requests in a row are what one try of the node makes for an item, so that the next try has to go on.
		strike(simulator, action, 6, 1);
		expectThree(simulator, await run({ retryOnFail: true, maxTries: 3, waitBetweenTries: 0 }));
	});

	test.concurrent.each(passing)('Continue: $name', async ({ action }) => {
		const { simulator, run } = await cell();
		strike(simulator, action, 2, 1);
		expectThree(simulator, await run({ onError: 'continueRegularOutput' }));
	});

	test.concurrent.each(passing)('error output: $name', async ({ action }) => {
		const { simulator, run } = await cell();
		strike(simulator, action, 2);
		const { json, outputs } = await run({ onError: 'continueErrorOutput' });
		expect(json).toHaveLength(3);
		expect(outputs[1] ?? []).toHaveLength(0);
		expect(simulator.purchases).toBe(3);
	});
});

describe('when the trouble outlasts one try of the node', () => {
	test.concurrent.each(passing.filter(({ action }) => !('retryAfter' in action)))('$name: a retry from the executions list finds the tasks', async ({ action }) => {
		const { simulator, run } = await cell();
		strike(simulator, action, forever);
		const first = await run();
		expect(first.error?.description).toBeTruthy();
		const boughtBefore = simulator.purchases;
		expect(boughtBefore).toBeLessThanOrEqual(3);
		await clearFaults(simulator);
		expectThree(simulator, await run({}, { retryOf: first, executionId: 'execution-2' }));
	});

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

	test.concurrent('after a plain refusal the retry uses a fresh key, so that a remembered refusal cannot come back', async () => {
		const { simulator, run } = await cell();
		simulator.switches.idempotencyKeepsRejected = true;
		simulator.switches.balance = 0;
		const first = await run({}, { items: prompts(1) });
		expect(first.error?.httpCode).toBe('402');
		simulator.switches.balance = null;
		const second = await run({}, { items: prompts(1), retryOf: first, executionId: 'execution-2' });
		expect(second.json[0]).toMatchObject({ status: 'success' });
		expect(simulator.purchases).toBe(1);
	});
});

async function clearFaults(simulator: Simulator): Promise<void> {
	const answer = await fetch(`${simulator.origin}/_simulator/faults`, { method: 'DELETE' });
	if (!answer.ok) throw new Error(`the simulator did not clear its faults: ${answer.status}`);
}

test.concurrent('422 is final, buys nothing and says what to do', async () => {
	const { simulator, run } = await cell();
	strike(simulator, faults.find(({ name }) => name === '422')?.action as Action, forever);
	const { error } = await run({}, { items: prompts(1) });
	expect(error?.message).toMatch(/key was already used for a different request/);
	expect(simulator.requests).toHaveLength(1);
	expect(simulator.purchases).toBe(0);
});

test.concurrent('no answer until the request times out: the same key finds the task', async () => {
	const { simulator, run } = await cell();
	strike(simulator, { type: 'noAnswer', when: 'after' }, 1);
	expectThree(simulator, await run());
	const keys = simulator.requests.filter(({ method }) => method === 'POST').map(({ headers }) => headers['idempotency-key']);
	expect(keys).toHaveLength(4);
	expect(new Set(keys).size).toBe(3);
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
	const second = await run({}, { items: [{ prompt: 'good' }], retryOf: first, executionId: 'execution-2' });
	expect(second.json[0]).toMatchObject({ status: 'success' });
	expect(simulator.purchases).toBe(2);
});

test.concurrent('Retry On Fail does not buy a failed task again, and the error names it', async () => {
	const { simulator, run } = await cell();
	simulator.plan({ outcome: 'fail', error: { code: 'TASK_FAILED', message: 'blocked' } });
	const { error } = await run({ retryOnFail: true, maxTries: 3, waitBetweenTries: 0 }, { items: prompts(1) });
	expect(error?.description).toContain(simulator.tasks[0].taskId);
	expect(error?.context?.taskId).toBe(simulator.tasks[0].taskId);
	expect(simulator.purchases).toBe(1);
});

test.concurrent('under Continue On Fail a failed task is one item with id and code, and is not bought again', async () => {
	const { simulator, run } = await cell();
	simulator.plan({ outcome: 'fail', error: { code: 'TASK_FAILED', message: 'blocked' } }, { prompt: 'p1' });
	const { outputs } = await run({ onError: 'continueErrorOutput', retryOnFail: true, maxTries: 3, waitBetweenTries: 0 });
	expect(outputs.map((items) => items.length)).toEqual([2, 1]);
	expect(outputs[1][0].json.details).toMatchObject({ code: 'TASK_FAILED', taskId: expect.stringMatching(/^tk-hiapi-/) as string });
	expect(simulator.purchases).toBe(3);
});
