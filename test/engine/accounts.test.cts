import type { IDataObject } from 'n8n-workflow';

import { runInEngine, type EngineRun } from './support/engine.cts';
import {
	credentialFor,
	newSimulator,
	runAndWait,
	stopSimulators,
	type Simulator,
} from './support/hiApi.cts';

// A field of a credential may be an expression on the item: each customer pays for what is made for them.
afterAll(stopSimulators);

const [ANNA, BERT] = ['sk-anna', 'sk-bert'];
const item = (apiKey: string, index = 0): IDataObject => ({ prompt: `p${index}`, apiKey });

async function withAccounts(): Promise<Simulator> {
	const simulator = await newSimulator();
	simulator.switches.otherApiKeys = [ANNA, BERT];
	return simulator;
}

async function run(
	simulator: Simulator,
	items: IDataObject[],
	parameters: IDataObject = {},
	more: Partial<EngineRun> = {},
) {
	return await runInEngine({
		credential: { ...credentialFor(simulator), apiKey: '={{ $json.apiKey }}' },
		parameters: runAndWait(parameters),
		items,
		...more,
	});
}

const keysUsed = (simulator: Simulator) =>
	simulator.requests.map(({ headers }) => String(headers.authorization).replace('Bearer ', ''));

test.concurrent.each([
	['Run and Wait', {}],
	['Create', { operation: 'create' }],
	['a suspended wait', { waitBy: 'callback' }],
	[
		'Get',
		{ operation: 'get', taskId: { __rl: true, mode: 'id', value: 'tk-hiapi-1' }, simplify: true },
	],
])(
	'%s with items of two accounts is refused before anything is sent',
	async (_name, parameters) => {
		const simulator = await newSimulator();
		const { error } = await run(simulator, [item(ANNA), item(ANNA, 1), item(BERT, 2)], parameters);
		expect(error?.message).toBe('Items 0 and 2 use different HiAPI accounts');
		expect(error?.description).toMatch(/Loop Over Items.*sub-workflow/);
		expect(`${error?.message} ${error?.description}`).not.toMatch(/sk-/);
		expect(simulator.requests).toEqual([]);
	},
);

test.concurrent('with Continue On Fail every item says so', async () => {
	const simulator = await newSimulator();
	const settings = { onError: 'continueRegularOutput' as const };
	const { json } = await run(simulator, [item(ANNA), item(BERT, 1)], {}, { settings });
	expect(json.map(({ error }) => error)).toEqual(
		[0, 1].map(() => 'Items 0 and 1 use different HiAPI accounts'),
	);
	expect(simulator.requests).toEqual([]);
});

test.concurrent('in a loop of single items each is bought on its own account', async () => {
	const simulator = await withAccounts();
	const { json, error } = await run(
		simulator,
		[item(ANNA), item(BERT, 1), item(ANNA, 2)],
		{},
		{ place: { kind: 'loop', batchSize: 1 } },
	);
	expect(error).toBeUndefined();
	expect(json.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
	const creates = simulator.requests.filter(({ method }) => method === 'POST');
	expect(creates.map(({ headers }) => headers.authorization)).toEqual(
		[ANNA, BERT, ANNA].map((key) => `Bearer ${key}`),
	);
	expect(new Set(keysUsed(simulator))).toEqual(new Set([ANNA, BERT]));
});

test.concurrent('one account for all items may come from the items', async () => {
	const simulator = await withAccounts();
	const { json } = await run(simulator, [item(ANNA), item(ANNA, 1)]);
	expect(json.map(({ status }) => status)).toEqual(['success', 'success']);
});

describe('a callback, which comes without items,', () => {
	test.concurrent('is refused before anything is bought', async () => {
		const simulator = await newSimulator();
		const { error } = await run(simulator, [item(ANNA)], { waitBy: 'callback' });
		expect(error?.message).toMatch(/takes a value from the item/);
		expect(simulator.requests).toEqual([]);
	});

	test.concurrent('is left for polling where that is allowed', async () => {
		const simulator = await withAccounts();
		const { json, run: ran } = await run(simulator, [item(ANNA)], {
			waitBy: 'callbackIfPossible',
		});
		expect(ran.data.waitTill).toBeUndefined();
		expect(json[0]).toMatchObject({ status: 'success' });
		expect(new Set(keysUsed(simulator))).toEqual(new Set([ANNA]));
	});
});
