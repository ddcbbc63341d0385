import { bundledModels } from './bundled.cts';
import { imageModels } from './images.cts';
import type { JsonSchema, SimulatedModel } from './schema.cts';
import { videoAndAudioModels } from './videosAndAudio.cts';

export type { JsonSchema, SimulatedModel } from './schema.cts';

/** Takes any input and any route. `m` is the name the official SDKs' tests use. */
const anyModel: SimulatedModel = {
	id: 'any-model',
	aliases: ['m'],
	title: 'Anything goes (simulator only)',
	category: 'image',
	capability: 'text-to-image',
	costUsd: 0.01,
	isUnlisted: true,
	routes: { default: null },
};

/** The models the simulator describes itself, in more detail than the package's bundled list. */
export const models: SimulatedModel[] = [...imageModels, ...videoAndAudioModels, anyModel];

const byName = new Map<string, SimulatedModel>();
const byOldId = new Map<string, SimulatedModel>();
function register(list: SimulatedModel[]): void {
	for (const model of list) {
		for (const name of [model.id, ...model.aliases]) byName.set(name, model);
		for (const name of model.oldIds ?? []) byOldId.set(name, model);
	}
}
register(models);
const bundled = bundledModels((name) => byName.has(name) || byOldId.has(name));
register(bundled);

/** A request's model and route, resolved. */
export interface ResolvedModel {
	model: SimulatedModel;
	/** `default` or the route's name. */
	route: string;
	/** What the task shows as its model. */
	shownModel: string;
	schema: JsonSchema | null;
}

export type ModelProblem =
	| { problem: 'model' }
	| { problem: 'route'; route: string; available: string[]; model: string };

/**
 * Finds the model and route of a create. `base@suffix` is a model with a route; the `route` field wins unless it is
 * empty or `default` (hiapi-python README, section routes).
 */
export function resolveModel(
	name: string,
	routeField: string | undefined,
	takesOldIds: boolean,
): ResolvedModel | ModelProblem {
	const at = name.indexOf('@');
	const base = at < 0 ? name : name.slice(0, at);
	const suffix = at < 0 ? '' : name.slice(at + 1);
	const model = byName.get(base) ?? (takesOldIds ? byOldId.get(base) : undefined);
	if (!model) return { problem: 'model' };
	const asked = routeField && routeField !== 'default' ? routeField : suffix;
	const route = asked === '' ? 'default' : asked;
	const takesAnyRoute = model.id === anyModel.id;
	if (!takesAnyRoute && !Object.hasOwn(model.routes, route)) {
		return { problem: 'route', route, available: Object.keys(model.routes), model: base };
	}
	const schema = takesAnyRoute ? null : model.routes[route];
	return { model, route, schema, shownModel: route === 'default' ? base : `${base}@${route}` };
}

/** Every id the catalogue lists: `id` for a model's default route, `id@route` for the others. */
export function listedModels(): Array<{
	name: string;
	model: SimulatedModel;
	schema: JsonSchema | null;
}> {
	const listed = [...models, ...bundled].filter(({ isUnlisted }) => !isUnlisted);
	return listed.flatMap((model) =>
		Object.entries(model.routes).map(([route, schema]) => ({
			name: route === 'default' ? model.id : `${model.id}@${route}`,
			model,
			schema,
		})),
	);
}
