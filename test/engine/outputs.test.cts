import type { IDataObject, INode } from 'n8n-workflow';

import type { FileBehaviour, LoggedRequest, TaskPlan } from '../../simulator/index.cts';
import { BinaryStorage } from './support/binaryStorage.cts';
import { runInEngine, type EngineResult, type EngineRun } from './support/engine.cts';
import { credentialFor, newSimulator, prompts, runAndWait, stopSimulators, type Simulator } from './support/hiApi.cts';

// What may pass is asked for again for some 17 s, so all tests run at once, each on a simulator of its own.
jest.setTimeout(120_000);

let storage: BinaryStorage;
beforeAll(async () => {
	storage = await BinaryStorage.open();
});
afterAll(async () => {
	await stopSimulators();
	storage.close();
});

interface Cell {
	simulator: Simulator;
	/** Run and Wait on one item. */
	run(extra?: IDataObject, more?: Partial<EngineRun>): Promise<EngineResult>;
	/** What was asked of the server of the files. */
	requests(): LoggedRequest[];
	/** Paths of what n8n keeps for this run. */
	kept(): string[];
}

let cells = 0;

async function cell(file: FileBehaviour = {}, plan?: TaskPlan): Promise<Cell> {
	const simulator = await newSimulator();
	simulator.switches.file = file;
	if (plan) simulator.plan(plan);
	const executionId = `outputs-${cells++}`;
	return {
		simulator,
		run: async (extra, more) =>
			await runInEngine({ credential: credentialFor(simulator), executionId, parameters: runAndWait({ downloadOutputs: true, ...extra }), items: prompts(1), ...more }),
		requests: () => simulator.requests.filter(({ pathname }) => pathname.startsWith('/files/')),
		kept: () => storage.files.filter((path) => path.includes(`/${executionId}/`)),
	};
}

const bytesAt = async (url: unknown) => Buffer.from(await (await fetch(url as string)).arrayBuffer());
const failuresOf = ({ json }: EngineResult) => json[0].downloadFailures as Array<Record<string, string>>;

describe('Run and Wait', () => {
	test.concurrent('puts the picture into the item, with type, name and the field it is in', async () => {
		const { run, requests, simulator, kept } = await cell();
		const { outputs, json, error, hints } = await run();
		expect(error).toBeUndefined();
		const [{ binary }] = outputs[0];
		const { taskId } = simulator.tasks[0];
		expect(binary).toEqual({
			data: expect.objectContaining({ mimeType: 'image/png', fileType: 'image', fileExtension: 'png', fileName: `${taskId}_any-model.png` }) as unknown,
		});
		expect(await storage.read(binary!.data)).toEqual(await bytesAt(json[0].url));
		expect(json[0].outputs).toEqual([expect.objectContaining({ type: 'image', url: json[0].url, binaryField: 'data' })]);
		expect(json[0]).not.toHaveProperty('downloadFailures');
		expect(hints.join()).not.toMatch(/download/i);
		expect(kept()).toHaveLength(1);
		expect(requests()[0].headers).not.toHaveProperty('authorization');
	});

	test.concurrent('fetches nothing when told so', async () => {
		const { run, requests } = await cell();
		const { outputs } = await run({ downloadOutputs: false });
		expect(outputs[0][0].binary).toBeUndefined();
		expect(requests()).toHaveLength(0);
	});

	test.concurrent('leaves the raw task as HiAPI sent it', async () => {
		const { run } = await cell();
		const { outputs, json } = await run({ simplify: false });
		expect(outputs[0][0].binary).toHaveProperty('data');
		expect(json[0].output).toEqual([{ url: expect.any(String) as string, type: 'image', expireAt: expect.any(Number) as number }]);
	});

	const FOUR: TaskPlan = { outputs: ['first_frame', 'video', 'thumbnail', 'audio'].map((type) => ({ type })) };
	test.concurrent.each<[string, IDataObject, Record<string, string>]>([
		['main files', {}, { data: 'video/mp4', data_1: 'audio/mpeg' }],
		['all files', { outputTypes: ['all'] }, { data: 'image/png', data_1: 'video/mp4', data_2: 'image/png', data_3: 'audio/mpeg' }],
		['chosen types under a name of their own', { outputTypes: ['thumbnail', 'audio'], binaryField: 'clip' }, { clip: 'image/png', clip_1: 'audio/mpeg' }],
		['no more than allowed', { outputTypes: ['all'], maximumFiles: 1 }, { data: 'image/png' }],
	])('of several outputs: %s', async (_, options, expected) => {
		const { run } = await cell({}, FOUR);
		const { outputs, hints } = await run({ options });
		const binary = outputs[0][0].binary ?? {};
		expect(Object.fromEntries(Object.entries(binary).map(([field, { mimeType }]) => [field, mimeType]))).toEqual(expected);
		expect(new Set(Object.values(binary).map(({ fileName }) => fileName)).size).toBe(Object.keys(expected).length);
		if (options.maximumFiles === 1) expect(hints).toContain("3 files were left out because of 'Maximum Files'.");
	});

	test.concurrent('twenty outputs in twenty fields, one after another', async () => {
		const { run, simulator } = await cell({ delayMilliseconds: 20 }, { outputs: 20 });
		const { outputs } = await run();
		const fields = ['data', ...Array.from({ length: 19 }, (_, index) => `data_${index + 1}`)];
		expect(Object.keys(outputs[0][0].binary!)).toEqual(fields);
		const fileNames = fields.map((field) => outputs[0][0].binary![field].fileName);
		expect(fileNames[19]).toBe(`${simulator.tasks[0].taskId}_any-model_20.png`);
	});

	test.concurrent('malformed outputs do not cost the good ones', async () => {
		const { run } = await cell({}, { outputs: [{ raw: null }, { raw: 'not a link' }, { type: 'image' }, { raw: { type: 'image' } }] });
		const { outputs, json, error } = await run();
		expect(error).toBeUndefined();
		expect(Object.keys(outputs[0][0].binary!)).toEqual(['data']);
		expect(json[0]).not.toHaveProperty('downloadFailures');
	});
});

describe('what passes', () => {
	test.concurrent.each<[string, FileBehaviour]>([
		['a link that is not known everywhere yet', { notFoundTimes: 2 }],
		['no type', { contentType: null }],
		['a stream of bytes', { contentType: 'application/octet-stream' }],
		['a wrong type', { contentType: 'text/html' }],
		['no length', { withoutLength: true }],
		['a slow server', { bytesPerSecond: 20_000 }],
		['a redirect on the same host', { redirect: 'same', redirectHops: 3 }],
		['a redirect to another host', { redirect: 'other', redirectHops: 2 }],
	])('%s', async (_, file) => {
		const { run, requests, kept, simulator } = await cell(file);
		const { outputs, json, error } = await run();
		expect(error).toBeUndefined();
		expect(json[0]).not.toHaveProperty('downloadFailures');
		const { data } = outputs[0][0].binary!;
		expect(data).toMatchObject({ mimeType: 'image/png', fileExtension: 'png' });
		expect((await storage.read(data)).equals(await bytesAt(json[0].url))).toBe(true);
		expect(kept()).toHaveLength(1);
		for (const { headers } of requests()) {
			expect(JSON.stringify(headers)).not.toContain(simulator.apiKey);
			expect(Object.keys(headers).sort()).toEqual(expect.not.arrayContaining(['authorization', 'cookie', 'idempotency-key']));
		}
	});

	test.concurrent.each([
		['server errors', { type: 'status', status: 503 }],
		['a lost connection', { type: 'drop' }],
		['a connection that ends in the middle', { type: 'cutConnection' }],
		['a rate limit', { type: 'status', status: 429, retryAfter: 1 }],
		['a web page in between', { type: 'status', status: 502, format: 'html' }],
	] as const)('%s, twice', async (_, action) => {
		const { run, simulator, kept } = await cell();
		simulator.fault({ path: '/files/*', action, times: 2 });
		const { outputs, json } = await run();
		expect(json[0]).not.toHaveProperty('downloadFailures');
		expect((await storage.read(outputs[0][0].binary!.data)).equals(await bytesAt(json[0].url))).toBe(true);
		expect(kept()).toHaveLength(1);
	});
});

describe('a file that does not arrive', () => {
	const LONG_AGO = { completed: 1_700_000_000 };
	interface Case {
		name: string;
		file: FileBehaviour;
		plan?: TaskPlan;
		options?: IDataObject;
		message: RegExp;
		description: RegExp;
		/** How many times it was asked for. */
		tries: number;
	}
	const cases: Case[] = [
		{ name: 'truncated', file: { sizeBytes: 300_000, truncateAfterBytes: 100_000 }, message: /ended before the whole file/, description: /'Download Outputs'.*later/, tries: 5 },
		{ name: 'empty', file: { empty: true }, message: /is empty/, description: /paid/, tries: 5 },
		{ name: 'a web page', file: { html: true }, message: /web page came/, description: /proxy or firewall/, tries: 5 },
		{ name: 'a web page called a picture', file: { html: true, contentType: 'image/png' }, message: /web page came/, description: /proxy or firewall/, tries: 5 },
		{ name: 'redirected for ever', file: { redirect: 'loop' }, message: /without end/, description: /later/, tries: 6 },
		{ name: 'gone', file: { status: 404 }, plan: { reported: LONG_AGO }, message: /not at its link \(HTTP 404\)/, description: /promoting/, tries: 1 },
		{ name: 'refused', file: { status: 403 }, plan: { reported: LONG_AGO }, message: /HTTP 403/, description: /'Get'/, tries: 1 },
		{ name: 'a server that never recovers', file: { status: 500 }, message: /HTTP 500/, description: /later/, tries: 5 },
		{ name: 'too large, as announced', file: { sizeBytes: 3_000_000 }, options: { maximumFileSize: 2 }, message: /larger than.*2 MB/, description: /Nothing of it was kept/, tries: 1 },
		{ name: 'too large, unannounced', file: { sizeBytes: 3_000_000, withoutLength: true }, options: { maximumFileSize: 2 }, message: /larger than/, description: /0 means no limit/, tries: 1 },
	];

	test.concurrent.each(cases)('$name: the item keeps its task and links, nothing half-written is kept, nothing is bought again', async ({ file, plan, options, message, description, tries }) => {
		const { run, simulator, kept, requests } = await cell(file, plan);
		const settings: Partial<INode> = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
		const result = await run({ options }, { settings });
		expect(result.error).toBeUndefined();
		expect(result.json[0]).toMatchObject({ taskId: simulator.tasks[0].taskId, status: 'success', url: expect.stringMatching(/^http/) as string });
		expect(result.json[0]).not.toHaveProperty('error');
		expect(failuresOf(result)).toEqual([
			{ url: result.json[0].url, type: 'image', message: expect.stringMatching(message) as string, description: expect.stringMatching(description) as string },
		]);
		expect(failuresOf(result)[0].description).toContain(simulator.tasks[0].taskId);
		expect(result.outputs[0][0].binary).toBeUndefined();
		expect(result.hints.join('\n')).toMatch(/^A file was not downloaded: /m);
		expect(kept()).toEqual([]);
		expect(requests()).toHaveLength(tries);
		expect(simulator.purchases).toBe(1);
	});

	test.concurrent.each(['seconds', 'milliseconds', 'iso'] as const)('expired, told in %s: it says so, and is asked for once', async (expireAtFormat) => {
		const { run, simulator, requests } = await cell();
		Object.assign(simulator.switches, { expireAtFormat, outputLifetimeSeconds: -60 });
		const result = await run();
		expect(failuresOf(result)[0].message).toMatch(/link of the file expired on \d{4}-\d\d-\d\dT/);
		expect(failuresOf(result)[0].description).toMatch(/task stays paid.*'Storage' to 'Persistent'/);
		expect(requests()).toHaveLength(1);
	});

	test.concurrent.each(['zero', 'missing'] as const)('expired, with a time that is %s: not called expired', async (expireAtFormat) => {
		const { run, simulator } = await cell({}, { reported: LONG_AGO });
		Object.assign(simulator.switches, { expireAtFormat, outputLifetimeSeconds: -60 });
		expect(failuresOf(await run())[0].message).toMatch(/not at its link/);
	});

	test.concurrent('one of three: the others arrive in their own fields', async () => {
		const { run, kept } = await cell({}, { reported: LONG_AGO, outputs: [{}, { file: { status: 404 } }, {}] });
		const result = await run();
		expect(Object.keys(result.outputs[0][0].binary!)).toEqual(['data', 'data_2']);
		expect((result.json[0].outputs as IDataObject[]).map(({ binaryField }) => binaryField)).toEqual(['data', undefined, 'data_2']);
		expect(failuresOf(result)).toHaveLength(1);
		expect(kept()).toHaveLength(2);
	});
});

describe('ending early', () => {
	test.concurrent('the stop button ends a download at once, and nothing of it is kept', async () => {
		const { run, kept, requests } = await cell({ sizeBytes: 50_000_000, bytesPerSecond: 500_000 });
		let stoppedAt = 0;
		await run({}, {
			onStarted: (stop) => {
				const wait = setInterval(() => {
					if (requests().length === 0) return;
					clearInterval(wait);
					setTimeout(() => {
						stoppedAt = Date.now();
						stop();
					}, 300);
				}, 20);
			},
		});
		expect(Date.now() - stoppedAt).toBeLessThan(1_000);
		await new Promise((resolve) => setTimeout(resolve, 500));
		expect(kept()).toEqual([]);
	});

	test.concurrent('the failure of another item ends a download soon', async () => {
		const { run, simulator, kept } = await cell({ sizeBytes: 50_000_000, bytesPerSecond: 500_000 });
		simulator.plan({ outcome: 'fail', seconds: 2 }, { prompt: 'p1' });
		const started = Date.now();
		const { error } = await run({}, { items: prompts(2) });
		expect(error?.context).toMatchObject({ itemIndex: 1 });
		expect(Date.now() - started).toBeLessThan(15_000);
		expect(kept()).toEqual([]);
	});
});

describe('an option that cannot be used stops the node before it buys', () => {
	test.concurrent.each<[string, IDataObject, RegExp]>([
		['no field name', { binaryField: ' ' }, /'Put Output File in Field'/],
		['a dangerous one', { binaryField: '__proto__' }, /'Put Output File in Field'/],
		['a size below zero', { maximumFileSize: -1 }, /'Maximum File Size \(MB\)' is not a number at least 0/],
		['a count that is no number', { maximumFiles: 'many' }, /'Maximum Files' is not a number/],
	])('%s', async (_, options, message) => {
		const { run, simulator } = await cell();
		expect((await run({ options })).error?.message).toMatch(message);
		expect(simulator.purchases).toBe(0);
	});
});

describe('Download Outputs', () => {
	const parameters = (extra: IDataObject = {}) => ({ resource: 'task', operation: 'downloadOutputs', taskId: { __rl: true, mode: 'id', value: '={{ $json.taskId }}' }, ...extra });

	/** A finished task, bought without downloading, and the item that carries it. */
	async function finished(file: FileBehaviour = {}, plan?: TaskPlan) {
		const made = await cell(file, plan);
		const { json } = await made.run({ downloadOutputs: false });
		return { ...made, item: json[0] };
	}

	test.concurrent('fetches the files of the tasks the items carry, and buys nothing', async () => {
		const { simulator, run, item } = await finished();
		const { outputs, json, error } = await run({}, { parameters: parameters(), items: [item, { taskId: item.taskId }] });
		expect(error).toBeUndefined();
		expect(json.map(({ taskId }) => taskId)).toEqual([item.taskId, item.taskId]);
		expect(outputs[0].map(({ binary, pairedItem }) => [Object.keys(binary!), pairedItem])).toEqual([
			[['data'], { item: 0 }],
			[['data'], { item: 1 }],
		]);
		expect(simulator.purchases).toBe(1);
	});

	test.concurrent('uses the links in the item when HiAPI does not answer', async () => {
		const { simulator, run, item } = await finished();
		simulator.fault({ method: 'GET', path: '/v1/*', action: { type: 'status', status: 500 }, times: Infinity });
		const { outputs, error } = await run({}, { parameters: parameters(), items: [item] });
		expect(error).toBeUndefined();
		expect(await storage.read(outputs[0][0].binary!.data)).toEqual(await bytesAt(item.url));
	});

	test.concurrent('fails with the reason when a file cannot be had, and may be retried', async () => {
		const { simulator, run, item, requests } = await finished({ status: 404 }, { reported: { completed: 1_700_000_000 } });
		const settings: Partial<INode> = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
		const { error } = await run({}, { parameters: parameters(), items: [item], settings });
		expect(error?.message).toMatch(/not at its link/);
		expect(error?.context).toMatchObject({ taskId: item.taskId, itemIndex: 0 });
		expect(requests()).toHaveLength(2);
		expect(simulator.purchases).toBe(1);
	});

	test.concurrent('goes on with the other files when told so', async () => {
		const { run, item } = await finished({}, { reported: { completed: 1_700_000_000 }, outputs: [{ file: { status: 404 } }, {}] });
		const result = await run({}, { parameters: parameters({ options: { onFileFailure: 'output' } }), items: [item] });
		expect(result.error).toBeUndefined();
		expect(Object.keys(result.outputs[0][0].binary!)).toEqual(['data_1']);
		expect(failuresOf(result)).toHaveLength(1);
	});

	test.concurrent('the parameters of its own say which files and where to put them', async () => {
		const { run, item } = await finished({}, { outputs: [{ type: 'video' }, { type: 'last_frame' }] });
		const { outputs } = await run({}, { parameters: parameters({ outputTypes: ['last_frame'], binaryField: 'still' }), items: [item] });
		expect(outputs[0][0].binary).toEqual({ still: expect.objectContaining({ mimeType: 'image/png', fileName: expect.stringMatching(/_last_frame_2\.png$/) as string }) as unknown });
	});

	test.concurrent.each<[string, TaskPlan, IDataObject, RegExp, RegExp]>([
		['a task that has not ended', { outcome: 'stuck' }, {}, /has not ended yet \(handling\)/, /'Wait for Completion'/],
		['a task that failed', { outcome: 'fail', error: { code: 'TASK_FAILED', message: 'blocked' } }, {}, /blocked/, /TASK_FAILED/],
		['a task without such files', {}, { outputTypes: ['video'] }, /no file of the chosen kind/, /It has: image\./],
		['a task without any files', { outputs: 0 }, {}, /no file of the chosen kind/, /lists no files/],
	])('%s', async (_, plan, extra, message, description) => {
		const { simulator, run } = await cell({}, plan);
		await run({ operation: 'create' });
		simulator.advance(plan.outcome === 'stuck' ? 0.15 : 10);
		const { error } = await run({}, { parameters: parameters(extra), items: [{ taskId: simulator.tasks[0].taskId }] });
		expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(description);
	});

	test.concurrent('fails only the item whose task is unknown, under Continue On Fail', async () => {
		const { run, item } = await finished();
		const { outputs } = await run({}, { parameters: parameters(), items: [item, { taskId: 'tk-nobody' }], settings: { onError: 'continueErrorOutput' } });
		expect(outputs.map((items) => items.length)).toEqual([1, 1]);
		expect(outputs[1][0].json.error).toMatch(/does not know this task/);
	});
});

describe('Wait for Completion', () => {
	test.concurrent('ends with the file as well', async () => {
		const { simulator, run } = await cell();
		await run({ operation: 'create' });
		const parameters = { resource: 'task', operation: 'waitForCompletion', taskId: { __rl: true, mode: 'id', value: simulator.tasks[0].taskId } };
		const { outputs } = await run({}, { parameters });
		expect(outputs[0][0].binary).toEqual({ data: expect.objectContaining({ mimeType: 'image/png' }) as unknown });
		expect((await run({}, { parameters: { ...parameters, downloadOutputs: false } })).outputs[0][0].binary).toBeUndefined();
	});
});

describe('persistent storage', () => {
	const options = { storage: 'persistent' };

	test.concurrent('the item says where the files are', async () => {
		const { run } = await cell();
		const { json, hints } = await run({ options });
		expect(json[0].storage).toBe('persistent');
		expect(hints.join()).not.toMatch(/temporarily/);
	});

	test.concurrent('it is told when HiAPI fell back to temporary storage', async () => {
		const { run, simulator } = await cell({}, { storageFallback: true });
		const { json, hints } = await run({ options });
		expect(json[0].storage).toBe('temp');
		expect(hints.join()).toContain(`Task ${simulator.tasks[0].taskId} asked for persistent storage, and HiAPI stored the files temporarily`);
	});

	test.concurrent('nothing is said when HiAPI says nothing, or nobody asked', async () => {
		const { run, simulator } = await cell();
		expect((await run()).json[0]).not.toHaveProperty('storage');
		simulator.switches.taskIncludesStorage = false;
		const { json, hints } = await run({ options }, { executionId: 'outputs-silent' });
		expect(json[0]).not.toHaveProperty('storage');
		expect(hints.join()).not.toMatch(/temporarily/);
	});
});
