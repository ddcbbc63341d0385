import type { IDataObject, INode } from 'n8n-workflow';

import { runInEngine, type EngineResult, type EngineRun } from './support/engine.cts';
import {
	credentialFor,
	newSimulator,
	prompts,
	runAndWait,
	stopSimulators,
	type Simulator,
} from './support/hiApi.cts';

jest.setTimeout(60_000);
afterAll(stopSimulators);

const byId = (value: string) => ({ __rl: true, mode: 'id', value });
/** $0.05 a picture, $0.12 in 4K. */
const PICTURE = 'gpt-image-2.5-flare/text-to-image';
const input = JSON.stringify({ resolution: '1K' });

const parameters = (options: IDataObject, extra: IDataObject = {}) =>
	runAndWait({ model: byId(PICTURE), input, options, ...extra });

async function run(
	simulator: Simulator,
	options: IDataObject,
	{ extra, ...more }: Partial<EngineRun> & { extra?: IDataObject } = {},
): Promise<EngineResult> {
	return await runInEngine({
		credential: { ...credentialFor(simulator), catalogUrl: simulator.origin },
		parameters: parameters(options, extra),
		items: prompts(3),
		...more,
	});
}

const goOn: Partial<INode> = { onError: 'continueRegularOutput' };
/** Where nothing is known of prices. */
const blind = (simulator: Simulator) => ({ ...credentialFor(simulator), catalogUrl: '' });

describe.each([
	['Run and Wait', {}],
	['Run and Wait by callback', { waitBy: 'callback' }],
	['Create', { operation: 'create' }],
])('Maximum Cost (USD) of %s', (_name, extra: IDataObject) => {
	test.concurrent('stops 50 rows before the first purchase, and passes at the sum', async () => {
		const simulator = await newSimulator();
		const items = prompts(50);
		const more = { extra, items };
		const { error } = await run(simulator, { maximumCost: 2.49 }, more);
		expect(error?.message).toBe(
			"50 items would cost $2.50 by HiAPI's price list, and 'Maximum Cost (USD)' allows $2.49",
		);
		expect(error?.description).toMatch(
			/^No task was created and nothing was charged\. Dearest: item 0 \$0\.05, /,
		);
		expect(simulator.purchases).toBe(0);
		const { json, hints } = await run(simulator, { maximumCost: 2.5, concurrency: 20 }, more);
		expect(json.map(({ estimatedCostUsd }) => estimatedCostUsd)).toEqual(items.map(() => 0.05));
		expect(simulator.purchases).toBe(50);
		expect(hints).toContain("50 tasks, about $2.50 by HiAPI's price list");
		simulator.advance(10);
		expect(simulator.spentUsd).toBe(2.5);
	});

	test.concurrent('is closed when there is no price list', async () => {
		const simulator = await newSimulator({ switches: { cataloguePricing: 'unavailable' } });
		for (const credential of [
			{ ...credentialFor(simulator), catalogUrl: simulator.origin },
			blind(simulator),
		]) {
			const { error } = await run(simulator, { maximumCost: 1000 }, { extra, credential });
			expect(error?.message).toMatch(/^HiAPI's price list cannot be read now/);
		}
		expect(simulator.purchases).toBe(0);
	});

	test.concurrent('is closed when one item has no price, also with Continue On Fail', async () => {
		const simulator = await newSimulator();
		const more = {
			extra: { ...extra, model: byId('={{ $json.model }}'), input: '{}' },
			items: [PICTURE, 'qwen-audio-3.0-tts-plus'].map((model) => ({ model, prompt: 'p' })),
			settings: goOn,
		};
		const options = { maximumCost: 1000, validate: false };
		const { json } = await run(simulator, options, more);
		const unknown = "It is not known what item 1 will cost, so 'Maximum Cost (USD)' cannot be kept";
		expect(json.map(({ error }) => error)).toEqual([unknown, unknown]);
		expect(JSON.stringify(json)).toContain('per 1000 characters');
		expect(simulator.purchases).toBe(0);
	});

	test.concurrent.each([['={{ $json.nothing }}'], [0], [-1], ['much'], ['']])(
		'is no limit to be lifted by mistake: %j',
		async (maximumCost) => {
			const simulator = await newSimulator();
			const { error } = await run(simulator, { maximumCost }, { extra });
			expect(error?.message).toBe("'Maximum Cost (USD)' is not a number greater than 0");
			expect(simulator.purchases).toBe(0);
		},
	);
});

describe('a retry', () => {
	test.concurrent('counts only what it is going to buy', async () => {
		const simulator = await newSimulator();
		simulator.fault({
			method: 'POST',
			path: '/v1/tasks',
			after: 2,
			action: { type: 'status', status: 402, message: 'balance' },
		});
		const first = await run(simulator, { maximumCost: 0.15, concurrency: 1 });
		expect(first.error).toBeDefined();
		expect(simulator.purchases).toBe(2);
		const retry = { retryOf: first, executionId: 'execution-2' };
		const tooLow = await run(simulator, { maximumCost: 0.04 }, retry);
		expect(tooLow.error?.message).toMatch(/^1 item would cost \$0\.05/);
		for (const { taskId } of simulator.tasks)
			expect(tooLow.error?.description).toMatch(
				new RegExp(`created before: .*${taskId}.*Retry on this execution picks them up`),
			);
		const second = await run(simulator, { maximumCost: 0.05 }, retry);
		expect(
			second.json.map(({ replayed, estimatedCostUsd }) => [replayed, estimatedCostUsd]),
		).toEqual([
			[true, undefined],
			[true, undefined],
			[undefined, 0.05],
		]);
		expect(second.hints).toContain("1 task, about $0.05 by HiAPI's price list");
		expect(simulator.purchases).toBe(3);
	});

	test.concurrent('that buys nothing needs no price list', async () => {
		const simulator = await newSimulator({ taskSeconds: 3 });
		const first = await run(simulator, { maximumCost: 0.15, timeout: 0.01 });
		expect(first.error?.message).toMatch(/was not finished/);
		expect(simulator.purchases).toBe(3);
		const second = await run(
			simulator,
			{ maximumCost: 0.01 },
			{ retryOf: first, executionId: 'execution-2', credential: blind(simulator) },
		);
		expect(second.json.map(({ status, replayed }) => [status, replayed])).toEqual(
			second.json.map(() => ['success', true]),
		);
		expect(second.json).toHaveLength(3);
		expect(JSON.stringify(second.json)).not.toContain('estimatedCostUsd');
		expect(simulator.purchases).toBe(3);
	});

	test.concurrent('replaces no failed task that the limit has no room for', async () => {
		const simulator = await newSimulator({ taskSeconds: 3 });
		simulator.plan({ outcome: 'fail', error: 'TASK_TIMEOUT' }, { times: 3 });
		const options = { retryFailedTasks: 1, timeout: 0.01 };
		const first = await run(simulator, { maximumCost: 0.3, ...options });
		expect(first.error?.message).toMatch(/was not finished/);
		const retry = { retryOf: first, executionId: 'execution-2', settings: goOn };
		const second = await run(simulator, { maximumCost: 0.14, retryFailedTasks: 1 }, retry);
		expect(second.json).toHaveLength(3);
		expect(simulator.purchases).toBe(3);
		const third = await run(simulator, { maximumCost: 0.15, retryFailedTasks: 1 }, retry);
		expect(third.json.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
		expect(simulator.purchases).toBe(6);
	});
});

test.concurrent(
	'every retry of a failed task counts, and the item says what one costs',
	async () => {
		const simulator = await newSimulator();
		simulator.plan({ outcome: 'fail', error: 'TASK_TIMEOUT' });
		const options = { retryFailedTasks: 2 };
		const one = { items: prompts(1) };
		const stopped = await run(simulator, { maximumCost: 0.14, ...options }, one);
		expect(stopped.error?.message).toMatch(/^1 item would cost \$0\.15/);
		expect(simulator.purchases).toBe(0);
		const { json, hints } = await run(simulator, { maximumCost: 0.15, ...options }, one);
		expect(simulator.purchases).toBe(2);
		expect(simulator.spentUsd).toBe(0.05);
		expect(json[0]).toMatchObject({ status: 'success', estimatedCostUsd: 0.05 });
		expect(hints).toContain("1 task, about $0.05 by HiAPI's price list");
	},
);

test.concurrent(
	'a failed task is not in the sum, and an unknown price is said to be missing',
	async () => {
		const simulator = await newSimulator();
		simulator.plan({ outcome: 'fail' }, { prompt: 'p1' });
		const failed = await run(simulator, {}, { settings: goOn });
		expect(failed.hints).toContain("2 tasks, about $0.10 by HiAPI's price list");
		expect(JSON.stringify(failed.json[1])).not.toContain('estimatedCostUsd');
		const mixed = await run(
			simulator,
			{ validate: false },
			{
				extra: { model: byId('={{ $json.model }}'), input: '={{ $json.input }}' },
				items: [
					{ model: PICTURE, input: { resolution: '4K' }, prompt: 'p' },
					{ model: 'z-image', input: {}, prompt: 'p' },
					{ model: 'qwen-image-2.0', input: {}, prompt: 'p' },
				],
			},
		);
		expect(mixed.json.map(({ estimatedCostUsd }) => estimatedCostUsd)).toEqual([
			0.12,
			0.01,
			undefined,
		]);
		expect(mixed.hints).toContain(
			"3 tasks: 2 of them about $0.13 by HiAPI's price list, the price of the others is not known",
		);
	},
);

test.concurrent('a suspended run keeps the price of what it has bought', async () => {
	const simulator = await newSimulator({ taskSeconds: 1_000 });
	const extra = { waitBy: 'callback' };
	const suspended = await run(simulator, { grace: 0, maximumCost: 1 }, { extra });
	expect(suspended.run.data.waitTill).toBeDefined();
	expect(suspended.json.map(({ estimatedCostUsd }) => estimatedCostUsd)).toEqual([
		0.05, 0.05, 0.05,
	]);
	const [parked] = suspended.run.data.executionData!.nodeExecutionStack;
	expect(parked.data.main[0]!.map(({ json }) => json.estimatedCostUsd)).toEqual([0.05, 0.05, 0.05]);
	expect(suspended.hints.join()).not.toContain('price list');
});

describe('Estimate Cost', () => {
	const estimate = async (simulator: Simulator, more: Partial<EngineRun>, options = {}) =>
		await run(simulator, options, {
			...more,
			extra: {
				operation: 'estimateCost',
				model: byId('={{ $json.model }}'),
				input: '={{ $json.input }}',
			},
		});
	const items = [
		{ model: PICTURE, input: { resolution: '4K' }, prompt: 'p' },
		{ model: PICTURE, input: {}, prompt: 'p' },
		{ model: 'happyhorse-1.1/text-to-video', input: { duration: 3 }, prompt: 'p' },
		{
			model: 'happyhorse-1.1/text-to-video',
			input: { duration: 3, resolution: '720p' },
			prompt: 'p',
		},
		{ model: 'nobody-knows', input: {}, prompt: 'p' },
	];

	test.concurrent(
		'says for each item what it costs or why nobody knows, and sends no key',
		async () => {
			const simulator = await newSimulator();
			const { json, hints } = await estimate(simulator, { items });
			const pricedAt = expect.stringMatching(/^20\d\d-.*Z$/) as unknown;
			const video = { model: 'happyhorse-1.1/text-to-video', unit: 'per second', pricedAt };
			expect(json).toEqual([
				{ estimatedCostUsd: 0.12, unit: 'per output image', model: PICTURE, pricedAt },
				{ estimatedCostUsd: 0.05, unit: 'per output image', model: PICTURE, pricedAt },
				{ reason: "the price depends on 'Resolution', which is not set", ...video },
				{ estimatedCostUsd: 0.42, ...video },
				{ reason: "HiAPI's price list does not hold this model", model: 'nobody-knows', pricedAt },
			]);
			expect(hints).toEqual([]);
			expect(simulator.purchases).toBe(0);
			expect(new Set(simulator.requests.map(({ pathname }) => pathname))).toEqual(
				new Set(['/api/models/content', '/docs/models.json', '/api/pricing']),
			);
			for (const { headers } of simulator.requests)
				expect(JSON.stringify(headers)).not.toContain(simulator.apiKey);
		},
	);

	test.concurrent('is what Run and Wait then says and HiAPI charges', async () => {
		const simulator = await newSimulator();
		const priced = [items[0], items[1], items[3]];
		const { json } = await estimate(simulator, { items: priced }, { onlySum: true });
		expect(json).toEqual([
			{ items: 3, estimatedCostUsd: 0.59, pricedAt: expect.any(String) as unknown },
		]);
		await run(
			simulator,
			{ maximumCost: 0.59 },
			{
				items: priced,
				extra: { model: byId('={{ $json.model }}'), input: '={{ $json.input }}' },
			},
		);
		expect(simulator.spentUsd).toBe(0.59);
	});

	test.concurrent('gives no sum where an item has none, and names the items', async () => {
		const simulator = await newSimulator();
		const { json } = await estimate(simulator, { items }, { onlySum: true });
		expect(json[0]).toMatchObject({ items: 5, knownCostUsd: 0.59, itemsWithoutPrice: [2, 4] });
		expect(json[0]).not.toHaveProperty('estimatedCostUsd');
		const bad = [items[0], { ...items[0], input: 'oops' }];
		expect((await estimate(simulator, { items: bad }, { onlySum: true })).error).toBeDefined();
		const kept = await estimate(simulator, { items: bad, settings: goOn }, { onlySum: true });
		expect(kept.json[0]).toMatchObject({ knownCostUsd: 0.12, itemsWithoutPrice: [1] });
		const each = await estimate(simulator, { items: bad, settings: goOn });
		expect(each.json.map(({ error }) => error !== undefined)).toEqual([false, true]);
	});

	test.concurrent('says that there is no price list', async () => {
		const simulator = await newSimulator();
		const { json } = await estimate(simulator, {
			items: items.slice(0, 1),
			credential: blind(simulator),
		});
		expect(json).toEqual([{ reason: "HiAPI's price list cannot be read now", model: PICTURE }]);
	});
});
