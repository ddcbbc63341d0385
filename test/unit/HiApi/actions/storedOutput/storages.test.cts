import { createClient } from '../../../../../nodes/shared/api/client';
import {
	changeStored,
	listStored,
	MOST_IDS,
	readStorageAnswer,
} from '../../../../../nodes/HiApi/actions/storedOutput/storages';
import { wordRejection } from '../../../../../nodes/HiApi/actions/storedOutput/storageRejection';
import { VirtualTiming } from '../../../../support/virtualTiming.cts';
import { FakeHiApi, refusal, type Reaction } from '../../../shared/api/fakeHiApi.cts';

const success = (data: unknown): Reaction => ({
	status: 200,
	body: { code: 200, message: 'success', data },
});

async function connect(...reactions: Reaction[]) {
	const timing = new VirtualTiming();
	const api = new FakeHiApi(reactions);
	return {
		api,
		client: await createClient(api.context, timing),
		budget: { deadlineMs: timing.monotonic() },
	};
}

test('a page is asked for by its number, in the largest size', async () => {
	const { api, client, budget } = await connect(success({ items: [{ id: '1' }] }));
	expect(await listStored(client, 3, budget)).toEqual({ ok: true, value: [{ id: '1' }] });
	expect(api.requests).toMatchObject([
		{ method: 'GET', url: 'https://api.hiapi.ai/v1/storages', qs: { page: 3, size: 100 } },
	]);
});

test.each<[string, Reaction]>([
	['a refusal', refusal(403)],
	['a reply without a list', success({ total: 1 })],
])('%s is a failure', async (_name, reaction) => {
	const { client, budget } = await connect(reaction);
	expect(await listStored(client, 1, budget)).toMatchObject({ ok: false });
});

test.each(['promote', 'delete'] as const)('%s sends the ids as a list, once', async (change) => {
	const { api, client, budget } = await connect(
		success({ accepted: ['1'], rejected: [{ id: '2', reason: 'not_owned' }] }),
	);
	const answer = await changeStored(client, change, ['1', '2'], budget);
	expect(answer).toMatchObject({
		ok: true,
		value: { accepted: new Set(['1']), rejected: new Map([['2', 'not_owned']]) },
	});
	expect(api.requests).toMatchObject([
		{ method: 'POST', url: `https://api.hiapi.ai/v1/storages/${change}`, body: '["1","2"]' },
	]);
	expect(MOST_IDS).toBe(50);
});

test('what promoting answers has to name ids; what deleting answers is handed on', async () => {
	for (const [change, ok] of [
		['promote', false],
		['delete', true],
	] as const) {
		const { client, budget } = await connect(success(null));
		expect(await changeStored(client, change, ['1'], budget)).toMatchObject({ ok });
	}
	const { client, budget } = await connect(success({ rejected: [] }));
	expect(await changeStored(client, 'promote', ['1'], budget)).toMatchObject({ ok: true });
});

test.each<[unknown, string[], Array<[string, string]>]>([
	[null, [], []],
	[{ accepted: 'all', deleted: [3, { id: '4' }, null] }, ['3', '4'], []],
	[
		{
			accepted: [{ id: 1 }, {}],
			rejected: ['2', { id: 3 }, { reason: 'not_owned' }, { id: '5', reason: 'cap_exceeded' }],
		},
		['1'],
		[
			['2', 'unknown'],
			['3', 'unknown'],
			['5', 'cap_exceeded'],
		],
	],
])('%j', (data, accepted, rejected) => {
	expect(readStorageAnswer(data)).toEqual({
		accepted: new Set(accepted),
		rejected: new Map(rejected),
		data,
	});
});

test.each([
	'not_owned',
	'insufficient',
	'cap_exceeded',
	'not_promotable',
	'already_deleted',
	'storage_op_pending',
	'not_mentioned',
	'unheard_of',
	'toString',
])('%s has words of its own', (reason) => {
	const { message, description } = wordRejection('77', reason);
	expect([message, description]).toEqual([
		expect.stringMatching(/^[A-Z].*[^.]$/),
		expect.stringMatching(/^[A-Z].*\.$/),
	]);
	if (reason !== 'insufficient') expect(message).toContain('77');
	expect(message.includes(reason)).toBe(['unheard_of', 'toString'].includes(reason));
});
