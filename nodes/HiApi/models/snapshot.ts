import bundled from './snapshot.json';

/**
 * `current`: in HiAPI's own material. `listed`: only in other people's lists of HiAPI models. `unknown`: such a list, and
 * doubtful. `legacy`: only known from older endpoints. `retired`: HiAPI says so.
 */
export type ModelStatus = 'current' | 'listed' | 'unknown' | 'legacy' | 'retired';

/** How much of a model's input is known: its whole field list, some fields, or only that the ID exists. */
export type ModelConfidence = 'documented' | 'partial' | 'named-only';

export type ModelKind = 'image' | 'video' | 'audio';

/** A JSON Schema 2020-12 object, or any other JSON object whose keys are not known in advance. */
export type JsonObject = { [key: string]: unknown };

/** One model, or one route of a model where the route changes the fields (its `id` is then `model@route`). */
export interface SnapshotModel {
	/** What a task's `model` is set to, e.g. `happyhorse-1.1/text-to-video` or `gpt-image-2/text-to-image@ext`. */
	id: string;
	title: string;
	kind: ModelKind;
	/** What goes in and comes out, e.g. `text-to-image`. */
	modes: string[];
	status: ModelStatus;
	confidence: ModelConfidence;
	/** Other spellings in use for the same model. */
	aliases?: string[];
	/** Routes this model also answers on, apart from the default one. */
	routes?: string[];
	/** HiAPI's page about the model. */
	docs?: string;
	/** Rules between fields that the schema does not express, one sentence each. */
	limits?: string[];
	/** Absent when no field is known. */
	inputSchema?: JsonObject;
	/** Fields nearly every task needs, although it is not certain that HiAPI insists on them. */
	usual?: string[];
	/** Fields that HiAPI's own material does not name. */
	unconfirmed?: string[];
}

export interface Snapshot {
	/** The day the list was made, `YYYY-MM-DD`. */
	asOf: string;
	models: SnapshotModel[];
}

/**
 * The models known when this package was released: what the node falls back on when HiAPI's catalogue
 * (www.hiapi.ai/docs/models.json) cannot be reached. Refreshed by `npm run snapshot`.
 */
export const snapshot = bundled as Snapshot;

const isDefaultRoute = (route: string) => route === '' || route === 'default';

/**
 * One name for a model on a route: `model@route`, the spelling HiAPI's price list uses and `POST /v1/tasks` accepts as
 * `model`. A separate route wins over one inside the model ID; `''` and `default` name the default route.
 */
export function routedModelId(model: string, route = ''): string {
	if (isDefaultRoute(route)) return model;
	const at = model.lastIndexOf('@');
	return `${at > 0 ? model.slice(0, at) : model}@${route}`;
}

const byId = (id: string) => snapshot.models.find((entry) => entry.id === id);
const byAlias = (id: string) => snapshot.models.find((entry) => entry.aliases?.includes(id));

/**
 * The bundled entry for a model on a route, by its ID or another spelling of it. Undefined when the route is not known:
 * routes differ in their fields, so another route's entry would mislead.
 */
export function findSnapshotModel(model: string, route = ''): SnapshotModel | undefined {
	const id = routedModelId(model, route);
	const direct = byId(id) ?? byAlias(id);
	if (direct) return direct;
	const at = id.lastIndexOf('@');
	if (at < 1) return undefined;
	const base = byAlias(id.slice(0, at));
	return base && byId(`${base.id}${id.slice(at)}`);
}
