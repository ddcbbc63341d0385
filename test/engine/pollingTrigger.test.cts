import { runInEngine } from './support/engine.cts';
import { credentialFor, newSimulator } from './support/hiApi.cts';
import { buy, buyMany, finishAll, later, readsOf, start } from './support/pollingTriggerLab.cts';

test('nothing old, then each finished task once, successes and failures', async () => {
	const simulator = await newSimulator();
	await buyMany(simulator, 3, 0);
	const running = await buyMany(simulator, 2);
	const poller = await start(simulator);
	expect(await poller.poll()).toBeNull();
	expect(await poller.poll()).toBeNull();
	simulator.finish(running[0]);
	simulator.finish(running[1], { outcome: 'fail', error: { code: 'TASK_FAILED', message: 'no' } });
	const items = (await poller.poll()) ?? [];
	expect(items.map(({ json }) => json)).toEqual([
		{
			taskId: running[0],
			model: 'any-model',
			status: 'success',
			url: expect.stringContaining('/files/tasks/') as string,
			outputs: [expect.objectContaining({ type: 'image' })],
			createdAt: expect.stringMatching(/Z$/) as string,
			completedAt: expect.stringMatching(/Z$/) as string,
			event: 'task.success',
			receivedAt: expect.stringMatching(/Z$/) as string,
		},
		expect.objectContaining({
			taskId: running[1],
			status: 'fail',
			event: 'task.fail',
			failure: { code: 'TASK_FAILED', message: 'no' },
		}),
	]);
	expect(await poller.poll()).toBeNull();
	expect(simulator.purchases).toBe(5);
});

test('a poll with nothing new is one request for one page', async () => {
	const simulator = await newSimulator();
	await buyMany(simulator, 130, 0, 1);
	const poller = await start(simulator);
	await poller.poll();
	later(simulator, 3_600);
	await poller.poll();
	const reads = readsOf(simulator);
	await poller.poll();
	expect(reads()).toEqual(['/v1/tasks?page=1&size=100']);
});

test('only what "Trigger On" and "Filters" let through, in the form asked for', async () => {
	const simulator = await newSimulator();
	const parameters = {
		events: ['task.success'],
		simplify: false,
		filters: { models: ['wan*'], routes: ['pro'] },
	};
	const poller = await start(simulator, { parameters });
	await poller.poll();
	const wanted = await buy(simulator, { model: 'wan2.7-video/text-to-video', route: 'pro' });
	const others = [
		await buy(simulator, { model: 'wan2.7-video/text-to-video' }),
		await buy(simulator, { route: 'pro' }),
		await buy(simulator, { model: 'wan2.7-video/text-to-video', route: 'pro' }),
	];
	finishAll(simulator, [wanted, ...others.slice(0, 2)]);
	simulator.finish(others[2], { outcome: 'fail' });
	const items = (await poller.poll()) ?? [];
	expect(items).toHaveLength(1);
	expect(items[0].json).toMatchObject({
		taskId: wanted,
		created: expect.any(Number) as number,
		output: expect.any(Array) as unknown[],
		event: 'task.success',
	});
	expect(await poller.poll()).toBeNull();
});

test('a task that finishes long after it was created, far down the list', async () => {
	const simulator = await newSimulator();
	const poller = await start(simulator);
	await poller.poll();
	const [slow] = await buyMany(simulator, 1);
	await poller.poll();
	later(simulator, 3_600);
	await buyMany(simulator, 120, 0, 1);
	expect(await poller.taskIds()).toHaveLength(120);
	later(simulator, 3_600);
	await poller.poll();
	await poller.poll();
	const reads = readsOf(simulator);
	simulator.finish(slow);
	expect(await poller.taskIds()).toEqual([slow]);
	expect(reads()).toEqual(expect.arrayContaining([`/v1/tasks/${slow}`]));
	expect(await poller.poll()).toBeNull();
});

test('several pages at once come with one poll', async () => {
	const simulator = await newSimulator();
	await buyMany(simulator, 1, 0);
	const poller = await start(simulator);
	await poller.poll();
	simulator.advance(60);
	const bought = await buyMany(simulator, 350, 0);
	const reads = readsOf(simulator);
	const items = (await poller.poll()) ?? [];
	expect(reads()).toHaveLength(4);
	expect(new Set(items.map(({ json }) => json.taskId))).toEqual(new Set(bought));
	expect(items.filter(({ json }) => 'warning' in json)).toEqual([]);
	const late = await buyMany(simulator, 1, 0);
	expect(await poller.taskIds()).toEqual(late);
	expect(await poller.poll()).toBeNull();
});

test('goes on after a restart from what n8n stored, even if that was long ago', async () => {
	const simulator = await newSimulator();
	await buyMany(simulator, 2, 0);
	const first = await start(simulator, { workflowId: 'restarted' });
	expect(await first.poll()).toBeNull();
	expect(first.hasChanges).toBe(true);
	const { staticData } = first;
	const [one, two] = await buyMany(simulator, 2);
	simulator.finish(one);
	expect(await first.taskIds()).toEqual([one]);
	simulator.finish(two);
	// Stored with what went out: only the new one comes.
	const second = await start(simulator, { workflowId: 'restarted', staticData: first.staticData });
	expect(await second.taskIds()).toEqual([two]);
	// An older place gives everything since then; another process knows nothing of what went out, as this id says here.
	const third = await start(simulator, { workflowId: 'restarted in another process', staticData });
	expect(new Set(await third.taskIds())).toEqual(new Set([one, two]));
});

test('a list that lags behind', async () => {
	const simulator = await newSimulator();
	const poller = await start(simulator);
	await poller.poll();
	const bought = await buyMany(simulator, 3, 0);
	simulator.switches.listLagSeconds = 300;
	expect(await poller.poll()).toBeNull();
	// so far below that a slow machine does not make up for it
	simulator.advance(240);
	expect(await poller.poll()).toBeNull();
	simulator.advance(60);
	expect(new Set(await poller.taskIds())).toEqual(new Set(bought));
	simulator.switches.listLagSeconds = 400;
	expect(await poller.poll()).toBeNull();
	simulator.switches.listLagSeconds = 0;
	expect(await poller.poll()).toBeNull();
});

describe('when HiAPI does not answer', () => {
	test('publishing says so', async () => {
		const simulator = await newSimulator();
		const poller = await start(simulator, {
			credential: { ...credentialFor(simulator), apiKey: 'sk-wrong' },
		});
		await expect(poller.poll()).rejects.toMatchObject({
			name: 'NodeApiError',
			message: expect.stringContaining('HiAPI did not accept the API key') as string,
		});
		expect(poller.staticData).toEqual({ 'node:HiAPI Polling Trigger': {} });
	});

	test('a failure in the middle keeps what was found, and the rest follows', async () => {
		const simulator = await newSimulator();
		const poller = await start(simulator);
		await poller.poll();
		simulator.advance(60);
		const bought = await buyMany(simulator, 250, 0);
		simulator.fault({ path: /page=2/, action: { type: 'status', status: 400 } });
		const first = await poller.taskIds();
		expect(first).toHaveLength(100);
		const second = await poller.taskIds();
		expect(second).toHaveLength(150);
		expect(new Set([...first, ...second])).toEqual(new Set(bought));
	});

	test('one failed poll is passed over in silence, the next one is told, and nothing is lost', async () => {
		const simulator = await newSimulator();
		const poller = await start(simulator);
		await poller.poll();
		const [bought] = await buyMany(simulator, 1, 0);
		simulator.fault({ path: /^\/v1\/tasks/, times: 2, action: { type: 'status', status: 403 } });
		expect(await poller.poll()).toBeNull();
		await expect(poller.poll()).rejects.toMatchObject({ name: 'NodeApiError', httpCode: '403' });
		expect(await poller.taskIds()).toEqual([bought]);
	});

	test('two polls at the same moment give each task once', async () => {
		const simulator = await newSimulator();
		const poller = await start(simulator);
		await poller.poll();
		const [bought] = await buyMany(simulator, 1, 0);
		const [one, two] = await Promise.all([poller.taskIds(), poller.taskIds()]);
		expect([...one, ...two]).toEqual([bought]);
	});
});

test('another account in the credential starts anew, another key of the same account goes on', async () => {
	const simulator = await newSimulator({ switches: { otherApiKeys: ['sk-other-account'] } });
	await buyMany(simulator, 2, 0);
	const other = { ...credentialFor(simulator), apiKey: 'sk-other-account' };
	const buyThere = async () => {
		const reply = await fetch(`${simulator.baseUrl}/tasks`, {
			method: 'POST',
			headers: { authorization: 'Bearer sk-other-account', 'content-type': 'application/json' },
			body: JSON.stringify({ model: 'any-model', input: { prompt: 'p' } }),
		});
		return ((await reply.json()) as { data: { taskId: string } }).data.taskId;
	};
	const poller = await start(simulator);
	await poller.poll();
	const [missed] = await buyMany(simulator, 1, 0);
	const { staticData } = poller;
	await buyThere();
	simulator.advance(10);
	const there = await start(simulator, {
		credential: other,
		credentialId: 'credential-2',
		staticData,
	});
	expect(await there.poll()).toBeNull();
	const fresh = await buyThere();
	simulator.advance(10);
	expect(await there.taskIds()).toEqual([fresh]);
	const here = await start(simulator, { credentialId: 'credential-3', staticData });
	expect(await here.taskIds()).toEqual([missed]);
});

describe('Fetch test event', () => {
	test('shows the latest finished tasks and leaves the place alone', async () => {
		const simulator = await newSimulator();
		const poller = await start(simulator, { workflowId: 'edited' });
		await poller.poll();
		const bought = await buyMany(simulator, 12, 0);
		const [unfinished] = await buyMany(simulator, 1);
		const before = poller.staticData;
		const { json, error, savedStaticData } = await runInEngine({
			nodeType: 'hiApiPollingTrigger',
			credential: credentialFor(simulator),
			parameters: {},
		});
		expect(error).toBeUndefined();
		expect(json.map(({ taskId }) => taskId)).toEqual(bought.reverse().slice(0, 10));
		expect(savedStaticData).toBeUndefined();
		expect(poller.staticData).toEqual(before);
		expect(await poller.taskIds()).toHaveLength(12);
		simulator.finish(unfinished);
		expect(await poller.taskIds()).toEqual([unfinished]);
	});

	test('says when there is none', async () => {
		const simulator = await newSimulator();
		await buyMany(simulator, 1);
		const { error } = await runInEngine({
			nodeType: 'hiApiPollingTrigger',
			credential: credentialFor(simulator),
			parameters: {},
		});
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: 'No finished task matches',
			description: expect.stringContaining('Trigger On') as string,
		});
	});
});
