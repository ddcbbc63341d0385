import { ModelCatalog, type CatalogAccess } from '../../../../nodes/HiApi/models/modelCatalog';
import { FRESH_MS, RETRY_AFTER_MS } from '../../../../nodes/HiApi/models/catalogCache';
import { snapshot } from '../../../../nodes/HiApi/models/snapshot';

const host = 'https://catalogue.example.com';
const index = `${host}/docs/models.json`;
const pricing = `${host}/api/pricing`;
const content = (id: string) => `${host}/api/models/content?name=${encodeURIComponent(id)}`;

const schemaFor = (model: string, properties: object = { prompt: { type: 'string' } }) => ({
	data: {
		input_schema: {
			type: 'object',
			required: ['model', 'prompt'],
			properties: { model: { enum: [model] }, ...properties },
		},
	},
});

/** A catalogue that answers as told, on a clock of the test's. An Error in place of an answer is thrown. */
function catalogue(answers: Record<string, unknown> = {}) {
	const asked: string[] = [];
	const state = { nowMs: 1_000_000, answers };
	const access: CatalogAccess = {
		baseUrl: host,
		now: () => state.nowMs,
		fetchJson: async (url) => {
			asked.push(url);
			const answer = state.answers[url];
			if (answer instanceof Error) throw answer;
			return answer;
		},
	};
	return { access, asked, state, catalog: new ModelCatalog() };
}

const down = new Error('connect ECONNREFUSED');

describe('modelInput', () => {
	it('takes the schema HiAPI publishes for exactly this model and route', async () => {
		const { access, asked, catalog } = catalogue({
			[content('gpt-image-2/text-to-image@ext')]: schemaFor('gpt-image-2/text-to-image@ext'),
		});
		const input = await catalog.modelInput(access, 'gpt-image-2/text-to-image', 'ext');
		expect(input).toMatchObject({
			model: 'gpt-image-2/text-to-image@ext',
			source: 'live',
			limits: [],
		});
		expect(input.schema).toEqual({
			type: 'object',
			required: ['prompt'],
			properties: { prompt: { type: 'string' } },
		});
		expect(asked).toEqual([content('gpt-image-2/text-to-image@ext')]);
	});

	it('does not take another route’s schema for this one', async () => {
		const { access, catalog } = catalogue({
			[content('gpt-image-2/text-to-image@ext')]: schemaFor('gpt-image-2/text-to-image'),
		});
		const input = await catalog.modelInput(access, 'gpt-image-2/text-to-image@ext');
		expect(input.source).toBe('snapshot');
		expect(input.fields.map(({ name }) => name)).toEqual([
			'prompt',
			'resolution',
			'quality',
			'aspect_ratio',
		]);
	});

	it('takes the model index when no schema is published', async () => {
		const models = [
			{
				id: 'new-model',
				category: 'image',
				input: [{ name: 'prompt', type: 'string', required: true }],
			},
		];
		const { access, catalog } = catalogue({ [index]: { models } });
		expect(await catalog.modelInput(access, 'new-model')).toMatchObject({
			source: 'index',
			fields: [{ name: 'prompt', type: 'string', required: true }],
		});
	});

	it('takes the bundled list when the catalogue is down, with what it says about the model', async () => {
		const { access, catalog } = catalogue({ [content('seedance-2-0')]: down });
		const input = await catalog.modelInput(access, 'seedance-2-0');
		expect(input.source).toBe('snapshot');
		expect(input.fields.map(({ name }) => name)).toContain('generate_audio');
		expect(input.usual).toEqual(['aspect_ratio']);
		expect(input.limits.length).toBeGreaterThan(0);
	});

	it('leaves fields free when nobody knows the model', async () => {
		const { access, catalog } = catalogue();
		expect(await catalog.modelInput(access, 'no-such-model')).toEqual({
			model: 'no-such-model',
			source: 'none',
			fields: [],
			usual: [],
			limits: [],
		});
		expect(await catalog.modelInput({ ...access, baseUrl: undefined }, '')).toMatchObject({
			source: 'none',
		});
	});

	it.each([
		['malformed', { data: { input_schema: 'oops' } }],
		['an error', { error: { code: 'x' } }],
		['a list', []],
		['text', 'hello'],
		[
			'hostile',
			JSON.parse(
				'{"data":{"input_schema":{"properties":{"__proto__":{"type":"string"},"a":{"$ref":"#"}},"required":{"length":1e9}}}}',
			),
		],
	])('never throws: %s', async (_name, answer) => {
		const { access, catalog } = catalogue({
			[content('m')]: answer,
			[index]: answer,
			[pricing]: answer,
		});
		await expect(catalog.modelInput(access, 'm')).resolves.toBeDefined();
		await expect(catalog.listModels(access)).resolves.toBeDefined();
		await expect(catalog.price(access, 'm')).resolves.toBeUndefined();
	});
});

describe('the cache', () => {
	it('asks once for what several items need at the same time, and again when it has got old', async () => {
		const { access, asked, state, catalog } = catalogue({ [content('m')]: schemaFor('m') });
		await Promise.all([1, 2, 3].map(async () => await catalog.modelInput(access, 'm')));
		state.nowMs += FRESH_MS - 1;
		await catalog.modelInput(access, 'm');
		expect(asked).toHaveLength(1);
		state.nowMs += 1;
		state.answers = { [content('m')]: schemaFor('m', { prompt: {}, newer: {} }) };
		expect((await catalog.modelInput(access, 'm')).fields.map(({ name }) => name)).toEqual([
			'prompt',
			'newer',
		]);
		expect(asked).toHaveLength(2);
	});

	it('waits for a silent host once, not once per model', async () => {
		const { access, asked, state, catalog } = catalogue({
			[content('a')]: down,
			[content('b')]: schemaFor('b'),
		});
		await catalog.modelInput(access, 'a');
		expect((await catalog.modelInput(access, 'b')).source).toBe('none');
		await catalog.listModels(access);
		expect(asked).toEqual([content('a')]);
		state.nowMs += RETRY_AFTER_MS;
		expect((await catalog.modelInput(access, 'b')).source).toBe('live');
	});

	it('keeps what it read last while the host is silent', async () => {
		const { access, state, catalog } = catalogue({ [content('m')]: schemaFor('m') });
		await catalog.modelInput(access, 'm');
		state.answers = { [content('m')]: down };
		for (const wait of [FRESH_MS, 1, RETRY_AFTER_MS, RETRY_AFTER_MS]) {
			state.nowMs += wait;
			expect((await catalog.modelInput(access, 'm')).source).toBe('live');
		}
	});

	it('asks again for a missing document after a while only', async () => {
		const { access, asked, state, catalog } = catalogue();
		await catalog.price(access, 'm');
		await catalog.price(access, 'm');
		expect(asked).toHaveLength(1);
		state.nowMs += RETRY_AFTER_MS;
		await catalog.price(access, 'm');
		expect(asked).toHaveLength(2);
	});

	it('keeps hosts apart', async () => {
		const { access, catalog } = catalogue({ [content('m')]: schemaFor('m') });
		await catalog.modelInput(access, 'm');
		expect(
			(await catalog.modelInput({ ...access, baseUrl: 'https://other.example.com' }, 'm')).source,
		).toBe('none');
	});

	it('does not grow for ever', async () => {
		const { access, asked, catalog } = catalogue();
		for (let model = 0; model < 400; model++) await catalog.modelInput(access, `m${model}`);
		asked.length = 0;
		await catalog.modelInput(access, 'm0');
		expect(asked).toContain(content('m0'));
		asked.length = 0;
		await catalog.modelInput(access, 'm399');
		expect(asked).toEqual([]);
	});
});

describe('listModels', () => {
	it('is the bundled list while no catalogue answers', async () => {
		const { access, catalog } = catalogue({ [index]: down });
		const models = await catalog.listModels(access);
		expect(models.map(({ id }) => id)).toEqual(snapshot.models.map(({ id }) => id));
		expect(new Set(models.map(({ source }) => source))).toEqual(new Set(['snapshot']));
	});

	const models = [
		{
			id: 'happyhorse-1.1/text-to-video',
			title: 'HappyHorse',
			category: 'video',
			capability: 'text-to-video',
		},
		{ id: 'nano-banana-2', title: '香蕉', category: 'image' },
		{ id: 'gpt-image-2', title: 'GPT Image 2 (old)', category: 'image' },
		{ id: 'gpt-image-2/text-to-image', title: 'GPT Image 2', category: 'image' },
		{ id: 'new-model', title: '新模型', category: 'image' },
		{ id: 'claude', title: 'Claude', category: 'text' },
	];
	const data = [
		{
			model_name: 'new-model@fast',
			category: 'image',
			supported_endpoint_types: ['task'],
			base_usd_value: 1,
		},
		{
			model_name: 'gpt-image-2/text-to-image@fast',
			category: 'image',
			supported_endpoint_types: ['task'],
			base_usd_value: 1,
		},
		{
			model_name: 'gpt-image-2/text-to-image',
			category: 'image',
			supported_endpoint_types: ['task'],
			base_usd_value: 1,
		},
		{
			model_name: 'claude',
			category: 'text',
			supported_endpoint_types: ['openai'],
			base_usd_value: 1,
		},
	];

	it('lists what HiAPI lists now, under titles everybody can read', async () => {
		const { access, catalog } = catalogue({ [index]: { models }, [pricing]: { data } });
		const live = (await catalog.listModels(access)).filter(({ source }) => source === 'live');
		expect(Object.fromEntries(live.map(({ id, title }) => [id, title]))).toEqual({
			'happyhorse-1.1/text-to-video': 'HappyHorse 1.1 (text to video)',
			'nano-banana-2': 'Nano Banana 2',
			'gpt-image-2': 'GPT Image 2 (old)',
			'gpt-image-2/text-to-image': 'GPT Image 2 (text to image)',
			'gpt-image-2/text-to-image@fast': 'GPT Image 2 (text to image), fast route',
			'new-model': 'new-model',
			'new-model@fast': 'new-model@fast',
		});
		expect(live.map(({ status }) => status)).toEqual(live.map(() => 'current'));
	});

	it('adds only models of HiAPI’s own material, and none twice under another spelling', async () => {
		const { access, catalog } = catalogue({ [index]: { models }, [pricing]: { data } });
		const bundled = (await catalog.listModels(access)).filter(
			({ source }) => source === 'snapshot',
		);
		expect(new Set(bundled.map(({ status }) => status))).toEqual(new Set(['current']));
		const ids = bundled.map(({ id }) => id);
		expect(ids).toContain('gpt-image-2/text-to-image@ext');
		expect(ids).not.toContain('Nano-Banana-2');
		expect(ids).not.toContain('happyhorse-1.1/text-to-video');
	});

	it('knows more modes of a model than the catalogue names', async () => {
		const listed = [
			{ id: 'seedance-2-0', category: 'video', capability: 'text-to-video' },
			{ id: 'z-image', category: 'image', capability: 'image-to-image' },
		];
		const { access, catalog } = catalogue({ [index]: { models: listed } });
		const modes = Object.fromEntries(
			(await catalog.listModels(access)).map((model) => [model.id, model.modes]),
		);
		expect(modes['seedance-2-0']).toEqual([
			'text-to-video',
			'image-to-video',
			'reference-to-video',
		]);
		expect(modes['z-image']).toEqual(['image-to-image']);
	});

	it('makes do with one of the two lists', async () => {
		const half = catalogue({ [pricing]: { data } });
		expect(
			(await half.catalog.listModels(half.access)).filter(({ source }) => source === 'live'),
		).toHaveLength(3);
	});
});

describe('price', () => {
	it('is that of the route', async () => {
		const entry = (model: string, usd: number) => ({
			model_name: model,
			supported_endpoint_types: ['task'],
			base_usd_value: usd,
		});
		const { access, catalog } = catalogue({
			[pricing]: { data: [entry('m', 1), entry('m@ext', 2)] },
		});
		expect(await catalog.price(access, 'm')).toMatchObject({ model: 'm', base: { usd: 1 } });
		expect(await catalog.price(access, 'm', 'ext')).toMatchObject({ base: { usd: 2 } });
		expect(await catalog.price(access, 'm', 'other')).toBeUndefined();
		expect([...(await catalog.prices(access)).keys()]).toEqual(['m', 'm@ext']);
	});
});

describe('estimate', () => {
	const row = {
		model_name: 'video@pro',
		supported_endpoint_types: ['task'],
		base_usd_value: 0.1,
		base_display_unit: { en: 'per second' },
		factors: ['duration'],
		policies: [{ rule: { sound: { with: true } }, usd_value: 0.2 }],
	};
	const known = {
		[pricing]: { data: [row] },
		[content('video@pro')]: schemaFor('video@pro', { duration: { type: 'integer', default: 5 } }),
	};

	it('takes the duration from the published default, for a model listed with its only route', async () => {
		const { access, catalog, state } = catalogue(known);
		expect(await catalog.estimate(access, 'video', '', {})).toEqual({
			usd: 0.5,
			unit: 'per second',
			pricedAtMs: state.nowMs,
		});
		expect(await catalog.estimate(access, 'video', 'pro', { duration: 3 })).toMatchObject({
			usd: 0.3,
		});
		expect(await catalog.estimate(access, 'other', '', {})).toMatchObject({
			reason: expect.stringContaining('does not hold this model'),
		});
	});

	it('trusts only fields that HiAPI publishes now', async () => {
		const { access, catalog } = catalogue({ [pricing]: { data: [row] } });
		expect(await catalog.estimate(access, 'video', '', { duration: 3 })).toMatchObject({
			reason: expect.stringContaining("'Sound'"),
		});
		expect(await catalog.estimate(access, 'video', '', { duration: 3, sound: true })).toMatchObject(
			{ usd: 0.6 },
		);
	});

	it('needs a price list of now: none, or one that cannot be read any more, is none', async () => {
		const { access, catalog, state } = catalogue(known);
		await catalog.estimate(access, 'video', '', {});
		state.answers = { [pricing]: down };
		state.nowMs += FRESH_MS - 1;
		expect(await catalog.estimate(access, 'video', '', {})).toMatchObject({ usd: 0.5 });
		state.nowMs += 2;
		expect(await catalog.estimate(access, 'video', '', {})).toEqual({
			reason: expect.stringContaining('cannot be read now'),
			listMissing: true,
		});
		// for reading about a model the last one is still good
		expect(await catalog.price(access, 'video')).toMatchObject({ base: { usd: 0.1 } });
		expect(
			await catalog.estimate({ ...access, baseUrl: undefined }, 'video', '', {}),
		).toMatchObject({ listMissing: true });
	});
});
