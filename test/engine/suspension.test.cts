import type { IDataObject } from 'n8n-workflow';

import { nodeWarnings } from './support/nodeLog.cts';
import { runInEngine, type EngineRun } from './support/engine.cts';
import {
	credentialFor,
	newSimulator,
	prompts,
	runAndWait,
	stopSimulators,
	type Simulator,
} from './support/hiApi.cts';

afterAll(stopSimulators);

const suspending = async (simulator: Simulator, options: object, more: Partial<EngineRun> = {}) =>
	await runInEngine({
		parameters: runAndWait({ waitBy: 'callback', options: { grace: 0, ...options } }),
		credential: credentialFor(simulator),
		items: prompts(2),
		...more,
	});

/** In a failed item it is part of the details. */
const referenceOf = ({ reference, details }: IDataObject) =>
	reference ?? (details as IDataObject).reference;

const urlsOf = (simulator: Simulator) =>
	simulator.tasks.map(({ callbackUrl }) => new URL(String(callbackUrl)));

test.concurrent('is suspended for the limit, with the tasks in place of the items', async () => {
	const simulator = await newSimulator({ taskSeconds: 1_000 });
	const before = Date.now();
	const { run, json } = await suspending(simulator, { suspensionLimit: 5 });
	const limit = run.data.waitTill!.getTime();
	expect(limit - before).toBeGreaterThanOrEqual(5 * 60_000);
	expect(limit - Date.now()).toBeLessThanOrEqual(5 * 60_000);
	expect(json).toEqual(
		[0, 1].map(() => ({
			taskId: expect.stringMatching(/^tk-/),
			model: expect.any(String),
			status: expect.any(String),
			suspended: true,
			message: expect.stringMatching(/^This is not the result\./),
		})),
	);
	// n8n passes these on when time runs out.
	const [parked] = run.data.executionData!.nodeExecutionStack;
	expect(parked.data.main[0]!.map((item) => item.json)).toEqual(
		json.map(({ suspended, message, ...item }) => ({
			...item,
			timedOut: true,
			timeoutHint: expect.stringMatching(
				/^No callback of HiAPI ended the wait within 5 minutes.*http:\/\/n8n\.test\/webhook-waiting\/\. /,
			),
		})),
	);
});

test.concurrent(
	'HiAPI is told one URL of this execution and node, with a secret of this run',
	async () => {
		const simulator = await newSimulator({ taskSeconds: 1_000 });
		await suspending(simulator, {}, { executionId: '77' });
		const [first, second] = urlsOf(simulator);
		expect(second.href).toBe(first.href);
		expect(first.pathname).toBe('/webhook-waiting/77/node-1');
		expect(first.searchParams.get('nonce')).toMatch(/^[0-9a-f]{32}$/);
		await suspending(simulator, {}, { executionId: '78' });
		expect(urlsOf(simulator)[2].searchParams.get('nonce')).not.toBe(
			first.searchParams.get('nonce'),
		);
	},
);

test.concurrent(
	'with Retry On Fail a failed first item does not run a suspended node again',
	async () => {
		const simulator = await newSimulator({ taskSeconds: 1_000 });
		simulator.plan({ seconds: 0, outcome: 'fail' }, { prompt: 'p0' });
		const { run, json } = await suspending(
			simulator,
			{ grace: 3 },
			{
				settings: {
					retryOnFail: true,
					maxTries: 3,
					waitBetweenTries: 0,
					onError: 'continueRegularOutput',
				},
			},
		);
		expect(run.data.waitTill).toBeDefined();
		expect(simulator.purchases).toBe(2);
		expect(json[0]).toHaveProperty('failure');
		const [parked] = run.data.executionData!.nodeExecutionStack;
		expect(parked.data.main[0]![0].json).toHaveProperty('error');
	},
);

test.concurrent(
	'a task that fails while it is polled fails the node as in polling, naming the others',
	async () => {
		const simulator = await newSimulator({ taskSeconds: 1_000 });
		simulator.plan({ seconds: 0, outcome: 'fail' }, { prompt: 'p0' });
		const { run, error } = await suspending(simulator, { grace: 10 });
		expect(run.data.waitTill).toBeUndefined();
		expect(error?.description).toContain(
			simulator.tasks.find(({ prompt }) => prompt === 'p1')!.taskId,
		);
	},
);

test.concurrent(
	'the second try of a run sends the same URL and buys only what is missing',
	async () => {
		const simulator = await newSimulator({ taskSeconds: 1_000 });
		simulator.fault({
			method: 'POST',
			path: '/v1/tasks',
			after: 1,
			action: { type: 'status', status: 402, message: 'balance' },
		});
		const { run } = await suspending(
			simulator,
			{ concurrency: 1 },
			{ settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 } },
		);
		expect(run.data.waitTill).toBeDefined();
		expect(simulator.purchases).toBe(2);
		expect(new Set(urlsOf(simulator).map(({ href }) => href)).size).toBe(1);
	},
);

test.concurrent(
	"a retry of another execution sends that one's URL and waits by polling",
	async () => {
		const simulator = await newSimulator({ taskSeconds: 1 });
		simulator.fault({
			method: 'POST',
			path: '/v1/tasks',
			after: 1,
			action: { type: 'status', status: 402, message: 'balance' },
		});
		const failed = await suspending(simulator, { concurrency: 1 }, { executionId: '1' });
		expect(failed.error).toBeDefined();
		const { run, json } = await suspending(simulator, {}, { executionId: '2', retryOf: failed });
		expect(run.data.waitTill).toBeUndefined();
		expect(json.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(simulator.purchases).toBe(2);
		expect(new Set(urlsOf(simulator).map(({ pathname }) => pathname))).toEqual(
			new Set(['/webhook-waiting/1/node-1']),
		);
	},
);

// docs/troubleshooting.md, "No usable answer", and the description of the failure itself
describe('an item whose purchase is uncertain, led from the error output back into the node', () => {
	const backAgain: Partial<EngineRun> = {
		items: prompts(1),
		place: { kind: 'backAgain' },
		settings: { onError: 'continueErrorOutput' },
	};
	const loseAnswers = (simulator: Simulator, times: number) =>
		simulator.fault({
			method: 'POST',
			path: '/v1/tasks',
			times,
			action: { type: 'status', status: 500, when: 'after' },
		});

	test.concurrent('is bought once, and waited for', async () => {
		const simulator = await newSimulator({ taskSeconds: 1_000 });
		loseAnswers(simulator, 2);
		const { run, json } = await suspending(simulator, {}, backAgain);
		expect(run.data.resultData.runData.HiAPI).toHaveLength(3);
		expect(simulator.purchases).toBe(1);
		expect(run.data.waitTill).toBeDefined();
		expect(json).toMatchObject([{ taskId: simulator.tasks[0].taskId, suspended: true }]);
	});

	test.concurrent('is bought once in a retry of another execution, too', async () => {
		const simulator = await newSimulator({ taskSeconds: 1 });
		loseAnswers(simulator, 1);
		const failed = await suspending(simulator, {}, { items: prompts(1), executionId: '1' });
		expect(failed.error).toBeDefined();
		loseAnswers(simulator, 1);
		const retried = { ...backAgain, executionId: '2', retryOf: failed };
		const { run, json } = await suspending(simulator, {}, retried);
		expect(run.data.resultData.runData.HiAPI).toHaveLength(2);
		expect(simulator.purchases).toBe(1);
		expect(json).toMatchObject([{ taskId: simulator.tasks[0].taskId, status: 'success' }]);
	});
});

// n8n 1 in queue mode: a stalled job is run again from its start, and what the first run had in memory is gone.
test.concurrent(
	'the same execution run a second time from its start sends the same URL, and buys nothing anew',
	async () => {
		const simulator = await newSimulator({ taskSeconds: 1_000 });
		const first = await suspending(simulator, {}, { executionId: '7' });
		const second = await suspending(simulator, {}, { executionId: '7' });
		expect(second.run.data.waitTill).toBeDefined();
		expect(second.json.map(({ taskId }) => taskId)).toEqual(first.json.map(({ taskId }) => taskId));
		expect(simulator.purchases).toBe(2);
		expect(new Set(urlsOf(simulator).map(({ href }) => href)).size).toBe(1);
	},
);

describe("the user's own idempotency key", () => {
	const KEYS = { idempotencyKey: '={{ $json.prompt }}' };

	test.concurrent('names the task of a suspended wait, also on Retry', async () => {
		const simulator = await newSimulator({ taskSeconds: 1 });
		simulator.fault({
			method: 'POST',
			path: '/v1/tasks',
			after: 1,
			action: { type: 'status', status: 402, message: 'balance' },
		});
		const options = { ...KEYS, concurrency: 1 };
		const failed = await suspending(simulator, options, { executionId: '1' });
		expect(failed.error).toBeDefined();
		const more = { executionId: '2', retryOf: failed };
		const retried = await suspending(simulator, options, more);
		expect(retried.json.map(({ taskId }) => taskId)).toEqual(
			simulator.tasks.map(({ taskId }) => taskId),
		);
		expect(simulator.purchases).toBe(2);
		const creates = simulator.requests.filter(({ method }) => method === 'POST');
		expect(new Set(creates.map(({ headers }) => headers['idempotency-key']))).toEqual(
			new Set(['p0', 'p1']),
		);
	});

	test.concurrent(
		'is refused by HiAPI in a second execution, which says whose task it is',
		async () => {
			const simulator = await newSimulator({ taskSeconds: 1_000 });
			await suspending(simulator, KEYS, { executionId: '1' });
			const { error, run } = await suspending(simulator, KEYS, { executionId: '2' });
			expect(error?.message).toBe('Another execution has already sent this idempotency key');
			expect(error?.description).toContain("'Polling'");
			expect(run.data.waitTill).toBeUndefined();
			expect(simulator.purchases).toBe(2);
		},
	);
});

test.concurrent('an option out of range is refused before anything is bought', async () => {
	const simulator = await newSimulator();
	expect((await suspending(simulator, { suspensionLimit: 0 })).error?.message).toContain(
		"'Suspend at Most (Minutes)'",
	);
	expect((await suspending(simulator, { grace: -1 })).error?.message).toContain(
		"'Poll First (Seconds)'",
	);
	expect(simulator.purchases).toBe(0);
});

describe('tasks that end between the last scheduled poll and the suspension', () => {
	const onTheEdge = async (failing?: string, settings: EngineRun['settings'] = {}) => {
		// With no time to poll, only the last poll sees them.
		const simulator = await newSimulator({ taskSeconds: 0 });
		if (failing !== undefined) simulator.plan({ seconds: 0, outcome: 'fail' }, { prompt: failing });
		return { simulator, ...(await suspending(simulator, {}, { settings })) };
	};

	test.concurrent('count as finished in what the node says at the end', async () => {
		const { run, json, hints } = await onTheEdge();
		expect(run.data.waitTill).toBeUndefined();
		expect(json.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(hints.join()).toMatch(/2 HiAPI tasks: 2 succeeded; longest wait \d s/);
	});

	test.concurrent('are named as finished by the error of another item', async () => {
		const { simulator, error } = await onTheEdge('p0');
		const other = simulator.tasks.find(({ prompt }) => prompt === 'p1')!.taskId;
		expect(error?.description).toContain(`Tasks of other items that have finished: ${other}.`);
		expect(error?.description).not.toContain('go on at HiAPI');
		expect(error?.context).toMatchObject({ finishedTaskIds: [other] });
	});

	test.concurrent('become error items where the node goes on', async () => {
		const { run, json, hints } = await onTheEdge('p0', { onError: 'continueRegularOutput' });
		expect(run.data.waitTill).toBeUndefined();
		expect(json[0]).toHaveProperty('error');
		expect(json[1]).toHaveProperty('status', 'success');
		expect(hints.join()).toContain('1 succeeded, 1 failed');
	});
});

test.concurrent('stopped while it polls, it is not suspended', async () => {
	const simulator = await newSimulator({ taskSeconds: 1_000 });
	const { run, error } = await suspending(
		simulator,
		{ grace: 60 },
		{ onStarted: (stop) => setTimeout(stop, 1_500) },
	);
	expect(error?.message).toContain('was stopped');
	expect(run.data.waitTill).toBeUndefined();
});

describe('in a workflow that has JSON and files combined, where n8n answers callbacks with HTTP 500', () => {
	const workflowSettings = { binaryMode: 'combined' } as const;

	test('nothing is bought for a callback', async () => {
		const simulator = await newSimulator();
		const { error } = await suspending(simulator, {}, { workflowSettings });
		expect(error?.message).toContain('JSON and files combined');
		expect(simulator.purchases).toBe(0);
	});

	test('the node polls where the user allows it', async () => {
		const simulator = await newSimulator();
		const { json } = await suspending(
			simulator,
			{},
			{ workflowSettings, parameters: runAndWait({ waitBy: 'callbackIfPossible' }) },
		);
		expect(json.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(simulator.tasks.map(({ callbackUrl }) => callbackUrl)).toEqual([undefined, undefined]);
	});
});

describe('on the command line, whose process ends with the suspension', () => {
	const mode = 'cli';

	test('the log names the execution and the tasks, and says what goes on', async () => {
		const warnings = nodeWarnings();
		const simulator = await newSimulator({ taskSeconds: 1_000 });
		const { run } = await suspending(simulator, {}, { mode, executionId: '77' });
		expect(run.data.waitTill).toBeInstanceOf(Date);
		const line = warnings.find((text) => text.includes("n8n's command line ends here"));
		expect(line).toContain('Execution 77 goes on when HiAPI calls back');
		for (const { taskId } of simulator.tasks) expect(line).toContain(taskId);
	});

	test('the node polls where the user allows it', async () => {
		const simulator = await newSimulator();
		const { json, hints } = await suspending(
			simulator,
			{},
			{ mode, parameters: runAndWait({ waitBy: 'callbackIfPossible' }) },
		);
		expect(json.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(hints.join()).toContain("n8n's command line ends when an execution is suspended");
		expect(simulator.tasks.map(({ callbackUrl }) => callbackUrl)).toEqual([undefined, undefined]);
	});
});

test.concurrent(
	'a Reference is in what stands for the item and in what comes at the end',
	async () => {
		const simulator = await newSimulator({ taskSeconds: 1_000 });
		simulator.plan({ seconds: 0, outcome: 'fail' }, { prompt: 'p0' });
		const { run, json } = await suspending(
			simulator,
			{ grace: 2, reference: '={{ "row " + $itemIndex }}' },
			{ settings: { onError: 'continueRegularOutput' } },
		);
		expect(json.map(referenceOf)).toEqual(['row 0', 'row 1']);
		const [parked] = run.data.executionData!.nodeExecutionStack;
		expect(parked.data.main[0]!.map((item) => referenceOf(item.json))).toEqual(['row 0', 'row 1']);
		// The resume URL stays as it is: it is part of the key.
		expect(urlsOf(simulator)[0].search).not.toContain('reference');
	},
);

describe('where n8n limits the time of executions', () => {
	const tooSoon = () => Date.now() + 90_000;

	test.concurrent('the wait is shorter when it ends too late', async () => {
		const simulator = await newSimulator({ taskSeconds: 1_000 });
		const endsAt = Date.now() + 10 * 60_000;
		const { run, hints } = await suspending(simulator, {}, { endsAt: () => endsAt });
		expect(run.data.waitTill!.getTime()).toBeLessThanOrEqual(endsAt - 2 * 60_000);
		expect(hints.join()).toMatch(/at most (7\.\d|8) minutes instead of 60/);
		expect(simulator.purchases).toBe(2);
	});

	test.concurrent('nothing is bought when there is no time to wait', async () => {
		const simulator = await newSimulator();
		const { error } = await suspending(simulator, {}, { endsAt: tooSoon });
		expect(error?.message).toMatch(/is 60, and n8n ends this execution in 1\.5 minutes/);
		expect(simulator.purchases).toBe(0);
	});

	test.concurrent('the node polls then where the user allows it', async () => {
		const simulator = await newSimulator();
		const parameters = runAndWait({ waitBy: 'callbackIfPossible' });
		const { json } = await suspending(simulator, {}, { parameters, endsAt: tooSoon });
		expect(json.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(simulator.tasks.map(({ callbackUrl }) => callbackUrl)).toEqual([undefined, undefined]);
	});

	test.concurrent(
		'a second try that has no time left finds what the first one bought',
		async () => {
			const simulator = await newSimulator({ taskSeconds: 2 });
			simulator.fault({
				method: 'POST',
				path: '/v1/tasks',
				after: 1,
				action: { type: 'status', status: 402 },
			});
			const { json } = await suspending(
				simulator,
				{ concurrency: 1 },
				{
					settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
					endsAt: () => (simulator.purchases === 0 ? Date.now() + 3_600_000 : tooSoon()),
				},
			);
			expect(json.map(({ status }) => status)).toEqual(['success', 'success']);
			expect(simulator.purchases).toBe(2);
			expect(new Set(urlsOf(simulator).map(String)).size).toBe(1);
		},
	);
});
