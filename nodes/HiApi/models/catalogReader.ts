import { isRecord, nonEmptyText, statedNumber, type UnknownRecord } from '../../shared/values';
import { schemaOfFieldList } from './inputSchema';

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

/** What a model costs, in US dollars. */
export interface ModelPrice {
	usd: number;
	/** What the price is for, in the catalogue's words, e.g. `per image`. */
	unit?: string;
	/** Other prices, each with the input that leads to it; `true` means "when this field is set". */
	variants: Array<{ when: Record<string, string | number | boolean>; usd: number }>;
	/** The price list holds more about this model than could be read. */
	incomplete?: true;
}

export interface PricedModel extends ListedModel {
	price?: ModelPrice;
}

/** More than any catalogue seen, by far; what comes after is not a catalogue any more. */
const MAX_MODELS = 2000;
const MAX_ID_LENGTH = 200;

/** Text models run on other endpoints than tasks. */
const isTaskKind = (kind: string) => kind !== 'text' && kind !== 'chat' && kind !== 'embedding';

function readId(value: unknown): string | undefined {
	const id = nonEmptyText(value);
	return id !== undefined && id.length <= MAX_ID_LENGTH && !/\s/.test(id) ? id : undefined;
}

function readModes(value: unknown): string[] {
	const texts = Array.isArray(value) ? value : String(nonEmptyText(value) ?? '').split(/[+,|]/);
	return texts
		.map((text) => nonEmptyText(text)?.toLowerCase())
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
		const kind = nonEmptyText(entry.category)?.toLowerCase() ?? '';
		if (id === undefined || kind === '' || !isTaskKind(kind)) return [];
		return [
			{
				id,
				title: nonEmptyText(entry.title),
				kind,
				modes: readModes(entry.capability),
				inputSchema: schemaOfFieldList(entry.input),
			},
		];
	});
}

type When = ModelPrice['variants'][number]['when'];

const amount = (value: unknown) =>
	typeof value === 'number' || nonEmptyText(value) !== undefined ? statedNumber(value) : NaN;

/** Every input a rule stands for; undefined for a rule nobody here understands. */
function inputsOf(rule: unknown): When[] | undefined {
	if (!isRecord(rule) || Object.keys(rule).length === 0) return undefined;
	let inputs: When[] = [{}];
	for (const [field, test] of Object.entries(rule)) {
		const given = isRecord(test) ? (test.match ?? test.with) : undefined;
		const values: unknown[] = Array.isArray(given) ? given : [given];
		if (values.length === 0 || !values.every(isPlain)) return undefined;
		inputs = inputs.flatMap((input) => values.map((value) => ({ ...input, [field]: value })));
	}
	return inputs;
}

const isPlain = (value: unknown): value is string | number | boolean =>
	['string', 'number', 'boolean'].includes(typeof value);

/** In US dollars; NaN for a price in HiAPI's quota units. */
function policyPrice(policy: UnknownRecord, base: number): number {
	if (policy.pricing_type !== 'multiply') return amount(policy.usd_value);
	return base * amount(policy.times ?? policy.pricing_value);
}

function readPrice(entry: UnknownRecord): ModelPrice | undefined {
	const usd = amount(entry.base_usd_value ?? entry.model_price);
	if (!Number.isFinite(usd) || usd < 0) return undefined;
	const unit = isRecord(entry.base_display_unit)
		? entry.base_display_unit.en
		: entry.base_display_unit;
	const policies = (Array.isArray(entry.policies) ? entry.policies : []).map((policy) => {
		const inputs = isRecord(policy) ? inputsOf(policy.rule) : undefined;
		const price = isRecord(policy) ? policyPrice(policy, usd) : NaN;
		return inputs !== undefined && Number.isFinite(price)
			? inputs.map((when) => ({ when, usd: price }))
			: undefined;
	});
	return {
		usd,
		unit: nonEmptyText(unit),
		variants: policies.flatMap((variants) => variants ?? []),
		...(policies.includes(undefined) && { incomplete: true as const }),
	};
}

/**
 * The task models of `www.hiapi.ai/api/pricing`: `{data:[{model_name,category,supported_endpoint_types,base_usd_value,
 * base_display_unit,policies,…}]}`, read as HiAPI's own clients do (hiapi-product-video-skills, references/api.md). A model on a route is listed as `model@route`.
 */
export function readPricing(answer: unknown): PricedModel[] {
	return listIn(answer, 'data').flatMap((entry) => {
		const id = readId(entry.model_name);
		const endpoints = Array.isArray(entry.supported_endpoint_types)
			? entry.supported_endpoint_types
			: [];
		if (id === undefined || !endpoints.includes('task')) return [];
		const kind = (
			nonEmptyText(entry.output_type) ??
			nonEmptyText(entry.category) ??
			''
		).toLowerCase();
		if (!isTaskKind(kind)) return [];
		return [{ id, kind, modes: [], price: readPrice(entry) }];
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
