import type { IDataObject } from 'n8n-workflow';

import { runInEngine } from './support/engine.cts';
import {
	credentialFor,
	newSimulator,
	runAndWait,
	stopSimulators,
	type Simulator,
} from './support/hiApi.cts';

jest.setTimeout(60_000);
afterEach(stopSimulators);

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** Create in Fields mode, with the values as n8n's mapper keeps them. */
function create(model: string, fields: IDataObject, extra: IDataObject = {}): IDataObject {
	const parameters = {
		...runAndWait(),
		operation: 'create',
		model: byId(model),
		inputMode: 'fields',
		...extra,
	};
	return { ...parameters, fields: { mappingMode: 'defineBelow', value: fields, schema: [] } };
}

async function buy(simulator: Simulator, parameters: IDataObject, catalogue = true) {
	const credential = { ...credentialFor(simulator), catalogUrl: catalogue ? simulator.origin : '' };
	const result = await runInEngine({ credential, parameters, items: [{ prompt: 'a lake' }] });
	const post = simulator.requests.filter(({ method }) => method === 'POST').at(-1);
	return { ...result, sent: post && (JSON.parse(post.rawBody.toString()) as IDataObject) };
}

const named: Array<[string, IDataObject, IDataObject]> = [
	[
		'gpt-image-2/text-to-image',
		{ aspect_ratio: '16:9', resolution: '2K' },
		{ aspect_ratio: '16:9', resolution: '2K' },
	],
	['gpt-image-2', { aspect_ratio: '1:1' }, { aspect_ratio: '1:1' }],
	[
		'happyhorse-1.1/text-to-video',
		{ duration: '6', resolution: '720p' },
		{ duration: 6, resolution: '720p' },
	],
	['wan2.7-video/text-to-video@pro', {}, {}],
	[
		'seedance-2.0',
		{ aspect_ratio: '16:9', duration: 5, generate_audio: false },
		{ aspect_ratio: '16:9', duration: 5, generate_audio: false },
	],
	['z-image', { aspect_ratio: '1:1' }, { aspect_ratio: '1:1' }],
	['qwen-image-2.0', { watermark: false, seed: 0 }, { watermark: false, seed: 0 }],
];

describe.each([
	['with the live catalogue', true],
	['without a catalogue', false],
])('%s', (_name, catalogue) => {
	test.each(named)('%s: what is sent is what was set', async (model, fields, input) => {
		const simulator = await newSimulator();
		const { error, sent } = await buy(
			simulator,
			create(model, { ...fields, unset: '', missing: null }),
			catalogue,
		);
		expect(error).toBeUndefined();
		expect(sent).toEqual({ model, input: { ...input, prompt: 'a lake' } });
		expect(simulator.purchases).toBe(1);
	});
});

test('a route changes the fields: what the default route takes is refused before it is sent', async () => {
	const simulator = await newSimulator();
	const ext = { options: { route: 'ext' } };
	const refused = await buy(
		simulator,
		create('gpt-image-2/text-to-image', { background: 'opaque' }, ext),
	);
	expect(refused.error?.message).toMatch(
		/does not fit the model: invalid input: .*'background' not allowed/,
	);
	expect(refused.error?.message).toMatch(/missing properties 'resolution', 'quality'/);
	expect(simulator.requests.filter(({ method }) => method === 'POST')).toHaveLength(0);
	const sent = await buy(
		simulator,
		create('gpt-image-2/text-to-image', { resolution: '1K', quality: 'low' }, ext),
	);
	expect(sent.sent).toEqual({
		model: 'gpt-image-2/text-to-image',
		route: 'ext',
		input: { prompt: 'a lake', resolution: '1K', quality: 'low' },
	});
});

test('a check can be switched off, and a bundled schema never stops a purchase', async () => {
	const simulator = await newSimulator();
	const bad = { duration: 99 };
	const off = await buy(
		simulator,
		create('happyhorse-1.1/text-to-video', bad, { options: { validate: false } }),
	);
	expect(off.error?.message).toMatch(/HiAPI refused the request: invalid input: duration/);
	const bundled = await buy(simulator, create('happyhorse-1.1/text-to-video', bad), false);
	expect(bundled.error?.message).toMatch(/HiAPI refused the request: invalid input: duration/);
	expect(simulator.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
});

test.each(['unavailable', 'slow', 'malformed', 'huge', 'empty', 'errorInSuccess'] as const)(
	'a catalogue that is %s hinders nobody',
	async (mode) => {
		const simulator = await newSimulator({
			switches: {
				catalogueModelsJson: mode,
				catalogueContent: mode,
				cataloguePricing: mode,
				catalogueSlowMilliseconds: 180_000,
			},
		});
		const startedAt = Date.now();
		const { error, sent } = await buy(simulator, create('z-image', { aspect_ratio: '1:1' }));
		expect(error).toBeUndefined();
		expect(sent).toEqual({ model: 'z-image', input: { aspect_ratio: '1:1', prompt: 'a lake' } });
		expect(Date.now() - startedAt).toBeLessThan(45_000);
	},
);

test('the API key never goes to the catalogue', async () => {
	const simulator = await newSimulator();
	await buy(simulator, create('z-image', {}));
	const catalogue = simulator.requests.filter(({ pathname }) => !pathname.startsWith('/v1/'));
	expect(catalogue.length).toBeGreaterThan(0);
	for (const { headers } of catalogue)
		expect(JSON.stringify(headers)).not.toContain(simulator.apiKey);
});

test('a list that lags by 30 s delays a batch but buys nothing twice and loses nothing', async () => {
	const simulator = await newSimulator({ switches: { listLagSeconds: 30 } });
	const items = Array.from({ length: 10 }, (_, index) => ({ prompt: `lake ${index}` }));
	const { json } = await runInEngine({
		credential: credentialFor(simulator),
		parameters: runAndWait(),
		items,
	});
	expect(json.map(({ status }) => status)).toEqual(items.map(() => 'success'));
	expect(simulator.purchases).toBe(10);
});

describe('resource Model', () => {
	test('Get Many filters by kind and mode', async () => {
		const simulator = await newSimulator();
		const credential = { ...credentialFor(simulator), catalogUrl: simulator.origin };
		const list = async (filters: IDataObject) =>
			(
				await runInEngine({
					credential,
					parameters: { resource: 'model', operation: 'getAll', returnAll: true, filters },
				})
			).json;
		const all = await list({});
		const videos = await list({ kind: 'video', mode: 'text-to-video' });
		expect(videos.length).toBeGreaterThan(0);
		expect(videos.length).toBeLessThan(all.length);
		for (const model of videos)
			expect(model).toMatchObject({
				kind: 'video',
				modes: expect.arrayContaining(['text-to-video']) as unknown,
			});
	});

	test('Get shows fields, routes and the current price, and no price without a catalogue', async () => {
		const simulator = await newSimulator();
		const parameters = {
			resource: 'model',
			operation: 'get',
			model: byId('gpt-image-2/text-to-image'),
			simplify: false,
		};
		const live = await runInEngine({
			credential: { ...credentialFor(simulator), catalogUrl: simulator.origin },
			parameters,
		});
		expect(live.json[0]).toMatchObject({
			model: 'gpt-image-2/text-to-image',
			kind: 'image',
			source: 'live',
			routes: expect.arrayContaining(['ext']) as unknown,
			price: '$0.04 per request',
			fromUsd: 0.04,
			priceUnit: 'per request',
			inputSchema: { type: 'object' },
		});
		expect((live.json[0].fields as IDataObject[])[0]).toMatchObject({
			name: 'prompt',
			required: true,
			type: 'string',
		});
		const bundled = await runInEngine({ credential: credentialFor(simulator), parameters });
		expect(bundled.json[0]).toMatchObject({ source: 'snapshot' });
		expect(bundled.json[0]).not.toHaveProperty('price');
	});
});
