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

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const picture = (content: string) => Buffer.concat([PNG, Buffer.from(content)]);
const PICTURE = picture('not much of a picture');
const WEBP = Buffer.from('RIFF1234WEBPVP8 ');
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
		const [first, second] = [await storage.store(PICTURE), await storage.store(WEBP)];
		const input = { image_urls: ['https://example.com/a.png'] };
		await run({ input, ...filesOf({ field: 'image_urls', binaryField: 'data, other' }) }, [
			{ data: first, other: second },
		]);
		expect(inputs()).toEqual([
			{
				prompt: 'p0',
				image_urls: [
					'https://example.com/a.png',
					AS_URI,
					`data:image/webp;base64,${WEBP.toString('base64')}`,
				],
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
		const other = picture('another one');
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

	test.each([
		['a stream of bytes', { mimeType: 'application/octet-stream', fileName: 'photo' }],
		['text', { mimeType: 'text/plain', fileName: 'photo?w=100' }],
		['another form of picture', { mimeType: 'image/jpeg', fileName: 'a.jpg' }],
	])('a file that is labelled as %s is sent as what its bytes are', async (_, label) => {
		await run(filesOf({ field: 'image' }), [{ data: await storage.store(PICTURE, label) }]);
		expect(inputs()).toEqual([{ prompt: 'p0', image: AS_URI }]);
	});

	test('a file whose bytes tell nothing is known by its name', async () => {
		const noise = Buffer.from([1, 2, 3, 250]);
		await run(filesOf({ field: 'image' }), [
			{
				data: await storage.store(noise, {
					mimeType: 'application/octet-stream',
					fileName: 'a.WEBP?x=1',
				}),
			},
		]);
		expect(inputs()).toEqual([
			{ prompt: 'p0', image: `data:image/webp;base64,${noise.toString('base64')}` },
		]);
	});

	describe('what a form with several files, Telegram or an earlier node gives', () => {
		const list = (count: number) => ({ prompt: 'p0', image_urls: Array(count).fill(AS_URI) });
		const twoFiles = async () => ({
			photos_0: await storage.store(PICTURE),
			photos_1: await storage.store(PICTURE),
		});

		test.each([
			['a list of names', '={{ Object.keys($binary) }}'],
			['all files', '={{ $binary }}'],
			['a list of files', '={{ [$binary.photos_0, $input.item.binary.photos_1] }}'],
			['files of an earlier node', '={{ Object.values($("Start").item.binary) }}'],
		])('%s', async (_, binaryField) => {
			const { error } = await run(filesOf({ field: 'image_urls', binaryField }), [
				await twoFiles(),
			]);
			expect(error).toBeUndefined();
			expect(inputs()).toEqual([list(2)]);
		});

		test('files in memory, whose content {{ $binary }} leaves out', async () => {
			const inMemory = (fileName: string) => ({
				mimeType: 'image/png',
				data: PICTURE.toString('base64'),
				fileName,
			});
			const { error } = await run(filesOf({ field: 'image_urls', binaryField: '={{ $binary }}' }), [
				{ a: inMemory('a.png'), b: inMemory('b.png') },
			]);
			expect(error).toBeUndefined();
			expect(inputs()).toEqual([list(2)]);
		});
	});

	describe('in a workflow that has JSON and files combined', () => {
		const workflowSettings = { binaryMode: 'combined' } as const;
		test.each([
			['the name alone', 'data'],
			['the path n8n shows', '_files.data'],
			['the file itself', '={{ $json._files.data }}'],
			['all files', '={{ $json._files }}'],
		])('%s', async (_, binaryField) => {
			const { error } = await run(filesOf({ field: 'image', binaryField }), [{}], {
				workflowSettings,
				items: [{ prompt: 'p0', _files: { data: await storage.store(PICTURE) } }] as never,
			});
			expect(error).toBeUndefined();
			expect(inputs()).toEqual([{ prompt: 'p0', image: AS_URI }]);
		});
	});

	test.each([
		['a data URI', `data:image/png;base64,${'SECRET'.repeat(1_000)}`],
		['the content alone', 'SECRET'.repeat(1_000)],
	])(
		'%s in place of the name: one short sentence, in which the content is not',
		async (_, text) => {
			const { error, run: execution } = await run(
				filesOf({ field: 'image', binaryField: '={{ $json.content }}' }),
				[{}],
				{ items: [{ prompt: 'p0', content: text }] },
			);
			expect(error?.message).toBe(
				"'Input Data Field Name' holds the content of a file, not its name",
			);
			const { error: stored, runData } = execution.data.resultData;
			expect(JSON.stringify([stored, runData.HiAPI[0].error, error])).not.toContain('SECRET');
			expect(creates()).toHaveLength(0);
		},
	);

	test('a file that n8n keeps in memory', async () => {
		await run(filesOf({ field: 'image' }), [
			{ data: { mimeType: 'image/png', data: PICTURE.toString('base64') } },
		]);
		expect(inputs()).toEqual([{ prompt: 'p0', image: AS_URI }]);
	});

	test.each([
		['an answer that is lost', { type: 'drop', when: 'after' }],
		[
			'a server error after the purchase',
			{ type: 'status', status: 500, format: 'text', when: 'after' },
		],
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
			async () => ({ data: await storage.store(Buffer.alloc(1001, 1)) }),
			/has 0.01 MB, and 'Maximum Size \(MB\)' allows 0\.001$/,
			/given as a URL.*'Link'/,
		],
		[
			'one larger than usual',
			{ field: 'image' },
			async () => ({ data: await storage.store(Buffer.alloc(8_000_001, 1)) }),
			/has 8\.01 MB, and 'Maximum Size \(MB\)' allows 8$/,
			/does not say how large/,
		],
		[
			'a file that is no medium',
			{ field: 'image' },
			async () => ({ data: await storage.store(Buffer.from('Not found')) }),
			/neither an image nor a video nor audio \(text\/plain, although it is labelled image\/png\)/,
			/MIME type/,
		],
		[
			'a binary field that is not there',
			{ field: 'image', binaryField: 'photo' },
			good,
			/^The item has no file in 'photo'$/,
			/^It has: data\./,
		],
		['no field of the model', { field: '' }, good, /has no input field/, /Choose/],
		[
			'no binary field',
			{ field: 'image', binaryField: ' , ' },
			good,
			/^'Input Data Field Name' is empty$/,
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
			[{ data: await storage.store(Buffer.alloc(5_000, 1)) }],
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

	test('the same execution run a second time from its start buys nothing anew, although the link is another one', async () => {
		const files = [{ data: await storage.store(PICTURE) }];
		await run(filesOf(entry), files, { restApiUrl });
		await new Promise((resolve) => setTimeout(resolve, 1_100));
		const { error } = await run(filesOf(entry), files, { restApiUrl });
		expect(new Set(creates().map(({ rawBody }) => rawBody.toString())).size).toBe(2);
		expect(error?.message).toMatch(/key was already used for a different request/);
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
