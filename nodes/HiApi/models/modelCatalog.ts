import type { UnknownRecord } from '../../shared/values';
import { CatalogCache, FRESH_MS, type CatalogAccess } from './catalogCache';
import {
	readModelIndex,
	readPricing,
	schemaOwners,
	type ListedModel,
	type PricedModel,
} from './catalogReader';
import { fieldsOf, readInputSchema, type InputField } from './inputSchema';
import { estimateCost, findPrice, type CostEstimate } from './price';
import type { ReadPrice } from './priceRow';
import {
	findSnapshotModel,
	routedModelId,
	snapshot,
	type ModelStatus,
	type SnapshotModel,
} from './snapshot';

export type { CatalogAccess } from './catalogCache';

const INDEX_PATH = '/docs/models.json';
const PRICING_PATH = '/api/pricing';
const contentPath = (id: string) => `/api/models/content?name=${encodeURIComponent(id)}`;

/** A model as the picker and Model → Get Many show it. */
export interface CatalogModel {
	/** What a task's `model` is set to; `model@route` for a route with fields or a price of its own. */
	id: string;
	title: string;
	kind: string;
	modes: string[];
	status: ModelStatus;
	aliases?: string[];
	docs?: string;
	/** `live`: HiAPI's catalogue lists it now. `snapshot`: known when this package was released. */
	source: 'live' | 'snapshot';
}

/** What is known about a model's input. */
export interface ModelInput {
	/** The ID looked up, route included. */
	model: string;
	/**
	 * `live`: the schema HiAPI publishes. `index`: the shorter list of its model index. `snapshot`: bundled with this
	 * package. `none`: nothing is known, and any field may be right.
	 */
	source: 'live' | 'index' | 'snapshot' | 'none';
	schema?: UnknownRecord;
	fields: InputField[];
	/** Fields nearly every task needs without being required. */
	usual: string[];
	/** Rules between fields that the schema does not express. */
	limits: string[];
	docs?: string;
}

interface PriceList {
	models: PricedModel[];
	prices: ReadPrice[];
	/** In milliseconds since 1970. */
	readAtMs: number;
}

/** What one task will cost by HiAPI's price list, or why that cannot be said. */
export type PricedTask = CostEstimate & {
	/** What the price is for, such as `per second`. */
	unit?: string;
	/** When the price list was read, in milliseconds since 1970. */
	pricedAtMs?: number;
	/** There is no price list to go by, so that no model has a price. */
	listMissing?: true;
};

const nonEmpty = <T>(list: T[]) => (list.length > 0 ? list : undefined);
const lowerCase = (text: string) => text.toLowerCase();
const withoutRoute = (id: string) =>
	id.lastIndexOf('@') > 0 ? id.slice(0, id.lastIndexOf('@')) : id;
/** Some titles in the catalogue are Chinese; the ID says more to everybody else. */
const isLatin = (text: string) => !/[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]/.test(text);

/** A bundled entry by any of its spellings, whatever the case. */
function bundledEntry(id: string): SnapshotModel | undefined {
	const wanted = lowerCase(id);
	return (
		findSnapshotModel(id) ??
		snapshot.models.find((model) =>
			[model.id, ...(model.aliases ?? [])].some((name) => lowerCase(name) === wanted),
		)
	);
}

function liveEntry(listed: ListedModel, all: Map<string, ListedModel>): CatalogModel {
	const bundled = bundledEntry(listed.id);
	// an older spelling beside the current one keeps its own title, so that the two can be told apart
	const known = bundled && bundled.id !== listed.id && all.has(bundled.id) ? undefined : bundled;
	const base = withoutRoute(listed.id);
	const parent = base === listed.id ? undefined : all.get(base);
	const route = listed.id.slice(base.length + 1);
	const ownTitle = listed.title !== undefined && isLatin(listed.title) ? listed.title : undefined;
	// the catalogue names one mode per model; the bundled list may know of more
	const modes =
		known && listed.modes.every((mode) => known.modes.includes(mode)) ? known.modes : listed.modes;
	const parentTitle = parent && (bundledEntry(base)?.title ?? parent.title);
	return {
		id: listed.id,
		title:
			known?.title ??
			ownTitle ??
			(parentTitle && isLatin(parentTitle) ? `${parentTitle}, ${route} route` : listed.id),
		kind: listed.kind || (known?.kind ?? parent?.kind ?? ''),
		modes: nonEmpty(modes) ?? parent?.modes ?? [],
		status: 'current',
		aliases: known && [known.id, ...(known.aliases ?? [])].filter((name) => name !== listed.id),
		docs: known?.docs,
		source: 'live',
	};
}

const bundledModel = (model: SnapshotModel): CatalogModel => ({
	id: model.id,
	title: model.title,
	kind: model.kind,
	modes: model.modes,
	status: model.status,
	aliases: model.aliases,
	docs: model.docs,
	source: 'snapshot',
});

/**
 * HiAPI's models and their input fields: from its public catalogue while that answers, else as last read, else as bundled.
 * The catalogue is no documented contract, so whatever it answers, nothing here throws.
 */
export class ModelCatalog {
	private readonly cache = new CatalogCache();

	/** Every model known. While the catalogue answers, other models are listed only if HiAPI's own material names them. */
	async listModels(access: CatalogAccess): Promise<CatalogModel[]> {
		const [index, pricing] = await Promise.all([this.index(access), this.pricing(access)]);
		const listed = new Map<string, ListedModel>();
		for (const model of [...(pricing?.models ?? []), ...(index ?? [])]) listed.set(model.id, model);
		if (index === undefined && pricing === undefined) return snapshot.models.map(bundledModel);
		const live = [...listed.values()].map((model) => liveEntry(model, listed));
		const names = new Set(
			live.flatMap((model) => [model.id, ...(model.aliases ?? [])]).map(lowerCase),
		);
		const isMissing = (model: SnapshotModel) =>
			![model.id, ...(model.aliases ?? [])].some((name) => names.has(lowerCase(name)));
		const bundled = snapshot.models.filter(
			(model) => model.status === 'current' && isMissing(model),
		);
		return [...live, ...bundled.map(bundledModel)];
	}

	/** What a model on a route takes as input. A route inside the model ID and one beside it are the same. */
	async modelInput(access: CatalogAccess, model: string, route = ''): Promise<ModelInput> {
		const id = routedModelId(model, route);
		const known = findSnapshotModel(model, route);
		const about = {
			model: id,
			usual: known?.usual ?? [],
			limits: known?.limits ?? [],
			docs: known?.docs,
		};
		const live = id === '' ? undefined : await this.publishedSchema(access, id);
		// the bundled limits were true for the bundled schema; a published one speaks for itself
		if (live) return { ...about, source: 'live', schema: live, fields: fieldsOf(live), limits: [] };
		const listed = (await this.index(access))?.find((entry) => entry.id === id)?.inputSchema;
		if (listed) return { ...about, source: 'index', schema: listed, fields: fieldsOf(listed) };
		const bundled = known?.inputSchema;
		if (bundled)
			return { ...about, source: 'snapshot', schema: bundled, fields: fieldsOf(bundled) };
		return { ...about, source: 'none', fields: [] };
	}

	/** What the price list says about a model, if it can be read. Never bundled: an old price is worse than none. */
	async price(access: CatalogAccess, model: string, route = ''): Promise<ReadPrice | undefined> {
		return findPrice((await this.pricing(access))?.prices ?? [], routedModelId(model, route));
	}

	/** What the price list says about every model it has, by the ID it is listed under. */
	async prices(access: CatalogAccess): Promise<Map<string, ReadPrice>> {
		const prices = (await this.pricing(access))?.prices ?? [];
		return new Map(prices.map((price) => [price.model, price]));
	}

	/**
	 * What one task with this input will cost by HiAPI's price list as it is now: one that was read earlier and cannot be
	 * read any more does not count.
	 */
	async estimate(
		access: CatalogAccess,
		model: string,
		route: string,
		input: UnknownRecord,
	): Promise<PricedTask> {
		const list = await this.pricing(access);
		if (list === undefined || access.now() - list.readAtMs > FRESH_MS)
			return { reason: "HiAPI's price list cannot be read now", listMissing: true };
		const price = findPrice(list.prices, routedModelId(model, route));
		const about = { pricedAtMs: list.readAtMs, ...(price?.unit && { unit: price.unit }) };
		if (price === undefined)
			return { ...about, reason: "HiAPI's price list does not hold this model" };
		const { source, fields } = await this.modelInput(access, price.model);
		const defaults = fields.map((field) => [field.name, field.defaultValue]);
		return {
			...about,
			...estimateCost(
				price,
				input,
				source === 'live' ? (Object.fromEntries(defaults) as UnknownRecord) : undefined,
			),
		};
	}

	private async publishedSchema(
		access: CatalogAccess,
		id: string,
	): Promise<UnknownRecord | undefined> {
		return await this.cache.get(access, contentPath(id), (answer) => {
			const owners = schemaOwners(answer);
			// asked for a route, a catalogue that does not know it may answer with the default route's fields
			const isOfOtherRoute = id.includes('@') && owners.length > 0 && !owners.includes(id);
			return isOfOtherRoute ? undefined : readInputSchema(answer);
		});
	}

	private async index(access: CatalogAccess): Promise<ListedModel[] | undefined> {
		return await this.cache.get(access, INDEX_PATH, (answer) => nonEmpty(readModelIndex(answer)));
	}

	private async pricing(access: CatalogAccess): Promise<PriceList | undefined> {
		return await this.cache.get(access, PRICING_PATH, (answer) => {
			const models = readPricing(answer);
			if (models.length === 0) return undefined;
			return { models, prices: models.map(({ price }) => price), readAtMs: access.now() };
		});
	}
}

/** The one catalogue of this process, so that its cache serves every node and execution. */
export const modelCatalog = new ModelCatalog();
