import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';

import { fieldForRole } from '../../nodes/HiApi/models/fileRoles';
import { fittingModels } from '../../nodes/HiApi/models/fittingModels';
import { fieldsOf } from '../../nodes/HiApi/models/inputSchema';
import type { CatalogModel, ModelInput } from '../../nodes/HiApi/models/modelCatalog';
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
const labelled = (list: Purpose[]) => list.map((purpose) => [named(purpose), purpose] as const);

/** An item as an operation that makes images puts it out. */
const made = (hoursLeft: number, url = 'https://temp.example.com/lake.png'): IDataObject => ({
	taskId: 'tk-hiapi-1',
	status: 'success',
	url,
	outputs: [
		{ url, type: 'image', expiresAt: new Date(Date.now() + hoursLeft * 3_600_000).toISOString() },
	],
});
const LINK = 'https://temp.example.com/lake.png';
const PNG =
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const png = (): IBinaryKeyData => ({
	data: { mimeType: 'image/png', fileName: 'photo.png', data: PNG },
});
const DATA_URI = `data:image/png;base64,${PNG}`;

/** What is known of a bundled model. */
function about(id: string, purpose: Purpose) {
	const schema = snapshot.models.find((model) => model.id === id)?.inputSchema;
	const fields = schema === undefined ? [] : fieldsOf(schema);
	const known: ModelInput = {
		model: id,
		source: 'snapshot',
		schema,
		fields,
		usual: [],
		limits: [],
	};
	return { id, fields, text: textFieldOf(fields, purpose), known };
}

test('a node nobody touched but for the prompt makes an image', async () => {
	const { json, error } = await run({ prompt: 'A quiet alpine lake' });
	expect(error).toBeUndefined();
	expect(json[0]).toMatchObject({ status: 'success', url: expect.stringContaining('http') });
	expect(sent()).toEqual([
		{ model: 'gpt-image-2/text-to-image', input: { prompt: 'A quiet alpine lake' } },
	]);
});

describe.each(labelled(purposes))('%s', (_, purpose) => {
	const { resource, operation, textLabel, text, image } = purpose;
	const item = image === undefined ? {} : made(24);

	test('with the model it starts with', async () => {
		const { error } = await run(
			{ resource, operation, ...(text === 'required' && { prompt: 'Hello there' }) },
			{ items: [item] },
		);
		expect(error).toBeUndefined();
		const field =
			image && fieldForRole(image, about(purpose.defaultModel.id, purpose).known, purpose);
		expect(sent()).toEqual([
			{
				model: purpose.defaultModel.id,
				input: {
					...(text === 'required' && { [textLabel === 'Text' ? 'text' : 'prompt']: 'Hello there' }),
					...(field && { [field.name]: field.isList ? [LINK] : LINK }),
				},
			},
		]);
	});

	if (text === 'required')
		test('an empty text in any item stops the node before anything is bought', async () => {
			const { error } = await run(
				{ resource, operation, prompt: '={{ $json.words }}' },
				{ items: ['one', ' ', 'three'].map((words) => ({ ...item, words })) },
			);
			expect(error?.message).toBe(`'${textLabel}' is empty in item 1`);
			expect(sent()).toEqual([]);
		});

	test('every bundled model that fits gets text and image where it wants them, and nothing it does not know', async () => {
		const models = fittingModels(bundled, purpose).map(({ id }) => about(id, purpose));
		const items = models.map((model) => ({
			...item,
			id: model.id,
			words: model.text ? `Hello ${model.id}` : '',
		}));
		const { json } = await run(
			{
				resource,
				operation,
				model: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
				...(text !== 'none' && { prompt: '={{ $json.words }}' }),
			},
			{ items, settings: { onError: 'continueRegularOutput' } },
		);
		const got = new Map(sent().map((request) => [request.model, request.input]));
		for (const [index, { id, fields, text: textField, known }] of models.entries()) {
			const input = got.get(id);
			if (textField === undefined && text === 'required' && image === undefined) continue;
			expect([id, json[index], input]).toEqual([id, json[index], expect.anything()]);
			if (textField !== undefined) expect([id, input?.[textField]]).toEqual([id, `Hello ${id}`]);
			if (image !== undefined) {
				const { name = '' } = fieldForRole(image, known, purpose) ?? {};
				expect([id, JSON.stringify(input?.[name])]).toEqual([id, expect.stringContaining(LINK)]);
			}
			const names = fields.map((field) => field.name);
			if (names.length > 0) expect(names).toEqual(expect.arrayContaining(Object.keys(input ?? {})));
			const { required = [] } = (known.schema ?? {}) as { required?: string[] };
			const unfilled = required.filter((name) => input?.[name] === undefined);
			// lyrics are nobody's default
			expect([id, unfilled.filter((name) => name !== 'lyrics')]).toEqual([id, []]);
		}
		expect(got.size).toBeGreaterThan(0);
	});
});

describe('Image From: Automatic', () => {
	const animate = { resource: 'video', operation: 'animateImage' };
	const editWithLink = {
		resource: 'image',
		operation: 'edit',
		prompt: 'Make it night',
		model: { __rl: true, mode: 'list', value: 'gpt-image-2/image-to-image' },
	};
	const inputs = () => sent().map(({ input }) => input);

	test('an image just made goes on as its link, not as bytes', async () => {
		const first = await run({ prompt: 'A lake', downloadOutputs: true });
		const [image] = first.outputs[0];
		expect(image.binary).toBeDefined();
		await run(animate, { items: [image.json], files: [image.binary ?? {}] });
		expect(inputs()[1]).toEqual({ image_urls: [image.json.url] });
	});

	test('a link that is about to expire is not given away: the file goes', async () => {
		const { error } = await run(animate, { items: [made(0.9)], files: [png()] });
		expect(error).toBeUndefined();
		expect(inputs()).toEqual([{ image_urls: [DATA_URI] }]);
	});

	test('with neither the item is named, and nothing is bought', async () => {
		const { error } = await run(animate, { items: [made(24), {}] });
		expect(error?.message).toBe('Item 1 has no image');
		expect(error?.description).toContain("'Image From'");
		expect(sent()).toEqual([]);
	});

	test('a model that takes links only gets the link', async () => {
		await run(editWithLink, { items: [made(24)], files: [png()] });
		expect(inputs()).toEqual([{ input_urls: [LINK], prompt: 'Make it night' }]);
	});

	test('where it takes links only and n8n can give none, the message says what to do', async () => {
		const { error } = await run(editWithLink, { items: [made(0.5)], files: [png()] });
		expect(error?.message).toBe('This n8n cannot make links to its files');
		expect(error?.description).toContain("set 'Image From' to 'URL'");
		expect(sent()).toEqual([]);
	});
});

test('a file by name and an image by its address', async () => {
	const edit = { resource: 'image', operation: 'edit', prompt: 'Make it night' };
	await run({ ...edit, imageFrom: 'file', imageFile: 'data' }, { files: [png()] });
	await run({ ...edit, imageFrom: 'url', imageUrl: '={{ $json.a }}' }, { items: [{ a: LINK }] });
	const wrong = await run({ ...edit, imageFrom: 'url', imageUrl: 'photo' });
	const missing = await run({ ...edit, imageFrom: 'url', imageUrl: '={{ $json.b }}' });
	expect(sent().map(({ input }) => input.image_urls)).toEqual([[DATA_URI], [LINK]]);
	expect([wrong.error?.message, missing.error?.message]).toEqual([
		"'Image URL' is not an address in item 0",
		"'Image URL' is empty in item 0",
	]);
});

test('first and last frame each have a place of their own', async () => {
	const animate = {
		resource: 'video',
		operation: 'animateImage',
		prompt: 'Closer',
		// such videos take minutes, and the node waits for them before it asks
		options: { timeout: 0.1, onTimeout: 'output' },
		moreFiles: { lastFrame: [{ from: 'url', url: 'https://example.com/end.png' }] },
	};
	await run(
		{ ...animate, model: { __rl: true, mode: 'list', value: 'seedance-2.0' } },
		{ items: [made(24)] },
	);
	const { error } = await run(animate, { items: [made(24)] });
	expect(sent().map(({ input }) => input)).toEqual([
		{
			prompt: 'Closer',
			aspect_ratio: '16:9',
			first_frame_url: LINK,
			last_frame_url: 'https://example.com/end.png',
		},
	]);
	expect(error?.message).toBe("happyhorse-1.1/image-to-video does not take a file as 'Last Frame'");
});

describe('usual settings', () => {
	const speech = { resource: 'audio', operation: 'generateSpeech', prompt: 'Hello' };

	test('go into the fields of the model, and are left out as Model Default', async () => {
		await run({ prompt: 'A lake', aspectRatio: '16:9', resolution: '' });
		await run({ resource: 'video', operation: 'generate', prompt: 'A lake', duration: 7 });
		await run({ ...speech, voice: { __rl: true, mode: 'id', value: 'longanlufeng' } });
		expect(sent().map(({ input }) => input)).toEqual([
			{ prompt: 'A lake', aspect_ratio: '16:9' },
			{ prompt: 'A lake', duration: 7 },
			{ text: 'Hello', voice: 'longanlufeng' },
		]);
	});

	test('a choice made for another model is neither sent nor dropped: the message says so', async () => {
		const ofOther = await run({ prompt: 'A lake', aspectRatio: '1:8' });
		const ofNone = await run(
			{ resource: 'video', operation: 'animateImage', aspectRatio: '16:9' },
			{ items: [made(24)] },
		);
		expect([ofOther.error?.message, ofNone.error?.message]).toEqual([
			"'Aspect Ratio' is 1:8 in item 0, which gpt-image-2/text-to-image does not offer",
			"'Aspect Ratio' is 16:9 in item 0, and happyhorse-1.1/image-to-video has no such setting",
		]);
		expect(sent()).toEqual([]);
	});

	test('HiAPI has the last word where the user wants it', async () => {
		await run({ prompt: 'A lake', aspectRatio: '1:8', options: { validate: false } });
		expect(sent().map(({ input }) => input.aspect_ratio)).toEqual(['1:8']);
	});
});

test('a model that works on an image is not bought without one', async () => {
	const { error } = await run({
		prompt: 'A lake',
		model: { __rl: true, mode: 'id', value: 'gpt-image-2/image-to-image' },
	});
	expect(error?.message).toBe(
		'gpt-image-2/image-to-image works on a file, which item 0 does not give it',
	);
	expect(sent()).toEqual([]);
});

describe('Variations', () => {
	const rows = [
		{ prompt: 'a', id: 1 },
		{ prompt: 'b', id: 2 },
	];
	const variations = { prompt: '={{ $json.prompt }}', variations: 3 };

	test('one item in, that many tasks and items out, paired, each with a key of its own', async () => {
		const { outputs, error } = await run(variations, { items: rows });
		expect(error).toBeUndefined();
		expect(simulator.purchases).toBe(6);
		expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 0, 0, 1, 1, 1].map((item) => ({ item })),
		);
		expect(new Set(outputs[0].map(({ json }) => json.taskId)).size).toBe(6);
		const keys = simulator.requests
			.filter(({ method }) => method === 'POST')
			.map(({ headers }) => headers['idempotency-key']);
		expect(new Set(keys).size).toBe(6);
	});

	test('all of them count for Maximum Tasks', async () => {
		const { error } = await run({ ...variations, options: { maximumTasks: 5 } }, { items: rows });
		expect(error?.message).toBe(
			"6 tasks would be created for 2 items, and 'Maximum Tasks' allows 5",
		);
		expect(simulator.purchases).toBe(0);
	});

	test.each([0, 21, 1.5, 'many', ''])('%j is refused before anything is bought', async (count) => {
		const { error } = await run(
			{ ...variations, variations: `={{ ${JSON.stringify(count)} }}` },
			{ items: rows },
		);
		expect(error?.message).toBe("'Variations' is not a whole number from 1 to 20 in item 0");
		expect(simulator.purchases).toBe(0);
	});
});

describe('Include Input Fields', () => {
	const keep = { prompt: '={{ $json.prompt }}', includeInputFields: true };

	test('an item keeps its own fields beside the result, which wins', async () => {
		const items = [{ prompt: 'a', id: 42, status: 'mine', error: 'of long ago' }];
		const { json } = await run(keep, { items });
		expect(json[0]).toMatchObject({
			prompt: 'a',
			id: 42,
			status: 'success',
			inputError: 'of long ago',
			taskId: expect.any(String),
		});
		expect(json[0]).not.toHaveProperty('error');
	});

	test('a failed item keeps them too, where n8n allows them', async () => {
		simulator.plan({ outcome: 'fail' });
		const { outputs } = await run(keep, {
			items: [{ prompt: 'a', id: 42 }],
			settings: { onError: 'continueRegularOutput' },
		});
		expect(Object.keys(outputs[0][0].json).sort()).toEqual(['details', 'error']);
		expect(outputs[0][0].json.details).toMatchObject({ input: { prompt: 'a', id: 42 } });
	});

	test('without it nothing of the item comes out', async () => {
		const { json } = await run({ prompt: 'a' }, { items: [{ id: 42 }] });
		expect(json[0]).not.toHaveProperty('id');
	});
});
