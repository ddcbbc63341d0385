import { NodeApiError, NodeOperationError, type INodeExecutionData } from 'n8n-workflow';

import { toItem } from '../../../../../nodes/HiApi/generation/items/taskItem';
import { runItems, type ItemRunner } from '../../../../../nodes/HiApi/generation/items/runItems';
import { itemsSettings } from '../../../../../nodes/HiApi/n8n/runPorts';
import { describeRequestFailure, HiApiError } from '../../../../../nodes/shared/errors/apiError';
import type { ApiResult } from '../../../../../nodes/shared/api/tasks';
import { VirtualTiming } from '../../../../support/virtualTiming.cts';
import { fakeExecution, type FakeExecution } from '../create/fakeExecution.cts';

const done = (itemIndex: number): ApiResult<INodeExecutionData> => ({
	ok: true,
	value: toItem({ item: itemIndex }, itemIndex),
});
const failed = (itemIndex: number): ApiResult<INodeExecutionData> => ({
	ok: false,
	failure: describeRequestFailure(
		{ kind: 'answer', status: 402, code: 'INSUFFICIENT_QUOTA', requestId: 'r-1' },
		'create',
		`tk-${itemIndex}`,
	),
});

interface Job {
	itemIndex: number;
}

interface Work extends Partial<Omit<ItemRunner<Job>, 'prepare' | 'work'>> {
	prepare?(itemIndex: number): Promise<Job[]>;
	work?(itemIndex: number): Promise<ApiResult<INodeExecutionData>>;
}

async function run(
	count: number,
	work: Work = {},
	continueOnFail = false,
	more: FakeExecution = {},
) {
	const seen = { prepared: [] as number[], worked: [] as number[], givenUp: 0 };
	const context = fakeExecution({
		items: Array.from({ length: count }, () => ({})),
		continueOnFail,
		...more,
	});
	const ports = {
		stopped: context.getExecutionCancelSignal(),
		log: context.logger,
		referenceOf: () => undefined,
	};
	const result = await runItems<Job>(itemsSettings(context), ports, {
		...work,
		prepare: async (itemIndex) => {
			seen.prepared.push(itemIndex);
			return work.prepare ? await work.prepare(itemIndex) : [{ itemIndex }];
		},
		work: async ({ itemIndex }) => {
			seen.worked.push(itemIndex);
			return work.work ? await work.work(itemIndex) : done(itemIndex);
		},
		giveUp: () => {
			seen.givenUp += 1;
		},
		runningTaskIds: work.runningTaskIds ?? (() => []),
	}).then(
		(items) => ({ items, error: undefined }),
		(error: unknown) => ({ items: [], error: error as NodeApiError | NodeOperationError }),
	);
	return { ...seen, ...result };
}

test('one item out per item in, in order, paired, whatever finishes first', async () => {
	const timing = new VirtualTiming();
	const { items } = await run(3, {
		work: async (itemIndex) => await timing.pause(100 - itemIndex).then(() => done(itemIndex)),
	});
	expect(items).toEqual([0, 1, 2].map((item) => ({ json: { item }, pairedItem: { item } })));
});

test('no items, no work', async () => {
	expect(await run(0)).toMatchObject({ items: [], worked: [], error: undefined });
});

describe('bad input in one item', () => {
	const prepare = async (itemIndex: number) => {
		if (itemIndex === 1) throw new HiApiError("'Model' is empty", 'Select one.');
		return await Promise.resolve([{ itemIndex }]);
	};

	test('stops the node before anything is bought', async () => {
		const { error, worked, prepared } = await run(3, { prepare });
		expect(prepared).toEqual([0, 1, 2]);
		expect(worked).toEqual([]);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({
			message: "'Model' is empty",
			description: 'Select one.',
			context: { itemIndex: 1 },
		});
	});

	test('is an error item under Continue On Fail, and the others are worked on', async () => {
		const { items, worked } = await run(3, { prepare }, true);
		expect(worked).toEqual([0, 2]);
		expect(items[1]).toEqual({
			json: {
				error: "'Model' is empty",
				details: { description: 'Select one.', retryable: false },
			},
			pairedItem: { item: 1 },
		});
	});
});

describe('several jobs for an item', () => {
	const prepare = async (itemIndex: number) =>
		await Promise.resolve(Array.from({ length: itemIndex }, () => ({ itemIndex })));

	test('give an output item each, in order and paired with it', async () => {
		const { items } = await run(4, { prepare });
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			[1, 2, 2, 3, 3, 3].map((item) => ({ item })),
		);
	});

	test('are all known before any work starts, and may still be refused then', async () => {
		const seen: Job[][] = [];
		const refused = new HiApiError('Too expensive', 'Raise the limit.');
		const { error, worked } = await run(3, {
			prepare,
			check: async (jobs) => {
				seen.push(jobs);
				await Promise.reject(refused);
			},
		});
		expect(seen).toEqual([[{ itemIndex: 1 }, { itemIndex: 2 }, { itemIndex: 2 }]]);
		expect(error).toBe(refused);
		expect(worked).toEqual([]);
	});
});

describe('a failure while working', () => {
	const work = async (itemIndex: number) =>
		await Promise.resolve(itemIndex === 1 ? failed(1) : done(itemIndex));

	test("ends the node with n8n's own error: item, task, code and request in it", async () => {
		const { error, givenUp } = await run(3, { work });
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error).toMatchObject({
			httpCode: '402',
			context: { itemIndex: 1, taskId: 'tk-1', code: 'INSUFFICIENT_QUOTA', requestId: 'r-1' },
		});
		expect(error?.description).toContain('request id r-1');
		expect(givenUp).toBe(1);
	});

	test('names the tasks of other items that go on', async () => {
		const { error } = await run(3, { work, runningTaskIds: () => ['tk-0', 'tk-1', 'tk-2'] });
		expect(error?.description).toContain(
			'go on at HiAPI: tk-0, tk-2. Retry on this execution picks them up at no further cost.',
		);
		expect(error?.context.runningTaskIds).toEqual(['tk-0', 'tk-2']);
	});

	test('names the tasks of other items that have finished, because their results do not come out', async () => {
		const { error } = await run(3, { work, finishedTaskIds: () => ['tk-0', 'tk-1'] });
		expect(error?.description).toContain(
			'Tasks of other items that have finished: tk-0. Retry on this execution picks them up at no further cost.',
		);
		expect(error?.context.finishedTaskIds).toEqual(['tk-0']);
	});

	test('waits for the others to come to an end, so that what they bought is remembered', async () => {
		const timing = new VirtualTiming();
		const ended: number[] = [];
		await run(3, {
			work: async (itemIndex) => {
				if (itemIndex === 0) return failed(0);
				await timing.pause(1000);
				ended.push(itemIndex);
				return done(itemIndex);
			},
		});
		expect(ended).toEqual([1, 2]);
	});

	test('is one error item under Continue On Fail, with the keys n8n sends down the error branch and no others', async () => {
		const { items, givenUp } = await run(3, { work }, true);
		expect(givenUp).toBe(0);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(
			Object.keys(items[1].json).filter((key) => !['error', 'message', 'details'].includes(key)),
		).toEqual([]);
		expect(items[1].json).toMatchObject({
			error: expect.any(String) as string,
			details: { taskId: 'tk-1', code: 'INSUFFICIENT_QUOTA', httpStatus: 402, requestId: 'r-1' },
		});
		expect(items[0].json).not.toHaveProperty('error');
	});
});

describe('a stopped run, of which n8n shows nothing', () => {
	const lost: ApiResult<INodeExecutionData> = {
		ok: false,
		failure: describeRequestFailure(
			{ kind: 'network', networkCode: 'ERR_CANCELED', outcomeUnknown: true },
			'create',
		),
	};

	test.each([false, true])(
		'leaves in the log what it has bought (Continue On Fail: %p)',
		async (continueOnFail) => {
			const warnings: string[] = [];
			const work = async (itemIndex: number) =>
				await Promise.resolve(itemIndex === 2 ? lost : done(itemIndex));
			await run(
				3,
				{ work, runningTaskIds: () => ['tk-0'], finishedTaskIds: () => ['tk-1'] },
				continueOnFail,
				{ stopped: true, warnings },
			);
			expect(warnings).toEqual([
				"Stopped; these HiAPI tasks go on and are billed: tk-0; these have finished: tk-1; it is not known whether HiAPI created a task for item 2 ('Get Many' shows it)",
			]);
		},
	);

	test('has nothing to say when it bought nothing, nor has one that was not stopped', async () => {
		const warnings: string[] = [];
		await run(1, {}, false, { stopped: true, warnings });
		await run(1, { runningTaskIds: () => ['tk-0'] }, false, { warnings });
		expect(warnings).toEqual([]);
	});
});
