import type { IBinaryData, IDataObject } from 'n8n-workflow';

import type { TaskPlan } from '../../simulator/index.cts';
import { bytesAt, cell, storage } from './support/outputsLab.cts';

describe('Run and Wait', () => {
	test.concurrent(
		'puts the picture into the item, with type, name and the field it is in',
		async () => {
			const { run, requests, simulator, kept } = await cell();
			const { outputs, json, error, hints } = await run();
			expect(error).toBeUndefined();
			const [{ binary }] = outputs[0];
			const { taskId } = simulator.tasks[0];
			expect(binary).toEqual({
				data: expect.objectContaining({
					mimeType: 'image/png',
					fileType: 'image',
					fileExtension: 'png',
					fileName: `${taskId}_any-model.png`,
				}) as unknown,
			});
			expect(await storage.read(binary!.data)).toEqual(await bytesAt(json[0].url));
			expect(json[0].outputs).toEqual([
				expect.objectContaining({ type: 'image', url: json[0].url, binaryField: 'data' }),
			]);
			expect(json[0]).not.toHaveProperty('downloadFailures');
			expect(hints.join()).not.toMatch(/download/i);
			expect(kept()).toHaveLength(1);
			expect(requests()[0].headers).not.toHaveProperty('authorization');
		},
	);

	test.concurrent('names the path of the file where JSON and files are combined', async () => {
		const { run } = await cell();
		const workflowSettings = { binaryMode: 'combined' } as const;
		const { json, error } = await run({}, { workflowSettings });
		expect(error).toBeUndefined();
		const { data } = json[0]._files as unknown as Record<string, IBinaryData>;
		expect(await storage.read(data)).toEqual(await bytesAt(json[0].url));
		expect(json[0].outputs).toMatchObject([{ binaryField: '_files.data' }]);
		const again = await run(
			{
				inputFiles: {
					file: [{ field: 'image', binaryField: '={{ $json.outputs[0].binaryField }}' }],
				},
			},
			{ workflowSettings, items: [{ prompt: 'again', ...json[0] }] },
		);
		expect(again.error).toBeUndefined();
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
		expect(json[0].output).toEqual([
			{ url: expect.any(String) as string, type: 'image', expireAt: expect.any(Number) as number },
		]);
	});

	const FOUR: TaskPlan = {
		outputs: ['first_frame', 'video', 'thumbnail', 'audio'].map((type) => ({ type })),
	};
	test.concurrent.each<[string, IDataObject, Record<string, string>]>([
		['main files', {}, { data: 'video/mp4', data_1: 'audio/mpeg' }],
		[
			'all files',
			{ outputTypes: ['all'] },
			{ data: 'image/png', data_1: 'video/mp4', data_2: 'image/png', data_3: 'audio/mpeg' },
		],
		[
			'chosen types under a name of their own',
			{ outputTypes: ['thumbnail', 'audio'], binaryField: 'clip' },
			{ clip: 'image/png', clip_1: 'audio/mpeg' },
		],
		['no more than allowed', { outputTypes: ['all'], maximumFiles: 1 }, { data: 'image/png' }],
	])('of several outputs: %s', async (_, options, expected) => {
		const { run } = await cell({}, FOUR);
		const { outputs, hints } = await run({ options });
		const binary = outputs[0][0].binary ?? {};
		expect(
			Object.fromEntries(Object.entries(binary).map(([field, { mimeType }]) => [field, mimeType])),
		).toEqual(expected);
		expect(new Set(Object.values(binary).map(({ fileName }) => fileName)).size).toBe(
			Object.keys(expected).length,
		);
		if (options.maximumFiles === 1)
			expect(hints).toContain("3 files were left out because of 'Maximum Files'.");
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
		const { run } = await cell(
			{},
			{
				outputs: [
					{ raw: null },
					{ raw: 'not a link' },
					{ type: 'image' },
					{ raw: { type: 'image' } },
				],
			},
		);
		const { outputs, json, error } = await run();
		expect(error).toBeUndefined();
		expect(Object.keys(outputs[0][0].binary!)).toEqual(['data']);
		expect(json[0]).not.toHaveProperty('downloadFailures');
	});
});

describe('an option that cannot be used stops the node before it buys', () => {
	test.concurrent.each<[string, IDataObject, RegExp]>([
		['no field name', { binaryField: ' ' }, /'Put Output File in Field'/],
		['a dangerous one', { binaryField: '__proto__' }, /'Put Output File in Field'/],
		[
			'a size below zero',
			{ maximumFileSize: -1 },
			/'Maximum File Size \(MB\)' is not a number at least 0/,
		],
		['a count that is no number', { maximumFiles: 'many' }, /'Maximum Files' is not a number/],
	])('%s', async (_, options, message) => {
		const { run, simulator } = await cell();
		expect((await run({ options })).error?.message).toMatch(message);
		expect(simulator.purchases).toBe(0);
	});
});

describe('Wait for Completion', () => {
	test.concurrent('ends with the file as well', async () => {
		const { simulator, run } = await cell();
		await run({ operation: 'create' });
		const parameters = {
			resource: 'task',
			operation: 'waitForCompletion',
			taskId: { __rl: true, mode: 'id', value: simulator.tasks[0].taskId },
		};
		const { outputs } = await run({}, { parameters });
		expect(outputs[0][0].binary).toEqual({
			data: expect.objectContaining({ mimeType: 'image/png' }) as unknown,
		});
		expect(
			(await run({}, { parameters: { ...parameters, downloadOutputs: false } })).outputs[0][0]
				.binary,
		).toBeUndefined();
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
		expect(hints.join()).toContain(
			`Task ${simulator.tasks[0].taskId} asked for persistent storage, and HiAPI stored the files temporarily`,
		);
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
