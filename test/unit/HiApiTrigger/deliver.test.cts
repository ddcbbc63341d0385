import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { deliverTasks } from '../../../nodes/HiApiTrigger/deliver';
import { packReceivedTask } from '../../../nodes/HiApiTrigger/receivedTask';
import { parseTask, type Task } from '../../../nodes/shared/api/task';
import { errorReply, taskReply } from '../shared/webhook/fakeWebhook.cts';
import { FAILURE, SUCCESS } from '../shared/webhook/vectors.cts';

interface ExecuteSetup {
	items: INodeExecutionData[];
	parameters?: Record<string, unknown>;
	mode?: string;
	workflowId?: string;
	apiReply?: () => Promise<unknown>;
	credentials?: () => Promise<unknown>;
	/** n8n's database: a row of known ids, read and written without a lock. */
	database?: { ids: string[]; failures: number };
}

const pause = async () => await new Promise((resolve) => setTimeout(resolve, 2));

function fakeExecute(setup: ExecuteSetup) {
	const database = setup.database ?? { ids: [], failures: 0 };
	const hints: Array<{ message: string }> = [];
	let apiRequests = 0;
	const context = {
		logger: { debug: () => undefined, info: () => undefined, warn: () => undefined },
		getMode: () => setup.mode ?? 'webhook',
		getWorkflow: () => ({ id: setup.workflowId ?? 'workflow-1' }),
		getNode: () => ({
			id: 'node-1',
			name: 'HiAPI Trigger',
			type: 'hiApiTrigger',
			typeVersion: 2,
			position: [0, 0],
			parameters: {},
		}),
		getNodeParameter: (name: string, _item: number, fallback: unknown) =>
			setup.parameters?.[name] ?? fallback,
		getInputData: () => setup.items,
		getExecutionCancelSignal: () => undefined,
		getCredentials:
			setup.credentials ??
			(async () => await Promise.resolve({ apiKey: 'k', baseUrl: 'https://api.example.com/v1' })),
		addExecutionHints: (hint: { message: string }) => hints.push(hint),
		helpers: {
			httpRequestWithAuthentication: async () => {
				apiRequests += 1;
				return await (setup.apiReply ?? errorReply(404))();
			},
			checkProcessedAndRecord: async (
				[id]: string[],
				scope: string,
				options: { mode: string; maxEntries: number },
			) => {
				expect([scope, options.mode, options.maxEntries]).toEqual(['node', 'entries', 2000]);
				if (database.failures > 0) {
					database.failures -= 1;
					throw new Error('UNIQUE constraint failed');
				}
				const known = [...database.ids];
				await pause();
				if (known.includes(id)) return { new: [], processed: [id] };
				database.ids = [...known, id];
				return { new: [id], processed: [] };
			},
		},
	};
	return {
		context: context as unknown as IExecuteFunctions,
		hints,
		apiRequests: () => apiRequests,
	};
}

const RECEIVED_AT = '2026-04-27T09:28:20.000Z';
const item = (body: string | object, readBack = false, query?: IDataObject): INodeExecutionData => {
	const task = parseTask(typeof body === 'string' ? JSON.parse(body) : body) as Task;
	const event = task.state === 'fail' ? 'task.fail' : 'task.success';
	return { json: packReceivedTask({ task, event, receivedAt: RECEIVED_AT, readBack, query }) };
};
const TASK_ID = 'tk-hiapi-01HZTQ8BX2N3GM3YFK4Z9D7VQR';

const run = async (setup: ExecuteSetup) => {
	const fake = fakeExecute(setup);
	const [output] = await deliverTasks(fake.context);
	return { ...fake, output, json: output[0]?.json as IDataObject | undefined };
};

describe('output', () => {
	test('a success, simplified', async () => {
		const { output } = await run({ items: [item(SUCCESS.body)] });
		expect(output).toEqual([
			{
				json: {
					taskId: TASK_ID,
					model: 'happyhorse-1-0',
					status: 'success',
					url: 'https://cdn.hiapi.ai/tasks/x/video.mp4',
					outputs: [
						{
							url: 'https://cdn.hiapi.ai/tasks/x/video.mp4',
							type: 'video',
							expiresAt: '2026-05-04T09:28:19.000Z',
						},
					],
					createdAt: '2026-04-27T09:27:13.000Z',
					completedAt: '2026-04-27T09:28:19.000Z',
					event: 'task.success',
					receivedAt: RECEIVED_AT,
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	test('what the callback URL carried, marked as not verified', async () => {
		const query = { reference: 'Größe & Farbe #3', row: '42' };
		for (const body of [SUCCESS.body, FAILURE.body]) {
			const { json } = await run({ items: [item(body, false, query)] });
			expect(json).toMatchObject({ reference: query.reference, query, queryVerified: false });
		}
		const { json } = await run({ items: [item(SUCCESS.body, false, { row: '42' })] });
		expect(json).toMatchObject({ query: { row: '42' }, queryVerified: false });
		expect(json).not.toHaveProperty('reference');
	});

	test('a failure, simplified, never with a field named error', async () => {
		const { json } = await run({ items: [item(FAILURE.body)] });
		expect(json).toMatchObject({
			status: 'fail',
			event: 'task.fail',
			url: null,
			failure: { code: 'TASK_FAILED', message: '画面被拒绝 – blocked' },
		});
		expect(json).not.toHaveProperty('error');
	});

	test('the whole task', async () => {
		const { json } = await run({ items: [item(FAILURE.body)], parameters: { simplify: false } });
		const { error, ...rest } = JSON.parse(FAILURE.body) as IDataObject;
		expect(json).toEqual({ ...rest, failure: error, event: 'task.fail', receivedAt: RECEIVED_AT });
	});

	test('data someone pinned or typed in passes as it is', async () => {
		const items = [
			{ json: { taskId: 'typed in' } },
			{ json: { hiApiCallback: 'no' } },
			{ json: { hiApiCallback: { task: {} } } },
		];
		expect((await run({ items })).output).toEqual(items);
	});
});

describe('once', () => {
	test('a task the workflow has gone on with gives nothing', async () => {
		const database = { ids: [], failures: 0 };
		expect((await run({ items: [item(SUCCESS.body)], database })).output).toHaveLength(1);
		expect((await run({ items: [item(SUCCESS.body)], database })).output).toEqual([]);
	});

	test('twenty copies at once through a database without locks give one', async () => {
		const database = { ids: [], failures: 0 };
		const runs = await Promise.all(
			Array.from({ length: 20 }, async () => await run({ items: [item(SUCCESS.body)], database })),
		);
		expect(runs.filter(({ output }) => output.length === 1)).toHaveLength(1);
	});

	test('twenty different tasks at once are all remembered', async () => {
		const database = { ids: [] as string[], failures: 0 };
		const items = Array.from({ length: 20 }, (_, number) =>
			item({ taskId: `tk-${number}`, status: 'success' }),
		);
		const runs = await Promise.all(items.map(async (one) => await run({ items: [one], database })));
		expect(runs.every(({ output }) => output.length === 1)).toBe(true);
		expect(database.ids).toHaveLength(20);
	});

	test.each(['manual', 'retry'])('mode %s always goes on and remembers nothing', async (mode) => {
		const database = { ids: [TASK_ID], failures: 0 };
		expect((await run({ items: [item(SUCCESS.body)], mode, database })).output).toHaveLength(1);
		expect(database.ids).toEqual([TASK_ID]);
	});

	test('the first row written by another process in the same moment does no harm', async () => {
		expect(
			(await run({ items: [item(SUCCESS.body)], database: { ids: [], failures: 1 } })).output,
		).toHaveLength(1);
	});

	test('when the database cannot tell, the execution fails and can be retried', async () => {
		const failed = run({ items: [item(SUCCESS.body)], database: { ids: [], failures: 2 } });
		await expect(failed).rejects.toThrow(NodeOperationError);
		await expect(failed).rejects.toMatchObject({
			message: expect.stringContaining(TASK_ID),
			description: expect.stringContaining('Retry'),
		});
	});
});

describe('re-reading', () => {
	const parameters = { options: { reRead: true } };
	const sparse = { taskId: TASK_ID, status: 'success' };

	test('fills in what the callback left out', async () => {
		const { json, apiRequests, hints } = await run({
			items: [item(sparse)],
			parameters,
			apiReply: taskReply({ ...JSON.parse(SUCCESS.body), storage: 'temp' }),
		});
		expect(json).toMatchObject({
			model: 'happyhorse-1-0',
			url: 'https://cdn.hiapi.ai/tasks/x/video.mp4',
			event: 'task.success',
		});
		expect([apiRequests(), hints]).toEqual([1, []]);
	});

	test('is left out for a task that was read back, and for one that came before', async () => {
		const database = { ids: [] as string[], failures: 0 };
		const { apiRequests } = await run({ items: [item(SUCCESS.body, true)], parameters, database });
		const again = await run({ items: [item(SUCCESS.body)], parameters, database });
		expect([apiRequests(), again.apiRequests()]).toEqual([0, 0]);
	});

	test.each<[string, Partial<ExecuteSetup>, string]>([
		['HiAPI says no', { apiReply: errorReply(404) }, 'does not know this task'],
		[
			'HiAPI reports another end',
			{ apiReply: taskReply({ taskId: TASK_ID, status: 'handling' }) },
			"'handling'",
		],
		[
			'the credential cannot be read',
			{ credentials: async () => await Promise.reject(new Error('locked')) },
			'locked',
		],
	])('%s: the callback’s task goes on, with a hint', async (_name, change, reason) => {
		const { json, hints } = await run({ items: [item(SUCCESS.body)], parameters, ...change });
		expect(json).toMatchObject({ taskId: TASK_ID, url: 'https://cdn.hiapi.ai/tasks/x/video.mp4' });
		expect(hints).toEqual([
			expect.objectContaining({ message: expect.stringContaining(reason), type: 'warning' }),
		]);
	});
});
