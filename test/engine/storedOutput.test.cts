import type { IDataObject, INode } from 'n8n-workflow';

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

type Change = 'promote' | 'delete';

const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });

async function run(
	simulator: Simulator,
	operation: string,
	parameters: IDataObject = {},
	items?: IDataObject[],
	settings?: Partial<INode>,
) {
	return await runInEngine({
		credential: credentialFor(simulator),
		parameters: { resource: 'storedOutput', operation, ...parameters },
		items,
		settings,
	});
}

/** A simulator whose account has this many stored outputs, and their ids, newest first. */
async function withOutputs(count: number): Promise<{ simulator: Simulator; ids: string[] }> {
	const simulator = await newSimulator();
	simulator.plan({ outputs: count });
	await runInEngine({
		credential: credentialFor(simulator),
		parameters: runAndWait(),
		items: prompts(1),
	});
	const { json } = await run(simulator, 'getAll', { returnAll: true });
	return { simulator, ids: json.map(({ id }) => id as string) };
}

const bodies = (simulator: Simulator, change: Change) =>
	simulator.requests
		.filter(({ pathname }) => pathname === `/v1/storages/${change}`)
		.map(({ rawBody }) => JSON.parse(rawBody.toString()) as string[]);

describe('Get Many', () => {
	test('simplified and raw, with what HiAPI says of each', async () => {
		const { simulator, ids } = await withOutputs(1);
		const { json } = await run(simulator, 'getAll');
		expect(json).toEqual([
			{
				id: ids[0],
				storage: 'temp',
				url: expect.stringMatching(/^http/) as string,
				type: 'image',
				taskId: simulator.tasks[0].taskId,
				model: 'any-model',
				fileName: '0.png',
				createdAt: expect.stringMatching(/Z$/) as string,
				expiresAt: expect.stringMatching(/Z$/) as string,
			},
		]);
		expect((await run(simulator, 'getAll', { simplify: false })).json[0]).toMatchObject({
			id: ids[0],
			storage_tier: 'temp',
		});
	});

	test.each(['items', 'storages', 'list', ''])(
		"reads the list under the name '%s'",
		async (storageListKey) => {
			const { simulator } = await withOutputs(3);
			simulator.switches.storageListKey = storageListKey;
			expect((await run(simulator, 'getAll', { returnAll: true })).json).toHaveLength(3);
			expect((await run(simulator, 'getAll', { limit: 2 })).json).toHaveLength(2);
		},
	);

	test('reads all pages', async () => {
		const { simulator, ids } = await withOutputs(230);
		expect(new Set(ids).size).toBe(230);
		expect(
			simulator.requests
				.filter(({ pathname }) => pathname === '/v1/storages')
				.map(({ query }) => query.page),
		).toEqual(['1', '2', '3', '4']);
	});

	test('filters by storage and by task', async () => {
		const { simulator, ids } = await withOutputs(2);
		simulator.switches.storagePromoteSeconds = 0;
		await run(simulator, 'promote', { storedOutputId: byId(ids[0]) });
		expect(
			(await run(simulator, 'getAll', { filters: { storage: 'persistent' } })).json.map(
				({ id }) => id,
			),
		).toEqual([ids[0]]);
		expect(
			(await run(simulator, 'getAll', { filters: { taskId: simulator.tasks[0].taskId } })).json,
		).toHaveLength(2);
		expect((await run(simulator, 'getAll', { filters: { taskId: 'tk-other' } })).json).toHaveLength(
			0,
		);
	});

	test('tolerates entries that are none, and says when there is no list', async () => {
		const { simulator } = await withOutputs(0);
		const entry = {
			id: 7,
			storageTier: 'temp',
			file_url: 'https://cdn.example/tasks/tk-9/0.png',
			created_at: '2026-11-21T12:00:00Z',
		};
		simulator.script(
			[
				{
					status: 200,
					body: JSON.stringify({ code: 200, data: { records: [null, 'x', {}, entry] } }),
				},
			],
			{ path: '/v1/storages' },
		);
		const { json } = await run(simulator, 'getAll', {
			returnAll: true,
			filters: { taskId: 'tk-9' },
		});
		expect(json).toEqual([
			{ id: '7', storage: 'temp', url: entry.file_url, createdAt: '2026-11-21T12:00:00.000Z' },
		]);
	});
});

describe('Promote', () => {
	test('one request for all items, one item out per id, paired', async () => {
		const { simulator, ids } = await withOutputs(3);
		const { outputs, json } = await run(
			simulator,
			'promote',
			{ storedOutputId: byId('={{ $json.ids }}') },
			[{ ids: ids[0] }, { ids: `${ids[1]}, ${ids[2]}` }],
		);
		expect(json).toEqual(ids.map((id) => ({ id, accepted: true })));
		expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 1 },
		]);
		expect(bodies(simulator, 'promote')).toEqual([ids]);
		simulator.advance(3);
		expect(
			(await run(simulator, 'getAll', { filters: { storage: 'persistent' } })).json,
		).toHaveLength(3);
	});

	test('at most 50 ids go into one request', async () => {
		const { simulator, ids } = await withOutputs(120);
		const { json } = await run(
			simulator,
			'promote',
			{ storedOutputId: byId('={{ $json.id }}') },
			ids.map((id) => ({ id })),
		);
		expect(json.map(({ accepted }) => accepted)).toEqual(Array(120).fill(true));
		expect(bodies(simulator, 'promote').map((body) => body.length)).toEqual([50, 50, 20]);
	});

	test('an id given twice is asked for once', async () => {
		const { simulator, ids } = await withOutputs(1);
		const { json } = await run(simulator, 'promote', { storedOutputId: byId(ids[0]) }, [{}, {}]);
		expect(json).toEqual([
			{ id: ids[0], accepted: true },
			{ id: ids[0], accepted: true },
		]);
		expect(bodies(simulator, 'promote')).toEqual([[ids[0]]]);
	});

	test.each<[string, RegExp]>([
		['not_owned', /not belong to this HiAPI account.*'Get Many'/],
		['insufficient', /balance.*Top up/],
		['cap_exceeded', /storage is full.*Delete/],
		['not_promotable', /cannot be promoted.*persistent already/],
		['already_deleted', /has been deleted.*gone for good/],
		['storage_op_pending', /still busy.*in a minute/],
		['solar_flare', /HiAPI refused stored output 1 \(solar_flare\)/],
	])('%s is explained, as data or as a failure', async (reason, explanation) => {
		const simulator = await newSimulator();
		const body = JSON.stringify({
			code: 200,
			message: 'success',
			data: { accepted: [], rejected: [{ id: '1', reason }] },
		});
		simulator.script([{ status: 200, body }], { path: '/v1/storages/promote' });
		const { json } = await run(simulator, 'promote', { storedOutputId: byId('1') });
		expect(json).toEqual([
			{
				id: '1',
				accepted: false,
				reason,
				explanation: expect.stringMatching(explanation) as string,
			},
		]);
		const { error } = await run(simulator, 'promote', {
			storedOutputId: byId('1'),
			options: { onRejection: 'fail' },
		});
		expect(`${error?.message}. ${error?.description}`).toMatch(explanation);
	});

	test('an id HiAPI does not mention is not called accepted', async () => {
		const simulator = await newSimulator();
		simulator.script(
			[
				{
					status: 200,
					body: JSON.stringify({ code: 200, data: { accepted: ['2'], rejected: ['3'] } }),
				},
			],
			{ path: '/v1/storages/promote' },
		);
		const { json } = await run(simulator, 'promote', { storedOutputId: byId('1,2,3') });
		expect(json.map(({ id, accepted, reason }) => [id, accepted, reason])).toEqual([
			['1', false, 'not_mentioned'],
			['2', true, undefined],
			['3', false, 'unknown'],
		]);
	});

	test('an empty id stops the node before anything is sent; under Continue On Fail the other items go on', async () => {
		const { simulator, ids } = await withOutputs(1);
		const items = [{ id: ids[0] }, { id: ' ' }];
		const parameters = { storedOutputId: byId('={{ $json.id }}') };
		const stopped = await run(simulator, 'promote', parameters, items);
		expect(stopped.error).toMatchObject({
			message: "'Stored Output' is empty",
			context: expect.objectContaining({ itemIndex: 1 }) as unknown,
		});
		expect(bodies(simulator, 'promote')).toEqual([]);
		const { outputs } = await run(simulator, 'promote', parameters, items, {
			onError: 'continueErrorOutput',
		});
		expect(outputs.map((branch) => branch.map(({ json }) => json.accepted ?? json.error))).toEqual([
			[true],
			["'Stored Output' is empty"],
		]);
	});
});

describe('Delete', () => {
	test('deletes, and deleting again is no failure', async () => {
		const { simulator, ids } = await withOutputs(2);
		for (let round = 0; round < 2; round++) {
			expect((await run(simulator, 'delete', { storedOutputId: byId(ids[0]) })).json).toEqual([
				{ id: ids[0], deleted: true },
			]);
		}
		expect((await run(simulator, 'getAll')).json.map(({ id }) => id)).toEqual([ids[1]]);
	});

	test('a refusal fails with its reason', async () => {
		const simulator = await newSimulator();
		const { error } = await run(simulator, 'delete', { storedOutputId: byId('4711') });
		expect(error?.message).toBe('Stored output 4711 does not belong to this HiAPI account');
		expect(error?.context).toMatchObject({ code: 'not_owned', itemIndex: 0 });
	});

	test.each<[string, unknown]>([
		['nothing', null],
		['a count', { deleted: 1 }],
		['a word', 'ok'],
	])('when HiAPI answers with %s, the list tells', async (_, data) => {
		const { simulator, ids } = await withOutputs(1);
		simulator.script(
			[{ status: 200, body: JSON.stringify({ code: 200, message: 'success', data }) }],
			{ path: '/v1/storages/delete' },
		);
		const { error } = await run(simulator, 'delete', { storedOutputId: byId(ids[0]) });
		expect(error?.message).toBe(`HiAPI did not confirm that stored output ${ids[0]} was deleted`);
		expect(error?.description).toContain(JSON.stringify(data));
		expect((await run(simulator, 'delete', { storedOutputId: byId('not-listed') })).json).toEqual([
			{ id: 'not-listed', deleted: true },
		]);
	});

	test.each([{ deleted: ['1'] }, { accepted: [{ id: 1 }] }])('%j names the id', async (data) => {
		const simulator = await newSimulator();
		simulator.script([{ status: 200, body: JSON.stringify({ code: 200, data }) }], {
			path: '/v1/storages/delete',
		});
		expect((await run(simulator, 'delete', { storedOutputId: byId(1) })).json).toEqual([
			{ id: '1', deleted: true },
		]);
	});
});

test.each<[string, Change]>([
	['promote', 'promote'],
	['delete', 'delete'],
])('%s: what HiAPI or the network refuses is a failure that names the item', async (_, change) => {
	const simulator = await newSimulator();
	simulator.fault({
		method: 'POST',
		path: `/v1/storages/${change}`,
		action: { type: 'status', status: 403, message: 'suspended' },
	});
	const { error } = await run(simulator, change, { storedOutputId: byId('1') });
	expect(error).toMatchObject({
		httpCode: '403',
		context: expect.objectContaining({ itemIndex: 0 }) as unknown,
	});
});
