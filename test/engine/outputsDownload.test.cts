import type { IDataObject, INode } from 'n8n-workflow';

import type { FileBehaviour, TaskPlan } from '../../simulator/index.cts';
import { bytesAt, cell, failuresOf, storage } from './support/outputsLab.cts';

describe('Download Outputs', () => {
	const parameters = (extra: IDataObject = {}) => ({
		resource: 'task',
		operation: 'downloadOutputs',
		taskId: { __rl: true, mode: 'id', value: '={{ $json.taskId }}' },
		...extra,
	});

	/** A finished task, bought without downloading, and the item that carries it. */
	async function finished(file: FileBehaviour = {}, plan?: TaskPlan) {
		const made = await cell(file, plan);
		const { json } = await made.run({ downloadOutputs: false });
		return { ...made, item: json[0] };
	}

	test.concurrent('fetches the files of the tasks the items carry, and buys nothing', async () => {
		const { simulator, run, item } = await finished();
		const { outputs, json, error } = await run(
			{},
			{ parameters: parameters(), items: [item, { taskId: item.taskId }] },
		);
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
		simulator.fault({
			method: 'GET',
			path: '/v1/*',
			action: { type: 'status', status: 500 },
			times: Infinity,
		});
		const { outputs, error } = await run({}, { parameters: parameters(), items: [item] });
		expect(error).toBeUndefined();
		expect(await storage.read(outputs[0][0].binary!.data)).toEqual(await bytesAt(item.url));
	});

	test.concurrent(
		'fails with the reason when a file cannot be had, and may be retried',
		async () => {
			const { simulator, run, item, requests } = await finished(
				{ status: 404 },
				{ reported: { completed: 1_700_000_000 } },
			);
			const settings: Partial<INode> = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
			const { error } = await run({}, { parameters: parameters(), items: [item], settings });
			expect(error?.message).toMatch(/not at its link/);
			expect(error?.context).toMatchObject({ taskId: item.taskId, itemIndex: 0 });
			expect(requests()).toHaveLength(2);
			expect(simulator.purchases).toBe(1);
		},
	);

	test.concurrent('goes on with the other files when told so', async () => {
		const { run, item } = await finished(
			{},
			{ reported: { completed: 1_700_000_000 }, outputs: [{ file: { status: 404 } }, {}] },
		);
		const result = await run(
			{},
			{ parameters: parameters({ options: { onFileFailure: 'output' } }), items: [item] },
		);
		expect(result.error).toBeUndefined();
		expect(Object.keys(result.outputs[0][0].binary!)).toEqual(['data_1']);
		expect(failuresOf(result)).toHaveLength(1);
	});

	test.concurrent('the parameters of its own say which files and where to put them', async () => {
		const { run, item } = await finished(
			{},
			{ outputs: [{ type: 'video' }, { type: 'last_frame' }] },
		);
		const { outputs } = await run(
			{},
			{
				parameters: parameters({ outputTypes: ['last_frame'], binaryField: 'still' }),
				items: [item],
			},
		);
		expect(outputs[0][0].binary).toEqual({
			still: expect.objectContaining({
				mimeType: 'image/png',
				fileName: expect.stringMatching(/_last_frame_2\.png$/) as string,
			}) as unknown,
		});
	});

	test.concurrent.each<[string, TaskPlan, IDataObject, RegExp, RegExp]>([
		[
			'a task that has not ended',
			{ outcome: 'stuck' },
			{},
			/has not ended yet \(handling\)/,
			/'Wait for Completion'/,
		],
		[
			'a task that failed',
			{ outcome: 'fail', error: { code: 'TASK_FAILED', message: 'blocked' } },
			{},
			/blocked/,
			/TASK_FAILED/,
		],
		[
			'a task without such files',
			{},
			{ outputTypes: ['video'] },
			/no file of the chosen kind/,
			/It has: image\./,
		],
		[
			'a task without any files',
			{ outputs: 0 },
			{},
			/no file of the chosen kind/,
			/lists no files/,
		],
	])('%s', async (_, plan, extra, message, description) => {
		const { simulator, run } = await cell({}, plan);
		await run({ operation: 'create' });
		simulator.advance(plan.outcome === 'stuck' ? 0.15 : 10);
		const { error } = await run(
			{},
			{ parameters: parameters(extra), items: [{ taskId: simulator.tasks[0].taskId }] },
		);
		expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(description);
	});

	test.concurrent('fails only the item whose task is unknown, under Continue On Fail', async () => {
		const { run, item } = await finished();
		const { outputs } = await run(
			{},
			{
				parameters: parameters(),
				items: [item, { taskId: 'tk-nobody' }],
				settings: { onError: 'continueErrorOutput' },
			},
		);
		expect(outputs.map((items) => items.length)).toEqual([1, 1]);
		expect(outputs[1][0].json.error).toMatch(/does not know this task/);
	});
});
