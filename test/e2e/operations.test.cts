import { itemsOf } from '../../scripts/n8n/runData.cts';
import { lacks } from './support/abilities.cts';
import { useLab } from './support/lab.cts';
import { create, HIAPI, hiApiNode, MODEL, NEXT, workflowOf } from './support/workflows.cts';

const lab = useLab();

type Json = Record<string, unknown>;

const run = async (parameters: Json, items?: Json[], settings: Json = {}) =>
	await lab.run(workflowOf(hiApiNode(lab.credential, parameters, settings), items));

const jsonOf = (execution: Awaited<ReturnType<typeof run>>) =>
	itemsOf(execution.data, NEXT).map(({ json }) => json);

describe('Create', () => {
	lab.test('buys one task per item, with what the user set and nothing else', async () => {
		const execution = await run(
			create(
				'={{ $json.prompt }}',
				{ storage: 'persistent', route: 'ext' },
				{
					input: '{ "aspect_ratio": "1:1", "resolution": "1K", "quality": "low" }',
					callback: 'url',
					callbackUrl: 'https://example.com/hook',
				},
			),
			[{ prompt: 'a red kite' }, { prompt: 'a blue kite' }],
		);
		expect(execution.status).toBe('success');
		// Both are submitted at the same time, and may arrive in either order.
		const [red, blue] = ['a red kite', 'a blue kite'].map((prompt) =>
			lab.simulator.tasks.find((task) => task.prompt === prompt),
		);
		expect(lab.simulator.tasks).toHaveLength(2);
		expect(jsonOf(execution).map(({ taskId }) => taskId)).toEqual([red?.taskId, blue?.taskId]);
		expect([red, blue].map((task) => task?.requestBody)).toEqual(
			['a red kite', 'a blue kite'].map((prompt) => ({
				model: MODEL,
				input: { prompt, aspect_ratio: '1:1', resolution: '1K', quality: 'low' },
				route: 'ext',
				storage: 'persistent',
				callback: expect.objectContaining({ url: 'https://example.com/hook' }),
			})),
		);
		expect(itemsOf(execution.data, HIAPI).map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
		]);
	});

	lab.test(
		'sends a different idempotency key for every item, and another one in the next execution',
		async () => {
			const workflow = workflowOf(hiApiNode(lab.credential, create('the same')), [{}, {}]);
			await lab.run(workflow);
			await lab.run(workflow);
			expect(lab.keys().size).toBe(4);
			expect(lab.simulator.purchases).toBe(4);
		},
	);

	lab.test("shows HiAPI's own words when the input is refused", async () => {
		const execution = await run(
			create('a kite', {}, { input: '{ "aspect_ratio": "1:7", "colour": "red" }' }),
		);
		expect(execution.status).toBe('error');
		expect(execution.data.resultData.error?.message).toContain(
			"additional properties 'colour' not allowed",
		);
		expect(execution.data.resultData.error?.message).toContain(
			'aspect_ratio: value must be one of',
		);
		expect(lab.simulator.purchases).toBe(0);
	});

	lab.test('refuses bad input before it asks HiAPI anything', async () => {
		for (const bad of [
			...(lacks('executionsOfRefusedWorkflows')
				? []
				: [create('a kite', {}, { model: { __rl: true, mode: 'id', value: '' } })]),
			create('a kite', {}, { input: '[1, 2]' }),
			create('a kite', {}, { input: '{ "callback": { "url": "https://example.com" } }' }),
			create('a kite', {}, { callback: 'url', callbackUrl: 'ftp://example.com' }),
			create('a kite', { idempotencyKey: 'x'.repeat(300) }),
		]) {
			expect((await run(bad)).status).toBe('error');
		}
		expect(lab.simulator.requests).toHaveLength(0);
	});
});

describe('Get', () => {
	lab.test('reads one task, simplified and as HiAPI sent it', async () => {
		lab.simulator.plan({ seconds: 0 });
		const [{ taskId }] = jsonOf(await run(create('a kite')));
		const get = { operation: 'get', taskId: { __rl: true, mode: 'id', value: '={{ $json.id }}' } };
		const [simplified] = jsonOf(await run({ ...get, simplify: true }, [{ id: taskId }]));
		expect(simplified).toMatchObject({
			taskId,
			model: MODEL,
			status: 'success',
			url: expect.stringContaining(lab.simulator.origin),
			outputs: [{ type: 'image', expiresAt: expect.stringMatching(/^\d{4}-.*Z$/) }],
			createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
		});
		const [whole] = jsonOf(await run({ ...get, simplify: false }, [{ id: taskId }]));
		expect(whole).toMatchObject({
			taskId,
			created: expect.any(Number),
			output: [{ url: simplified.url }],
		});
	});

	lab.test('says what to check when HiAPI does not know the task', async () => {
		const execution = await run({
			operation: 'get',
			taskId: { __rl: true, mode: 'id', value: 'tk-hiapi-nope' },
			simplify: true,
		});
		expect(execution.status).toBe('error');
		expect(execution.data.resultData.error).toMatchObject({
			message: expect.stringContaining('does not know this task'),
			description: expect.stringContaining('tk-hiapi-nope'),
		});
	});
});

describe('Get Many', () => {
	async function threeTasks(): Promise<string[]> {
		lab.simulator.plan({ seconds: 0 }, { prompt: 'one' });
		lab.simulator.plan({ seconds: 0, outcome: 'fail' }, { prompt: 'two' });
		lab.simulator.plan({ outcome: 'stuck' }, { prompt: 'three' });
		const ids: string[] = [];
		for (const prompt of ['one', 'two', 'three']) {
			ids.push(String(jsonOf(await run(create(prompt)))[0].taskId));
			lab.simulator.advance(60);
		}
		return ids;
	}
	const getMany = (more: Json) => ({
		operation: 'getAll',
		returnAll: true,
		filters: {},
		simplify: true,
		...more,
	});
	const idsOf = async (more: Json) => jsonOf(await run(getMany(more))).map(({ taskId }) => taskId);

	lab.test('returns the newest first, filtered by status, model and time', async () => {
		const [one, two, three] = await threeTasks();
		expect(await idsOf({})).toEqual([three, two, one]);
		expect(await idsOf({ returnAll: false, limit: 2 })).toEqual([three, two]);
		expect(await idsOf({ filters: { status: ['success', 'fail'] } })).toEqual([two, one]);
		expect(await idsOf({ filters: { model: 'another/model' } })).toEqual([]);
		expect(await idsOf({ filters: { model: MODEL, status: ['handling', 'queued'] } })).toEqual([
			three,
		]);
		// HiAPI counts in whole seconds
		const between = new Date(
			Math.floor(lab.simulator.tasks[1].createdAt / 1000) * 1000,
		).toISOString();
		expect(await idsOf({ filters: { createdAfter: between } })).toEqual([three, two]);
		expect(await idsOf({ filters: { createdBefore: between } })).toEqual([one]);
		expect(
			await idsOf({ filters: { createdAfter: '2001-01-01', createdBefore: '2001-01-02' } }),
		).toEqual([]);
	});

	lab.test('gives a failed task as data that n8n does not take for a failed node', async () => {
		await threeTasks();
		const execution = await run(getMany({ filters: { status: ['fail'] } }), [{}], {
			retryOnFail: true,
			maxTries: 3,
			waitBetweenTries: 100,
		});
		expect(execution.status).toBe('success');
		expect(jsonOf(execution)).toEqual([
			expect.objectContaining({
				failure: { code: expect.any(String), message: expect.any(String) },
			}),
		]);
	});
});

describe('the pickers', () => {
	lab.test("offer models by name and the account's tasks", async () => {
		const [{ taskId }] = jsonOf(await run(create('a kite')));
		const pick = async (methodName: string, path: string, filter?: string) =>
			(
				await lab.n8n.rest<{ results: Array<{ name: string; value: string }> }>(
					'POST',
					'/dynamic-node-parameters/resource-locator-results',
					{
						path,
						methodName,
						filter,
						nodeTypeAndVersion: { name: 'n8n-nodes-hiapi.hiApi', version: 1 },
						currentNodeParameters: { resource: 'task', operation: 'create' },
						credentials: { hiApiApi: lab.credential },
					},
				)
			).results;
		expect(
			(await pick('searchModels', 'parameters.model', 'gpt-image-2')).map(({ value }) => value),
		).toContain(MODEL);
		expect((await pick('searchTasks', 'parameters.taskId')).map(({ value }) => value)).toEqual([
			taskId,
		]);
	});
});
