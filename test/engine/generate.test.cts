import type { IDataObject } from 'n8n-workflow';

import { fittingModels } from '../../nodes/HiApi/models/fittingModels';
import { fieldsOf } from '../../nodes/HiApi/models/inputSchema';
import type { CatalogModel } from '../../nodes/HiApi/models/modelCatalog';
import { purposes, type Purpose } from '../../nodes/HiApi/models/purposes';
import { snapshot } from '../../nodes/HiApi/models/snapshot';
import { textFieldOf } from '../../nodes/HiApi/models/textField';
import { runInEngine, type EngineRun } from './support/engine.cts';
import { credentialFor, newSimulator, stopSimulators, type Simulator } from './support/hiApi.cts';

/*
 * The operations of Image, Video and Audio: what a person fills in, and what HiAPI gets.
 */

let simulator: Simulator;

beforeEach(async () => {
	simulator = await newSimulator();
});
afterEach(stopSimulators);

const run = async (parameters: IDataObject, rest: Partial<EngineRun> = {}) =>
	await runInEngine({
		parameters: { downloadOutputs: false, ...parameters },
		credential: credentialFor(simulator),
		...rest,
	});

interface Sent {
	model: string;
	input: IDataObject;
}
const sent = (): Sent[] =>
	simulator.requests.filter(({ method }) => method === 'POST').map(({ json }) => json as Sent);

const bundled = snapshot.models.map((model): CatalogModel => ({ ...model, source: 'snapshot' }));

const named = ({ resource, operation }: Purpose) => `${resource} ${operation}`;
const withText = purposes.filter(({ text, image }) => text !== 'none' && image === undefined);

test('a node nobody touched but for the prompt makes an image', async () => {
	const { json, error } = await run({ prompt: 'A quiet alpine lake' });
	expect(error).toBeUndefined();
	expect(json[0]).toMatchObject({ status: 'success', url: expect.stringContaining('http') });
	expect(sent()).toEqual([
		{ model: 'gpt-image-2/text-to-image', input: { prompt: 'A quiet alpine lake' } },
	]);
});

describe.each(withText.map((purpose) => [named(purpose), purpose] as const))('%s', (_, purpose) => {
	const { resource, operation, textLabel } = purpose;

	test('with the model it starts with', async () => {
		const { error } = await run({ resource, operation, prompt: 'Hello there' });
		expect(error).toBeUndefined();
		const field = textLabel === 'Text' ? 'text' : 'prompt';
		expect(sent()).toEqual([{ model: purpose.defaultModel.id, input: { [field]: 'Hello there' } }]);
	});

	test('an empty text in any item stops the node before anything is bought', async () => {
		const { error } = await run(
			{ resource, operation, prompt: '={{ $json.words }}' },
			{ items: [{ words: 'one' }, { words: ' ' }, { words: 'three' }] },
		);
		expect(error?.message).toBe(`'${textLabel}' is empty in item 1`);
		expect(sent()).toEqual([]);
	});

	test('every bundled model that fits gets its text where it wants it, and nothing it does not know', async () => {
		const models = fittingModels(bundled, purpose).map(({ id }) => {
			const { inputSchema } = snapshot.models.find((model) => model.id === id) ?? {};
			const fields = inputSchema === undefined ? [] : fieldsOf(inputSchema);
			return { id, names: fields.map(({ name }) => name), text: textFieldOf(fields, purpose) };
		});
		const items = models.map(({ id, text }) => ({ id, words: text ? `Hello ${id}` : '' }));
		await run(
			{
				resource,
				operation,
				model: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
				prompt: '={{ $json.words }}',
			},
			{ items, settings: { onError: 'continueRegularOutput' } },
		);
		const got = new Map(sent().map((request) => [request.model, request.input]));
		for (const { id, names, text } of models.filter((model) => model.text !== undefined)) {
			const input = got.get(id) ?? {};
			expect([id, input[text as string]]).toEqual([id, `Hello ${id}`]);
			if (names.length > 0) expect(names).toEqual(expect.arrayContaining(Object.keys(input)));
		}
		expect(got.size).toBeGreaterThan(1);
	});
});
