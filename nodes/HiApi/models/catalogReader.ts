import { isRecord, trimmedOrUndefined, type UnknownRecord } from '../../shared/values';
import { schemaOfFieldList } from './inputSchema';
import { readPriceRow, type ReadPrice } from './priceRow';

/** One model as HiAPI's catalogue lists it. */
export interface ListedModel {
	id: string;
	title?: string;
	/** `image`, `video`, `audio`, or what the catalogue says next. */
	kind: string;
	modes: string[];
	/** Names, types and choices of the fields, where the list holds them. */
	inputSchema?: UnknownRecord;
}

export interface PricedModel extends ListedModel {
	price: ReadPrice;
}

/** More than any catalogue seen, by far; what comes after is not a catalogue any more. */
const MAX_MODELS = 2000;
const MAX_ID_LENGTH = 200;

/** Text models run on other endpoints than tasks. */
const isTaskKind = (kind: string) => kind !== 'text' && kind !== 'chat' && kind !== 'embedding';

function readId(value: unknown): string | undefined {
	const id = trimmedOrUndefined(value);
	return id !== undefined && id.length <= MAX_ID_LENGTH && !/\s/.test(id) ? id : undefined;
}

function readModes(value: unknown): string[] {
	const texts = Array.isArray(value)
		? value
		: String(trimmedOrUndefined(value) ?? '').split(/[+,|]/);
	return texts
		.map((text) => trimmedOrUndefined(text)?.toLowerCase())
		.filter((text) => text !== undefined);
}

function listIn(answer: unknown, key: string): UnknownRecord[] {
	const list = isRecord(answer) ? answer[key] : answer;
	return Array.isArray(list) ? list.slice(0, MAX_MODELS).filter(isRecord) : [];
}

/**
 * The models of `www.hiapi.ai/docs/models.json`: `{models:[{id,title,category,capability,input:[…]}]}`. Entries that cannot
 * be read are left out; an empty list means the answer was no catalogue.
 */
export function readModelIndex(answer: unknown): ListedModel[] {
	return listIn(answer, 'models').flatMap((entry) => {
		const id = readId(entry.id);
		const kind = trimmedOrUndefined(entry.category)?.toLowerCase() ?? '';
		if (id === undefined || kind === '' || !isTaskKind(kind)) return [];
		return [
			{
				id,
				title: trimmedOrUndefined(entry.title),
				kind,
				modes: readModes(entry.capability),
				inputSchema: schemaOfFieldList(entry.input),
			},
		];
	});
}

/**
 * The task models of `www.hiapi.ai/api/pricing`: `{data:[{model_name,category,supported_endpoint_types,…}]}`, each with
 * what the row says about its price. A model on a route is listed as `model@route`.
 */
export function readPricing(answer: unknown): PricedModel[] {
	return listIn(answer, 'data').flatMap((entry) => {
		const id = readId(entry.model_name);
		const endpoints = Array.isArray(entry.supported_endpoint_types)
			? entry.supported_endpoint_types
			: [];
		if (id === undefined || !endpoints.includes('task')) return [];
		const kind = (
			trimmedOrUndefined(entry.output_type) ??
			trimmedOrUndefined(entry.category) ??
			''
		).toLowerCase();
		if (!isTaskKind(kind)) return [];
		return [{ id, kind, modes: [], price: readPriceRow(id, entry) }];
	});
}

/**
 * Which model IDs a published input schema says it is for: the values of its wrapper's `model` property. Empty when it
 * says nothing.
 */
export function schemaOwners(answer: unknown): string[] {
	const data = isRecord(answer) && isRecord(answer.data) ? answer.data : answer;
	const schema = isRecord(data) && isRecord(data.input_schema) ? data.input_schema : data;
	const properties = isRecord(schema) && isRecord(schema.properties) ? schema.properties : {};
	const { model } = properties;
	if (!isRecord(model)) return [];
	const values = Array.isArray(model.enum) ? model.enum : [model.const];
	return values.filter((value) => typeof value === 'string');
}
