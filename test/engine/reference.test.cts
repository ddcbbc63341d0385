import type { IDataObject } from 'n8n-workflow';

import { runInEngine, type EngineRun } from './support/engine.cts';
import {
	credentialFor,
	newSimulator,
	prompts,
	runAndWait,
	stopSimulators,
	type Simulator,
} from './support/hiApi.cts';

afterAll(stopSimulators);

const HOOK = 'https://n8n.example.com/webhook/1f/webhook';
const REFERENCES = ['Größe & Farbe #3', 'row-2'];

const run = async (simulator: Simulator, extra: IDataObject, more: Partial<EngineRun> = {}) =>
	await runInEngine({
		parameters: runAndWait({
			...extra,
			options: { reference: '={{ $json.row }}', ...(extra.options as IDataObject) },
		}),
		credential: credentialFor(simulator),
		items: prompts(2).map((item, index) => ({ ...item, row: REFERENCES[index] })),
		...more,
	});

const referencesOf = (items: IDataObject[]) => items.map(({ reference }) => reference);
const carried = (simulator: Simulator) =>
	simulator.tasks.map(({ callbackUrl }) =>
		new URL(String(callbackUrl)).searchParams.get('reference'),
	);

test.concurrent('Create and Run and Wait give it out, and to the trigger', async () => {
	const simulator = await newSimulator();
	const created = await run(simulator, { operation: 'create', callback: 'url', callbackUrl: HOOK });
	expect(referencesOf(created.json)).toEqual(REFERENCES);
	const waited = await run(simulator, { options: { callbackUrl: `${HOOK}?a=%C3%A4` } });
	expect(referencesOf(waited.json)).toEqual(REFERENCES);
	expect(waited.json.map(({ status }) => status)).toEqual(['success', 'success']);
	expect(carried(simulator).sort()).toEqual([...REFERENCES, ...REFERENCES].sort());
	expect(String(simulator.tasks[2].callbackUrl)).toMatch(/\?a=%C3%A4&reference=/);
});

test.concurrent('a receiver that is not n8n is called as it was written', async () => {
	const simulator = await newSimulator();
	const callbackUrl = 'https://example.com/hook?token=1';
	await run(simulator, { operation: 'create', callback: 'url', callbackUrl });
	expect(simulator.tasks.map((task) => task.callbackUrl)).toEqual([callbackUrl, callbackUrl]);
});

test.concurrent(
	'failed items have it too: a failed task, and one that was never created',
	async () => {
		const simulator = await newSimulator();
		simulator.plan({ outcome: 'fail' }, { prompt: 'p0' });
		simulator.fault({
			method: 'POST',
			path: '/v1/tasks',
			after: 1,
			action: { type: 'status', status: 402 },
		});
		const { outputs } = await run(
			simulator,
			{ options: { concurrency: 1 } },
			{ settings: { onError: 'continueErrorOutput' } },
		);
		const details = outputs[1].map(({ json }) => json.details as IDataObject);
		expect(referencesOf(details)).toEqual(REFERENCES);
	},
);

test.concurrent('a repeated create is the same to the byte', async () => {
	const simulator = await newSimulator();
	simulator.fault({
		method: 'POST',
		path: '/v1/tasks',
		times: 2,
		action: { type: 'drop', when: 'after' },
	});
	await run(simulator, { operation: 'create', callback: 'url', callbackUrl: HOOK });
	expect(simulator.purchases).toBe(2);
	expect(new Set(simulator.requests.map(({ rawBody }) => rawBody.toString())).size).toBe(2);
});

test.concurrent.each([
	['a list', ['a']],
	['too long', 'x'.repeat(201)],
	['half a sign', '\uD800'],
])('%s is refused before anything is bought', async (_name, reference) => {
	const simulator = await newSimulator();
	const { error } = await run(simulator, {}, { items: [{ prompt: 'p', row: reference }] });
	expect(error?.message).toContain("'Reference' is not a text of at most 200 characters");
	expect(simulator.purchases).toBe(0);
});

test.concurrent('an expression that cannot be resolved costs its own item only', async () => {
	const simulator = await newSimulator();
	const { outputs } = await run(
		simulator,
		{ options: { reference: '={{ $json.row === 2 ? $("Nowhere").item.json.id : $json.row }}' } },
		{
			settings: { onError: 'continueErrorOutput' },
			items: [
				{ prompt: 'p0', row: 1 },
				{ prompt: 'p1', row: 2 },
			],
		},
	);
	expect(outputs.map((items) => items.length)).toEqual([1, 1]);
	expect(outputs[0][0].json.reference).toBe('1');
	expect(simulator.purchases).toBe(1);
});

test.concurrent('without one nothing is added', async () => {
	const simulator = await newSimulator();
	const { json } = await run(simulator, {}, { items: [{ prompt: 'p' }] });
	expect(json[0]).not.toHaveProperty('reference');
});
