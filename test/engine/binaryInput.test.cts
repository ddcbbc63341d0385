import { rmSync } from 'node:fs';

import type { IBinaryData, IDataObject } from 'n8n-workflow';

import { BinaryStorage } from './support/binaryStorage.cts';
import { runInEngine, type EngineRun } from './support/engine.cts';
import {
	credentialFor,
	newSimulator,
	prompts,
	runAndWait,
	stopSimulators,
	type Simulator,
} from './support/hiApi.cts';

jest.setTimeout(60_000);

let storage: BinaryStorage;
let simulator: Simulator;
beforeAll(async () => {
	storage = await BinaryStorage.open();
});
beforeEach(async () => {
	simulator = await newSimulator();
});
afterEach(stopSimulators);
afterAll(() => storage.close());

const PICTURE = Buffer.from('not really a picture');
const AS_URI = `data:image/png;base64,${PICTURE.toString('base64')}`;

const filesOf = (...entries: IDataObject[]) => ({ inputFiles: { file: entries } });
const create = (extra: IDataObject) => ({ ...runAndWait(), operation: 'create', ...extra });

async function run(
	extra: IDataObject,
	files: Array<Record<string, IBinaryData>>,
	more: Partial<EngineRun> = {},
) {
	return await runInEngine({
		credential: credentialFor(simulator),
		parameters: create(extra),
		items: prompts(files.length),
		files,
		...more,
	});
}

const inputs = () => simulator.tasks.map(({ input }) => input);
const creates = () =>
	simulator.requests.filter(
		({ method, pathname }) => method === 'POST' && pathname === '/v1/tasks',
	);

describe('inside the request', () => {
	test('a file goes into the field as a data URI', async () => {
		const { error } = await run(filesOf({ field: 'image', binaryField: 'data' }), [
			{ data: await storage.store(PICTURE) },
		]);
		expect(error).toBeUndefined();
		expect(inputs()).toEqual([{ prompt: 'p0', image: AS_URI }]);
	});

	test('a field that takes several gets a list, after what was given there', async () => {
		const [first, second] = [
			await storage.store(PICTURE),
			await storage.store(PICTURE, { mimeType: 'image/webp' }),
		];
		const input = { image_urls: ['https://example.com/a.png'] };
		await run({ input, ...filesOf({ field: 'image_urls', binaryField: 'data, other' }) }, [
			{ data: first, other: second },
		]);
		expect(inputs()).toEqual([
			{
				prompt: 'p0',
				image_urls: ['https://example.com/a.png', AS_URI, AS_URI.replace('png', 'webp')],
			},
		]);
	});

	test('a list is made of one file where the model wants a list, and passes its check', async () => {
		const model = { __rl: true, mode: 'id', value: 'gpt-image-2/image-to-image' };
		const { error } = await run({ model, ...filesOf({ field: 'input_urls' }) }, [
			{ data: await storage.store(PICTURE) },
		]);
		expect(error).toBeUndefined();
		expect(inputs()).toEqual([{ prompt: 'p0', input_urls: [AS_URI] }]);
	});

	test('Run and Wait takes files too, and every item its own', async () => {
		const other = Buffer.from('another one');
		const files = [{ data: await storage.store(PICTURE) }, { data: await storage.store(other) }];
		const { json, error } = await run(
			{ operation: 'runAndWait', ...filesOf({ field: 'image' }) },
			files,
		);
		expect(error).toBeUndefined();
		expect(json.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(new Set(inputs().map(({ image }) => image))).toEqual(
			new Set([AS_URI, `data:image/png;base64,${other.toString('base64')}`]),
		);
	});

	test('a file without a type is known by its name', async () => {
		await run(filesOf({ field: 'image' }), [
			{
				data: await storage.store(PICTURE, {
					mimeType: 'application/octet-stream',
					fileName: 'a.PNG',
				}),
			},
		]);
		expect(inputs()).toEqual([{ prompt: 'p0', image: AS_URI }]);
	});

	test('a file that n8n keeps in memory', async () => {
		await run(filesOf({ field: 'image' }), [
			{ data: { mimeType: 'image/png', data: PICTURE.toString('base64') } },
		]);
		expect(inputs()).toEqual([{ prompt: 'p0', image: AS_URI }]);
	});

	test.each([
		['an answer that is lost', { type: 'drop', when: 'after' }],
		['a server error after the purchase', { type: 'status', status: 500, when: 'after' }],
	] as const)(
		'%s: every try sends the same bytes with the same key, and one task is bought',
		async (_, action) => {
			simulator.fault({ method: 'POST', path: '/v1/tasks', action, times: 7 });
			const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
			const { error } = await run(
				filesOf({ field: 'image' }),
				[{ data: await storage.store(PICTURE) }],
				{ settings },
			);
			expect(error).toBeUndefined();
			expect(creates().length).toBeGreaterThan(6);
			expect(new Set(creates().map(({ rawBody }) => rawBody.toString())).size).toBe(1);
			expect(new Set(creates().map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
			expect(simulator.purchases).toBe(1);
		},
	);

	test('another file in the same field is another purchase', async () => {
		const context = await run(filesOf({ field: 'image' }), [
			{ data: await storage.store(PICTURE) },
		]);
		await run(filesOf({ field: 'image' }), [{ data: await storage.store(PICTURE) }], {
			retryOf: context,
		});
		expect(simulator.purchases).toBe(2);
		expect(new Set(creates().map(({ headers }) => headers['idempotency-key'])).size).toBe(2);
	});
});

describe('what stops the node before anything is bought', () => {
	const good = async () => ({ data: await storage.store(PICTURE) });
	test.each<[string, IDataObject, () => Promise<Record<string, IBinaryData>>, RegExp, RegExp]>([
		[
			'a file that is too large',
			{ field: 'image', maximumSize: 0.001 },
			async () => ({ data: await storage.store(Buffer.alloc(1001)) }),
			/has 0.01 MB, and 'Maximum Size \(MB\)' allows 0\.001$/,
			/given as a URL.*'Link'/,
		],
		[
			'one larger than usual',
			{ field: 'image' },
			async () => ({ data: await storage.store(Buffer.alloc(8_000_001)) }),
			/has 8\.01 MB, and 'Maximum Size \(MB\)' allows 8$/,
			/does not say how large/,
		],
		[
			'a file that is no medium',
			{ field: 'image' },
			async () => ({ data: await storage.store(PICTURE, { mimeType: 'text/plain' }) }),
			/neither a picture nor a clip nor a sound \(text\/plain\)/,
			/MIME type/,
		],
		[
			'a binary field that is not there',
			{ field: 'image', binaryField: 'photo' },
			good,
			/no binary field 'photo'/,
			/binary/,
		],
		['no field of the model', { field: '' }, good, /has no input field/, /Choose/],
		[
			'no binary field',
			{ field: 'image', binaryField: ' , ' },
			good,
			/has no binary field/,
			/mostly called data/,
		],
		[
			'two files for a field that takes one',
			{ field: 'first_frame_url', binaryField: 'data,data' },
			good,
			/'first_frame_url' takes one file, and 2 were given/,
			/one binary field/,
		],
		[
			'a limit that is none',
			{ field: 'image', maximumSize: 0 },
			good,
			/'Maximum Size \(MB\)' is not a number/,
			/8 by default/,
		],
		[
			'a file inside the request for a field that takes links only',
			{ field: 'image_urls' },
			good,
			/'image_urls' of gpt-image-2\.5-flare@pro takes links only, and the file in 'data'/,
			/'Send As' to 'Link'/,
		],
	])('%s', async (name, entry, second, message, description) => {
		const value = name.startsWith('two files')
			? 'seedance-2.0'
			: name.endsWith('links only')
				? 'gpt-image-2.5-flare@pro'
				: 'any-model';
		const model = { __rl: true, mode: 'id', value };
		const { error } = await run({ model, ...filesOf(entry) }, [await good(), await second()]);
		expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(description);
		expect(simulator.requests.filter(({ method }) => method === 'POST')).toHaveLength(0);
	});

	test('an item without any file', async () => {
		const { error } = await run(filesOf({ field: 'image' }), [await good(), {}]);
		expect(error?.context).toMatchObject({ itemIndex: 1 });
		expect(simulator.purchases).toBe(0);
	});

	test('under Continue On Fail the other items are bought', async () => {
		const { outputs } = await run(filesOf({ field: 'image' }), [await good(), {}], {
			settings: { onError: 'continueErrorOutput' },
		});
		expect(outputs.map((items) => items.length)).toEqual([1, 1]);
		expect(simulator.purchases).toBe(1);
	});
});

test('a file that has vanished when it is to be sent fails its item, with nothing bought for it', async () => {
	const files = [{ data: await storage.store(PICTURE) }, { data: await storage.store(PICTURE) }];
	rmSync(storage.pathOf(files[0].data));
	const { outputs } = await run(filesOf({ field: 'image' }), files, {
		settings: { onError: 'continueErrorOutput' },
	});
	expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
	expect(outputs[1]).toHaveLength(1);
	expect(simulator.purchases).toBe(1);
});

describe('as a link', () => {
	const entry = { field: 'image', sendAs: 'link' };
	const restApiUrl = 'https://n8n.example.com/rest';

	test('HiAPI gets an address of this n8n, without a limit to the size', async () => {
		const { error } = await run(
			filesOf({ ...entry, maximumSize: 0.001 }),
			[{ data: await storage.store(Buffer.alloc(5_000)) }],
			{ restApiUrl },
		);
		expect(error).toBeUndefined();
		expect(inputs()[0].image).toMatch(
			/^https:\/\/n8n\.example\.com\/rest\/binary-data\/signed\?token=[\w.-]+$/,
		);
	});

	test('a field that takes links only gets one', async () => {
		const model = { __rl: true, mode: 'id', value: 'gpt-image-2.5-flare@pro' };
		const files = [{ data: await storage.store(PICTURE) }];
		const { error } = await run({ model, ...filesOf({ ...entry, field: 'image_urls' }) }, files, {
			restApiUrl,
		});
		expect(error).toBeUndefined();
		expect(inputs()[0].image_urls).toEqual([expect.stringMatching(/^https:/)]);
	});

	test('a repeated purchase sends the same address although n8n would make another one', async () => {
		simulator.fault({
			method: 'POST',
			path: '/v1/tasks',
			action: { type: 'drop', when: 'after' },
			times: 7,
		});
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1_100 };
		await run(filesOf(entry), [{ data: await storage.store(PICTURE) }], { restApiUrl, settings });
		expect(new Set(creates().map(({ rawBody }) => rawBody.toString())).size).toBe(1);
		expect(simulator.purchases).toBe(1);
	});

	test('a file in memory cannot be linked to', async () => {
		const { error } = await run(
			filesOf(entry),
			[{ data: { mimeType: 'image/png', data: PICTURE.toString('base64') } }],
			{ restApiUrl },
		);
		expect(error?.message).toMatch(/cannot make links/);
		expect(simulator.purchases).toBe(0);
	});
});
