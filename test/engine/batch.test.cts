import { runInEngine } from './support/engine.cts';
import {
	credentialFor,
	newSimulator,
	prompts,
	runAndWait,
	stopSimulators,
	type Simulator,
} from './support/hiApi.cts';

jest.setTimeout(60_000);
afterEach(stopSimulators);

test('30 items come back in order, each with its own task, bought with bounded concurrency', async () => {
	const simulator = await newSimulator({ switches: { createMilliseconds: 40 } });
	const { json, outputs, run } = await runInEngine({
		credential: credentialFor(simulator),
		parameters: runAndWait({ options: { concurrency: 3 } }),
		items: prompts(30),
	});
	expect(simulator.purchases).toBe(30);
	const taskOfPrompt = new Map(
		simulator.tasks.map((task) => [(task.input as { prompt: string }).prompt, task.taskId]),
	);
	expect(json.map(({ taskId }) => taskId)).toEqual(
		prompts(30).map(({ prompt }) => taskOfPrompt.get(prompt as string)),
	);
	expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual(
		prompts(30).map((_, item) => ({ item })),
	);
	const hints = run.data.resultData.runData.HiAPI[0].hints;
	expect(hints?.[0].message).toMatch(/^30 HiAPI tasks: 30 succeeded; longest wait \d+ s$/);
});

test('more items than Maximum Tasks buy nothing', async () => {
	const simulator = await newSimulator();
	const run = async (options: object) =>
		await runInEngine({
			credential: credentialFor(simulator),
			parameters: { ...runAndWait({ options }), operation: 'create' },
			items: prompts(101),
		});
	const { error } = await run({});
	expect(error?.message).toMatch(/101 items came in, and 'Maximum Tasks' allows 100/);
	expect(error?.description).toMatch(/raise it/);
	expect(simulator.purchases).toBe(0);
	expect((await run({ maximumTasks: 0 })).json).toHaveLength(101);
});

describe('Retry Failed Tasks', () => {
	const failed = (code: string) => ({ outcome: 'fail' as const, error: { code, message: 'm' } });

	test('a failure that may pass is bought anew, with another key', async () => {
		const simulator = await newSimulator();
		simulator.plan(failed('TASK_TIMEOUT'));
		const { json } = await runInEngine({
			credential: credentialFor(simulator),
			parameters: runAndWait({ options: { retryFailedTasks: 2 } }),
			items: prompts(1),
		});
		expect(json[0]).toMatchObject({ status: 'success', taskId: simulator.tasks[1].taskId });
		expect(simulator.purchases).toBe(2);
		expect(new Set(simulator.tasks.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
	});

	test.each([
		['by default', 'TASK_TIMEOUT', {}, 1],
		['for a failure that will not pass', 'TASK_FAILED', { retryFailedTasks: 3 }, 1],
		['more often than allowed', 'STORAGE_UNAVAILABLE', { retryFailedTasks: 2 }, 3],
	])('nothing is bought anew %s', async (_name, code, options, purchases) => {
		const simulator = await newSimulator();
		simulator.plan(failed(code), { times: Infinity });
		const { error } = await runInEngine({
			credential: credentialFor(simulator),
			parameters: runAndWait({ options }),
			items: prompts(1),
		});
		expect(error?.context?.taskId).toBe(simulator.tasks.at(-1)?.taskId);
		expect(simulator.purchases).toBe(purchases);
	});

	test('a schedule with a key per row finds both purchases again', async () => {
		const simulator = await newSimulator();
		simulator.plan(failed('TASK_TIMEOUT'));
		const run = async (executionId: string) =>
			await runInEngine({
				credential: credentialFor(simulator),
				executionId,
				parameters: runAndWait({
					options: { retryFailedTasks: 1, idempotencyKey: '={{ $json.prompt }}' },
				}),
				items: prompts(1),
			});
		const first = await run('1');
		const second = await run('2');
		expect(simulator.purchases).toBe(2);
		expect(second.json[0]).toMatchObject({ taskId: first.json[0].taskId, replayed: true });
		expect(second.run.data.resultData.runData.HiAPI[0].hints?.[0].message).toMatch(
			/No new task was created/,
		);
	});
});

/** The tasks of the first items, in their order: creates that are sent together may arrive in any. */
const idsOf = (simulator: Simulator, count: number) =>
	prompts(count).map(
		({ prompt }) => simulator.tasks.find((task) => task.prompt === prompt)?.taskId ?? '',
	);

describe('time runs out', () => {
	const options = { timeout: 0.05 };

	test('the item fails and names the task, which goes on', async () => {
		const simulator = await newSimulator({ taskSeconds: 1000 });
		const { error } = await runInEngine({
			credential: credentialFor(simulator),
			parameters: runAndWait({ options }),
			items: prompts(1),
		});
		expect(error?.message).toBe(
			`Task ${simulator.tasks[0].taskId} was not finished after 0.05 minutes`,
		);
		expect(error?.description).toMatch(/goes on with it and bills it/);
	});

	test('or the unfinished task goes on in the workflow, and Wait for Completion picks it up', async () => {
		const simulator = await newSimulator({ taskSeconds: 1000 });
		const credential = credentialFor(simulator);
		const first = await runInEngine({
			credential,
			parameters: runAndWait({ options: { ...options, onTimeout: 'output' } }),
			items: prompts(2),
		});
		expect(first.json).toEqual(
			idsOf(simulator, 2).map(
				(taskId) => expect.objectContaining({ taskId, timedOut: true }) as object,
			),
		);
		simulator.tasks.forEach(({ taskId }) => simulator.finish(taskId));
		const second = await runInEngine({
			credential,
			parameters: {
				resource: 'task',
				operation: 'waitForCompletion',
				taskId: { __rl: true, mode: 'id', value: '={{ $json.taskId }}' },
			},
			items: first.json,
		});
		expect(second.json.map(({ status, taskId }) => [status, taskId])).toEqual(
			idsOf(simulator, 2).map((taskId) => ['success', taskId]),
		);
		expect(simulator.purchases).toBe(2);
	});
});

test('stop ends the node at once and nothing more is bought', async () => {
	const simulator = await newSimulator({
		taskSeconds: 1000,
		switches: { createMilliseconds: 200 },
	});
	let stoppedAt = 0;
	await runInEngine({
		credential: credentialFor(simulator),
		parameters: runAndWait({ options: { concurrency: 1 } }),
		items: prompts(20),
		onStarted: (stop) => {
			setTimeout(() => {
				stoppedAt = Date.now();
				stop();
			}, 1_000);
		},
	}).catch(() => undefined);
	// the tasks would take 1000 seconds
	expect(Date.now() - stoppedAt).toBeLessThan(30_000);
	const sent = simulator.requests.length;
	expect(sent).toBeLessThan(20);
	await new Promise((resolve) => setTimeout(resolve, 1_500));
	expect(simulator.requests).toHaveLength(sent);
});

test('without Continue On Fail a failure ends the waiting and names the other tasks; a retry picks them up', async () => {
	const simulator = await newSimulator({ taskSeconds: 1000 });
	simulator.plan(
		{ seconds: 1, outcome: 'fail', error: { code: 'TASK_FAILED', message: 'blocked' } },
		{ prompt: 'p1' },
	);
	const parameters = runAndWait();
	const first = await runInEngine({
		credential: credentialFor(simulator),
		parameters,
		items: prompts(3),
	});
	expect(first.error?.context?.itemIndex).toBe(1);
	const [p0, , p2] = idsOf(simulator, 3);
	const others = [p0, p2];
	for (const taskId of others) {
		expect(first.error?.description).toContain(taskId);
		simulator.finish(taskId);
	}
	const second = await runInEngine({
		credential: credentialFor(simulator),
		parameters,
		items: prompts(3),
		retryOf: first,
		executionId: '2',
		settings: { onError: 'continueErrorOutput' },
	});
	expect(second.json.map(({ taskId }) => taskId)).toEqual(others);
	expect(simulator.purchases).toBe(3);
});
