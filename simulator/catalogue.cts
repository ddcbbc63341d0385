import { authenticate } from './auth.cts';
import { pause, type Core, type Exchange } from './core.cts';
import { listedModels, type JsonSchema, type SimulatedModel } from './models/index.cts';
import { priceRowOf } from './models/prices.cts';
import { errorReply, gatewayErrorReply, jsonReply, type Reply } from './reply.cts';
import type { CatalogueMode } from './switches.cts';

interface CatalogueField {
	name: string;
	type: string;
	required: boolean;
	enum?: unknown[];
	default?: unknown;
}

function fieldType(property: JsonSchema): string {
	if (property.enum) return 'enum';
	if (property.type === 'array')
		return `${(property.items as JsonSchema | undefined)?.type ?? 'string'}[]`;
	return String(property.type);
}

function fieldsOf(schema: JsonSchema | null): CatalogueField[] {
	if (!schema) return [];
	const required = new Set(schema.required as string[] | undefined);
	return Object.entries(schema.properties as Record<string, JsonSchema>).map(
		([name, property]) => ({
			name,
			type: fieldType(property),
			required: required.has(name),
			...(property.enum ? { enum: property.enum as unknown[] } : {}),
			...('default' in property ? { default: property.default } : {}),
		}),
	);
}

/** As published: with `model` as one more required property, for the playground (hiapi-gpt-image-2-5-skill). */
function publishedSchema(name: string, schema: JsonSchema): JsonSchema {
	return {
		...schema,
		properties: {
			model: { type: 'string', enum: [name], default: name },
			...(schema.properties as object),
		},
		required: ['model', ...((schema.required as string[] | undefined) ?? [])],
	};
}

function priceEntry(name: string, model: SimulatedModel): Record<string, unknown> {
	return {
		model_name: name,
		category: model.category,
		output_type: model.category,
		description: JSON.stringify({ zh: model.title, en: model.title }),
		subcategory: model.capability,
		supported_endpoint_types: ['task'],
		...priceRowOf(name, model),
	};
}

/** Names that make a catalogue very long. */
function inventedNames(count: number): string[] {
	return Array.from({ length: count }, (_, index) => `invented-model-${index}/text-to-image`);
}

async function inMode(
	core: Core,
	mode: CatalogueMode,
	empty: unknown,
	build: (invented: string[]) => unknown,
): Promise<Reply> {
	switch (mode) {
		case 'unavailable':
			return {
				status: 503,
				headers: { 'content-type': 'text/html' },
				body: '<html><body><h1>503 Service Unavailable</h1></body></html>',
			};
		case 'malformed':
			return jsonReply(200, '{"models":[{"id":"gpt-image-2/text-to-image","input":[');
		case 'empty':
			return jsonReply(200, empty);
		case 'errorInSuccess':
			return gatewayErrorReply(200, 'internal_error', 'The catalogue could not be read.');
		case 'huge':
			return jsonReply(200, build(inventedNames(core.switches.catalogueHugeModels)));
		case 'slow':
			await pause(core.switches.catalogueSlowMilliseconds);
			return jsonReply(200, build([]));
		case 'ok':
			return jsonReply(200, build([]));
	}
}

/** `GET /docs/models.json` of the site's host, no authentication. */
export async function modelsJson(core: Core): Promise<Reply> {
	return await inMode(core, core.switches.catalogueModelsJson, { models: [] }, (invented) => ({
		models: [
			...listedModels().map(({ name, model, schema }) => ({
				id: name,
				title: model.title,
				category: model.category,
				capability: model.capability,
				input: fieldsOf(schema),
			})),
			...invented.map((name) => ({
				id: name,
				title: name,
				category: 'image',
				capability: 'text-to-image',
				input: [{ name: 'prompt', type: 'string', required: true }],
			})),
		],
	}));
}

/** `GET /api/models/content?name=` of the site's host, no authentication. An unknown name answers 404 (a guess). */
export async function modelContent(core: Core, exchange: Exchange): Promise<Reply> {
	const name = exchange.request.query.name ?? '';
	const found = listedModels().find((listed) => listed.name === name);
	const mode = core.switches.catalogueContent;
	if (!found && (mode === 'ok' || mode === 'slow' || mode === 'huge'))
		return errorReply(404, 'model not found');
	return await inMode(core, mode, { data: {} }, (invented) => {
		const schema = found!.schema ?? { type: 'object', required: [], properties: {} };
		const published = publishedSchema(name, schema);
		if (invented.length === 0) return { data: { input_schema: published } };
		const many = Object.fromEntries(
			invented.map((field, index) => [`field_${index}`, { type: 'string', description: field }]),
		);
		return {
			data: {
				input_schema: {
					...published,
					properties: { ...(published.properties as object), ...many },
				},
			},
		};
	});
}

/** `GET /api/pricing` of the site's host and of the API's, no authentication. */
export async function pricing(core: Core): Promise<Reply> {
	return await inMode(core, core.switches.cataloguePricing, { data: [] }, (invented) => ({
		data: [
			...listedModels().map(({ name, model }) => priceEntry(name, model)),
			...invented.map((name) => priceEntry(name, listedModels()[0].model)),
		],
	}));
}

/** `GET /v1/models` with the key (third-party knowledge only). */
export async function accountModels(core: Core, exchange: Exchange): Promise<Reply> {
	const caller = authenticate(core, exchange.request);
	if ('refused' in caller) return caller.refused;
	return await inMode(
		core,
		core.switches.catalogueModels,
		{ object: 'list', data: [] },
		(invented) => ({
			object: 'list',
			data: [
				...listedModels().map(({ name, model }) => ({
					id: name,
					object: 'model',
					category: model.category,
					output_type: model.category,
					supported_endpoint_types: ['task'],
				})),
				...invented.map((name) => ({ id: name, object: 'model' })),
			],
		}),
	);
}
