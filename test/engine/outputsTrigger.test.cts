import type { IBinaryData, IDataObject, IWorkflowSettings } from 'n8n-workflow';

import { packReceivedTask } from '../../nodes/HiApiTrigger/receivedTask';
import { parseTask, type Task } from '../../nodes/shared/api/task';
import { BinaryStorage } from './support/binaryStorage.cts';
import { runInEngine } from './support/engine.cts';
import { buyMany, start } from './support/pollingTriggerLab.cts';
import {
	credentialFor,
	newSimulator,
	prompts,
	runAndWait,
	stopSimulators,
	type Simulator,
} from './support/hiApi.cts';

jest.setTimeout(60_000);

let storage: BinaryStorage;
beforeAll(async () => {
	storage = await BinaryStorage.open();
});
afterEach(stopSimulators);
afterAll(() => storage.close());

/** A simulator with one task that has ended, and what a callback would say about it. */
async function ended(plan: Parameters<Simulator['plan']>[0] = {}) {
	const simulator = await newSimulator();
	simulator.plan(plan);
	await runInEngine({
		credential: credentialFor(simulator),
		parameters: runAndWait(),
		items: prompts(1),
		settings: { onError: 'continueRegularOutput' },
	});
	const [{ taskId }] = simulator.tasks;
	const reply = await fetch(`${simulator.baseUrl}/tasks/${taskId}`, {
		headers: { authorization: `Bearer ${simulator.apiKey}` },
	});
	const { data } = (await reply.json()) as { data: IDataObject };
	return { simulator, callback: data };
}

async function deliver(
	simulator: Simulator,
	callback: IDataObject,
	{ downloadOutputs = false, ...options }: IDataObject,
	verification = 'signature',
	workflowSettings: IWorkflowSettings = {},
) {
	const task = parseTask(callback) as Task;
	const event = task.state === 'fail' ? 'task.fail' : 'task.success';
	const packed = packReceivedTask({
		task,
		event,
		receivedAt: '2026-11-21T12:00:00.000Z',
		readBack: false,
	});
	return await runInEngine({
		nodeType: 'hiApiTrigger',
		credential: credentialFor(simulator),
		parameters: {
			events: ['task.success', 'task.fail'],
			verification,
			simplify: true,
			downloadOutputs,
			options,
		},
		items: [packed],
		workflowSettings,
	});
}

const filesAsked = (simulator: Simulator) =>
	simulator.requests.filter(({ pathname }) => pathname.startsWith('/files/'));

test('the switch puts the files into the item', async () => {
	const { simulator, callback } = await ended({
		outputs: [{ type: 'video' }, { type: 'first_frame' }],
	});
	const { outputs, json, error } = await deliver(simulator, callback, {
		downloadOutputs: true,
		outputTypes: ['all'],
		binaryField: 'clip',
	});
	expect(error).toBeUndefined();
	expect(outputs[0][0].binary).toEqual({
		clip: expect.objectContaining({ mimeType: 'video/mp4' }) as unknown,
		clip_1: expect.objectContaining({ mimeType: 'image/png' }) as unknown,
	});
	expect(json[0]).toMatchObject({
		taskId: callback.taskId,
		event: 'task.success',
		outputs: [{ binaryField: 'clip' }, { binaryField: 'clip_1' }],
	});
});

test('where JSON and files are combined, outputs name the path of their file', async () => {
	const { simulator, callback } = await ended();
	const { json, error } = await deliver(
		simulator,
		callback,
		{ downloadOutputs: true },
		'signature',
		{ binaryMode: 'combined' },
	);
	expect(error).toBeUndefined();
	const { data } = json[0]._files as unknown as Record<string, IBinaryData>;
	const reply = await fetch(String(json[0].url));
	expect(await storage.read(data)).toEqual(Buffer.from(await reply.arrayBuffer()));
	expect(json[0].outputs).toMatchObject([{ binaryField: '_files.data' }]);
});

test('without the switch nothing is fetched', async () => {
	const { simulator, callback } = await ended();
	expect((await deliver(simulator, callback, {})).outputs[0][0].binary).toBeUndefined();
	expect(filesAsked(simulator)).toHaveLength(0);
});

test('a failed task has no files to fetch', async () => {
	const { simulator, callback } = await ended({ outcome: 'fail' });
	const { outputs, json } = await deliver(simulator, callback, { downloadOutputs: true });
	expect(outputs[0][0].binary).toBeUndefined();
	expect(json[0]).toMatchObject({ event: 'task.fail', failure: { code: 'TASK_FAILED' } });
	expect(json[0]).not.toHaveProperty('downloadFailures');
});

test('a file that does not arrive is told in the item', async () => {
	const { simulator, callback } = await ended({
		reported: { completed: 1_700_000_000 },
		outputs: [{ file: { status: 404 } }],
	});
	const { json, error, hints } = await deliver(simulator, callback, { downloadOutputs: true });
	expect(error).toBeUndefined();
	expect(json[0].downloadFailures).toEqual([
		expect.objectContaining({
			message: 'The file is not at its link (HTTP 404)',
			retryable: false,
		}),
	]);
	expect(hints.join()).toMatch(/A file was not downloaded/);
});

describe('when anyone may start the workflow', () => {
	test('files come from the task as HiAPI reports it, not from what the callback says', async () => {
		const { simulator, callback } = await ended();
		const forged = {
			...callback,
			output: [{ url: `${simulator.otherOrigin}/files/forged.png`, type: 'image' }],
		};
		const { outputs, json } = await deliver(simulator, forged, { downloadOutputs: true }, 'none');
		expect(outputs[0][0].binary).toHaveProperty('data');
		expect(json[0].url).toBe((callback.output as IDataObject[])[0].url);
		expect(filesAsked(simulator).map(({ pathname }) => pathname)).not.toContain(
			'/files/forged.png',
		);
	});

	test('an invented task fetches nothing', async () => {
		const { simulator, callback } = await ended();
		const { outputs, json } = await deliver(
			simulator,
			{ ...callback, taskId: 'tk-invented' },
			{ downloadOutputs: true },
			'none',
		);
		expect(outputs[0][0].binary).toBeUndefined();
		expect(json[0].downloadFailures).toEqual([
			expect.objectContaining({ message: expect.stringMatching(/was not verified/) as string }),
		]);
		expect(filesAsked(simulator)).toHaveLength(0);
	});
});

test('an option that cannot be used is told before anything is fetched', async () => {
	const { simulator, callback } = await ended();
	expect(
		(await deliver(simulator, callback, { downloadOutputs: true, binaryField: '' })).error?.message,
	).toMatch(/'Put Output File in Field'/);
	expect(filesAsked(simulator)).toHaveLength(0);
});

describe('the HiAPI Polling Trigger', () => {
	const parameters = { events: ['task.success', 'task.fail'], downloadOutputs: true };

	/** A task that ends after the trigger was published: what the poll finds, and what the node makes of it in an execution. */
	async function deliverPolled(plan: Parameters<Simulator['plan']>[0], options: IDataObject = {}) {
		const simulator = await newSimulator();
		const credential = credentialFor(simulator);
		const poller = await start(simulator, { parameters: { ...parameters, options } });
		await poller.poll();
		simulator.plan({ seconds: 0, ...plan });
		await fetch(`${simulator.baseUrl}/tasks`, {
			method: 'POST',
			headers: { authorization: `Bearer ${simulator.apiKey}`, 'content-type': 'application/json' },
			body: JSON.stringify({ model: 'any-model', input: { prompt: 'p' } }),
		});
		const found = (await poller.poll()) ?? [];
		expect(filesAsked(simulator)).toHaveLength(0);
		const run = await runInEngine({
			nodeType: 'hiApiPollingTrigger',
			credential,
			parameters: { ...parameters, options },
			items: found.map(({ json }) => json),
			mode: 'trigger',
		});
		return { simulator, taskId: simulator.tasks[0].taskId, ...run };
	}

	test('downloads in the execution, not while it polls', async () => {
		const { taskId, outputs, json, error } = await deliverPolled(
			{ outputs: [{ type: 'video' }, { type: 'first_frame' }] },
			{ outputTypes: ['all'], binaryField: 'clip' },
		);
		expect(error).toBeUndefined();
		expect(outputs[0][0].binary).toEqual({
			clip: expect.objectContaining({ mimeType: 'video/mp4' }) as unknown,
			clip_1: expect.objectContaining({ mimeType: 'image/png' }) as unknown,
		});
		expect(json).toEqual([
			expect.objectContaining({
				taskId,
				event: 'task.success',
				outputs: [
					expect.objectContaining({ binaryField: 'clip' }),
					expect.objectContaining({ binaryField: 'clip_1' }),
				],
			}) as unknown,
		]);
		expect(json[0]).not.toHaveProperty('hiApiTask');
	});

	test('passes a failed task on, which has no files', async () => {
		const { simulator, json, outputs } = await deliverPolled({ outcome: 'fail' });
		expect(json).toMatchObject([{ event: 'task.fail', failure: { code: 'TASK_FAILED' } }]);
		expect(outputs[0][0].binary).toBeUndefined();
		expect(filesAsked(simulator)).toHaveLength(0);
	});

	test('in the editor shows one task with its files', async () => {
		const { simulator } = await ended();
		await buyMany(simulator, 3, 0);
		const { json, outputs, error } = await runInEngine({
			nodeType: 'hiApiPollingTrigger',
			credential: credentialFor(simulator),
			parameters,
		});
		expect(error).toBeUndefined();
		expect(json).toHaveLength(1);
		expect(outputs[0][0].binary).toHaveProperty('data');
		expect(filesAsked(simulator)).toHaveLength(1);
	});
});
