import { Readable } from 'node:stream';

import fc from 'fast-check';
import {
	NodeHelpers,
	type ILoadOptionsFunctions,
	type INode,
	type INodeProperties,
	type ResourceMapperField,
	type ResourceMapperValue,
} from 'n8n-workflow';

import { mappedInput } from '../../../../nodes/HiApi/models/mappedInput';
import {
	fieldsOfPanel,
	getModelInputFields,
	toMapperFields,
} from '../../../../nodes/HiApi/methods/modelInputFields';
import { modelCatalog, type ModelInput } from '../../../../nodes/HiApi/models/modelCatalog';
import { fieldsOf } from '../../../../nodes/HiApi/models/inputSchema';
import { snapshot } from '../../../../nodes/HiApi/models/snapshot';
import { validateInput } from '../../../../nodes/HiApi/models/validateInput';
import { inputs, inputSchemas, type Json } from '../models/arbitrarySchema.cts';

const known = async (model: string, route?: string) =>
	await modelCatalog.modelInput(
		{ baseUrl: undefined, fetchJson: async () => undefined, now: () => 0 },
		model,
		route,
	);

const inputOf = (schema: Json): ModelInput => ({
	model: 'm',
	source: 'live',
	schema,
	fields: fieldsOf(schema),
	usual: [],
	limits: [],
});

/** What n8n's editor makes of a list of fields when a model has just been chosen (ResourceMapper.vue of n8n 2.41). */
function opened(fields: ResourceMapperField[]): ResourceMapperValue {
	const value: NonNullable<ResourceMapperValue['value']> = {};
	for (const field of fields) {
		const first = field.removed
			? null
			: (field.defaultValue ?? (field.type === 'boolean' ? false : null));
		if (first !== null) value[field.id] = first;
	}
	return {
		mappingMode: 'defineBelow',
		value,
		schema: fields,
		matchingColumns: [],
		attemptToConvertTypes: false,
		convertFieldsToString: false,
	};
}

const property: INodeProperties = {
	displayName: 'Fields',
	name: 'fields',
	type: 'resourceMapper',
	default: {},
	typeOptions: {
		resourceMapper: {
			mode: 'add',
			resourceMapperMethod: 'getModelInputFields',
			supportAutoMap: false,
		},
	},
};

/** What n8n itself finds wrong before it runs a node. */
function n8nIssues(value: ResourceMapperValue): string[] {
	const issues =
		NodeHelpers.getParameterIssues(property, { fields: value }, '', {} as INode, null).parameters ??
		{};
	return Object.keys(issues)
		.filter((key) => key !== 'fields')
		.sort();
}

describe('toMapperFields', () => {
	it('shows happyhorse-1.1/text-to-video as prompt, aspect_ratio, resolution and duration', async () => {
		const { fields } = toMapperFields(await known('happyhorse-1.1/text-to-video'), []);
		expect(fields.map(({ id, type, required, removed }) => [id, type, required, removed])).toEqual([
			['prompt', 'string', true, false],
			['aspect_ratio', 'options', false, true],
			['resolution', 'options', false, true],
			['duration', 'number', false, true],
		]);
	});

	it('shows gpt-image-2/text-to-image on route ext with what that route demands', async () => {
		const { fields } = toMapperFields(await known('gpt-image-2/text-to-image', 'ext'));
		expect(fields.map(({ id, required, defaultValue }) => [id, required, defaultValue])).toEqual([
			['resolution', true, '1K'],
			['quality', true, 'low'],
			['aspect_ratio', false, '1:1'],
		]);
	});

	it('leaves out what the node asks for elsewhere', async () => {
		const { fields } = toMapperFields(await known('z-image'));
		expect(fields.map(({ id }) => id)).toEqual(['aspect_ratio']);
		expect(fieldsOfPanel(await known('z-image'))).toEqual(['prompt']);
		expect(fieldsOfPanel(await known('qwen-audio-3.0-tts-plus'))).toEqual(['text']);
	});

	it('has a field usually needed at hand without insisting on it or filling it in', async () => {
		const { fields } = toMapperFields(await known('seedance-2.0'));
		expect(fields[0]).toMatchObject({ id: 'aspect_ratio', required: false, removed: false });
		expect(fields[0]).not.toHaveProperty('defaultValue');
	});

	it('starts with nothing to be sent for models that require nothing but a prompt', async () => {
		for (const { id } of snapshot.models) {
			const model = await known(id);
			const { fields } = toMapperFields(model);
			const prefilled = model.fields.filter(
				(field) => field.required && field.defaultValue !== undefined,
			);
			expect([id, mappedInput(opened(fields), model)]).toEqual([
				id,
				Object.fromEntries(prefilled.map((field) => [field.name, field.defaultValue])),
			]);
		}
	});

	it('offers the values of a choice as they are sent', () => {
		const { fields } = toMapperFields(inputOf({ properties: { length: { enum: [5, 10] } } }));
		expect(fields[0].options).toEqual([
			{ name: '5', value: 5 },
			{ name: '10', value: 10 },
		]);
	});

	it('says so when there is nothing to fill in', () => {
		expect(toMapperFields(inputOf({ properties: { prompt: { type: 'string' } } }))).toEqual({
			fields: [],
			emptyFieldsNotice: 'This model has no further fields',
		});
	});

	it('raises no issue in n8n for any model as it is first shown, apart from what is required', () => {
		fc.assert(
			fc.property(inputSchemas, (schema) => {
				const { fields } = toMapperFields(inputOf(schema), []);
				const missing = fields.filter(
					(field) => field.required && field.type !== 'boolean' && field.defaultValue === undefined,
				);
				expect(n8nIssues(opened(fields))).toEqual(missing.map(({ id }) => `fields.${id}`).sort());
			}),
		);
	});

	it('takes a single URL for a list, where n8n’s own list type would refuse it', async () => {
		const { fields } = toMapperFields(await known('gpt-image-2/image-to-image'));
		const value = { ...opened(fields), value: { input_urls: 'https://example.com/a.png' } };
		expect(n8nIssues(value)).toEqual([]);
		const asList = {
			...value,
			schema: value.schema.map((field) => ({ ...field, type: 'array' as const })),
		};
		expect(n8nIssues(asList)).toEqual(['fields.input_urls']);
	});
});

describe('mappedInput', () => {
	const value = (values: Json, fields: ResourceMapperField[]) => ({
		...opened(fields),
		value: values,
	});

	it('sends what was set, as what it is', async () => {
		const model = await known('seedance-2.0');
		const { fields } = toMapperFields(model);
		const all = fields.map((field) => ({ ...field, removed: false }));
		const set = {
			aspect_ratio: '16:9',
			duration: '6',
			generate_audio: false,
			reference_image_urls: 'https://example.com/a.png',
			reference_audio_urls: ['https://example.com/a.mp3'],
			seed: '',
			first_frame_url: null,
		};
		expect(mappedInput(value(set, all), model)).toEqual({
			aspect_ratio: '16:9',
			duration: 6,
			generate_audio: false,
			reference_image_urls: ['https://example.com/a.png'],
			reference_audio_urls: ['https://example.com/a.mp3'],
		});
	});

	it('sends no field of a model chosen before, and none that was removed', async () => {
		const model = await known('happyhorse-1.1/text-to-video');
		const fields = toMapperFields(model).fields.map((field) => ({
			...field,
			removed: field.id === 'duration',
		}));
		const set = { resolution: '1080p', duration: 6, quality: 'low', generate_audio: true };
		expect(mappedInput(value(set, fields), model)).toEqual({ resolution: '1080p' });
	});

	it('knows from the workflow what a field is when nobody else does', async () => {
		const model = await known('gpt-image-2/image-to-image');
		const shown = toMapperFields(model).fields.map((field) => ({ ...field, removed: false }));
		const saved = JSON.parse(JSON.stringify(shown)) as ResourceMapperField[];
		const set = { input_urls: 'https://example.com/a.png', resolution: '2K' };
		expect(mappedInput(value(set, saved))).toEqual({
			input_urls: ['https://example.com/a.png'],
			resolution: '2K',
		});
	});

	it('believes what HiAPI publishes now rather than what the workflow remembers, and the workflow rather than the bundled list', () => {
		const remembered = toMapperFields(
			inputOf({ properties: { image: { type: 'string' } } }),
		).fields.map((field) => ({ ...field, removed: false }));
		const now = inputOf({ properties: { image: { type: 'array', items: { type: 'string' } } } });
		expect(mappedInput(value({ image: 'x' }, remembered), now)).toEqual({ image: ['x'] });
		expect(mappedInput(value({ image: 'x' }, remembered), { ...now, source: 'snapshot' })).toEqual({
			image: 'x',
		});
	});

	it('knows a field of the model better than the fields most models have do', async () => {
		const { fields } = await getModelInputFields.call({
			getCurrentNodeParameter: () => null,
		} as unknown as ILoadOptionsFunctions);
		const shown = fields.map((field) => ({ ...field, removed: false }));
		expect(mappedInput(value({ seed: '5' }, shown), await known('qwen-image-2.0'))).toEqual({
			seed: 5,
		});
		expect(mappedInput(value({ seed: '5' }, shown), await known('lyria-3.5'))).toEqual({
			seed: '5',
		});
	});

	it('takes a workflow that came without the list of fields', async () => {
		const model = await known('happyhorse-1.1/text-to-video');
		expect(
			mappedInput({ mappingMode: 'defineBelow', value: { duration: '6', resolution: '' } }, model),
		).toEqual({ duration: 6 });
	});

	it.each([undefined, null, '', {}, { value: null }, { value: [] }, { value: {}, schema: 'x' }])(
		'sends nothing for %j',
		(empty) => {
			expect(mappedInput(empty)).toEqual({});
		},
	);

	it('yields an input that is right, or is refused with the field named, whatever was set', () => {
		fc.assert(
			fc.property(inputSchemas, inputs, (schema, values) => {
				const model = inputOf(schema);
				const fields = toMapperFields(model, []).fields.map((field) => ({
					...field,
					removed: false,
				}));
				const input = mappedInput(value(values, fields), model);
				for (const name of Object.keys(input))
					expect(Object.keys(schema.properties as Json)).toContain(name);
				for (const problem of validateInput(schema, input)) {
					const names = Object.keys(schema.properties as Json);
					expect([
						problem,
						names.some((name) => problem.startsWith(name) || problem.includes(`'${name}'`)),
					]).toEqual([problem, true]);
				}
			}),
		);
	});
});

describe('getModelInputFields', () => {
	const editor = (parameters: Record<string, unknown>) =>
		({
			getCurrentNodeParameter: (name: string) => parameters[name],
			getCredentials: async () => ({ baseUrl: 'https://hiapi.example.com/v1' }),
		}) as unknown as ILoadOptionsFunctions;
	const ids = async (parameters: Record<string, unknown>) =>
		(await getModelInputFields.call(editor(parameters))).fields.map(({ id }) => id);

	it('shows the fields of the model and route', async () => {
		expect(await ids({ model: 'gpt-image-2/text-to-image' })).toEqual([
			'aspect_ratio',
			'resolution',
			'background',
		]);
		expect(await ids({ model: 'gpt-image-2/text-to-image@ext' })).toEqual([
			'resolution',
			'quality',
			'aspect_ratio',
		]);
		expect(await ids({ model: 'gpt-image-2/text-to-image', 'options.route': 'beta' })).toEqual([
			'size',
		]);
	});

	it.each([
		[{ model: 'model-of-tomorrow' }],
		[{ model: '={{ $json.model }}' }],
		[{ model: null }],
		[{}],
		[{ model: 'gpt-image-2/text-to-image', 'options.route': '={{ $json.route }}' }],
	])('offers what most models have, none of it filled in, for %j', async (parameters) => {
		const { fields } = await getModelInputFields.call(editor(parameters));
		expect(fields.map(({ id }) => id)).toEqual(
			expect.arrayContaining(['aspect_ratio', 'duration', 'image_urls']),
		);
		expect(
			fields.every((field) => field.removed && !field.required && field.defaultValue === undefined),
		).toBe(true);
	});

	it.each([
		[{}, true],
		[{ additionalProperties: false }, false],
	])(
		'offers them too for a model that takes any field, but not for one that takes none (%j)',
		async (schema, isOffered) => {
			const catalogUrl = `https://catalogue-${String(isOffered)}.example.com`;
			const context = {
				...editor({ model: 'm' }),
				getCredentials: async () => ({ baseUrl: 'https://hiapi.example.com/v1', catalogUrl }),
				helpers: {
					httpRequest: async () => ({
						statusCode: 200,
						body: Readable.from([
							JSON.stringify({
								data: { input_schema: { type: 'object', properties: { model: {} }, ...schema } },
							}),
						]),
					}),
				},
			} as unknown as ILoadOptionsFunctions;
			expect((await getModelInputFields.call(context)).fields.length > 0).toBe(isOffered);
		},
	);

	it('asks for a model first', async () => {
		expect(await getModelInputFields.call(editor({ model: '' }))).toEqual({
			fields: [],
			emptyFieldsNotice: 'Select a model to see its fields',
		});
	});
});
