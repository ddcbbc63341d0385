import type { ModelKind, Snapshot, SnapshotModel } from '../../nodes/HiApi/models/snapshot';
import { isRecord, type UnknownRecord } from '../../nodes/shared/values';
import type { PublishedModel } from './readCatalogue.cts';
import { tidySchema } from './tidySchema.cts';

export interface Refreshed {
	snapshot: Snapshot;
	/** What is different now, and what a person should look at, one line each. */
	changes: string[];
}

const KINDS = ['image', 'video', 'audio'];
const lowerCase = (text: string) => text.toLowerCase();
const namesOf = (model: SnapshotModel) => [model.id, ...(model.aliases ?? [])];
const isLatin = (text: string) => !/[\u2e80-\u9fff\uac00-\ud7af]/.test(text);
const routeOf = (id: string) =>
	id.lastIndexOf('@') > 0 ? id.slice(id.lastIndexOf('@') + 1) : undefined;

/** The same model under another spelling, unless the catalogue lists both. */
function findPrevious(
	snapshot: Snapshot,
	id: string,
	isListed: (id: string) => boolean,
): SnapshotModel | 'spelling' | undefined {
	const exact = snapshot.models.find((model) => model.id === id);
	if (exact) return exact;
	const other = snapshot.models.find((model) =>
		namesOf(model).some((name) => lowerCase(name) === lowerCase(id)),
	);
	return other && isListed(other.id) ? 'spelling' : other;
}

function fieldChanges(before: UnknownRecord | undefined, after: UnknownRecord): string[] {
	const fields = (schema: UnknownRecord | undefined) =>
		isRecord(schema?.properties) ? schema.properties : {};
	const [old, now] = [fields(before), fields(after)];
	const required = (schema: UnknownRecord | undefined, name: string) =>
		Array.isArray(schema?.required) && schema.required.includes(name) ? ', required' : '';
	const shown = (schema: UnknownRecord | undefined, name: string) => {
		const { description: _words, ...rest } = fields(schema)[name] as UnknownRecord;
		return `${JSON.stringify(rest)}${required(schema, name)}`;
	};
	const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
	return names.flatMap((name) => {
		if (!(name in old)) return [`+ ${name} ${shown(after, name)}`];
		if (!(name in now)) return [`- ${name}`];
		return shown(before, name) === shown(after, name)
			? []
			: [`~ ${name} ${shown(before, name)} -> ${shown(after, name)}`];
	});
}

/** Everything in a schema but its fields: rules between them, and whether others are refused. */
function rulesOf(schema: UnknownRecord | undefined): string {
	const { type: _type, properties: _fields, required: _required, ...rules } = schema ?? {};
	return JSON.stringify(
		Object.fromEntries(Object.entries(rules).sort(([a], [b]) => a.localeCompare(b))),
	);
}

function modelChanges(before: SnapshotModel, after: SnapshotModel): string[] {
	const facts = (['id', 'kind', 'modes', 'status', 'confidence', 'routes'] as const).flatMap(
		(key) => {
			const [old, now] = [before[key], after[key]].map((value) => JSON.stringify(value ?? null));
			return old === now ? [] : [`${key} ${old} -> ${now}`];
		},
	);
	if (!after.inputSchema) return facts;
	const [old, now] = [rulesOf(before.inputSchema), rulesOf(after.inputSchema)];
	const rules = old === now ? [] : [`rules ${old} -> ${now}`];
	return [...facts, ...fieldChanges(before.inputSchema, after.inputSchema), ...rules];
}

/** The catalogue names one mode per model; the snapshot's list of several stays as long as that is one of them. */
function modesOf(model: PublishedModel, previous: SnapshotModel | undefined): string[] {
	if (previous && model.modes.every((mode) => previous.modes.includes(mode))) return previous.modes;
	return model.modes.length > 0 ? model.modes : ['unknown'];
}

function describe(
	model: PublishedModel,
	previous: SnapshotModel | undefined,
	snapshot: Snapshot,
): { entry: SnapshotModel; withoutWords: string[] } {
	const source = model.published ?? (previous?.inputSchema ? undefined : model.inputSchema);
	const tidied = source && tidySchema(source, previous?.inputSchema, snapshot);
	const schema = tidied?.schema ?? previous?.inputSchema;
	const required = Array.isArray(schema?.required) ? schema.required : [];
	const usual = previous?.usual?.filter(
		(name) => isRecord(schema?.properties) && name in schema.properties && !required.includes(name),
	);
	const isRenamed = previous !== undefined && previous.id !== model.id;
	const aliases =
		previous &&
		(isRenamed
			? [...new Set([previous.id, ...namesOf(previous)])].filter((name) => name !== model.id)
			: previous.aliases);
	const known = previous?.confidence === 'named-only' ? undefined : previous?.confidence;
	const entry: SnapshotModel = {
		id: model.id,
		title: previous?.title ?? (model.title && isLatin(model.title) ? model.title : model.id),
		kind: (KINDS.includes(model.kind) ? model.kind : previous?.kind) as ModelKind,
		modes: modesOf(model, previous),
		status: 'current',
		confidence: model.published ? 'documented' : schema ? (known ?? 'partial') : 'named-only',
		...(aliases && aliases.length > 0 && { aliases }),
		...(previous?.routes && { routes: previous.routes }),
		...(previous?.docs && { docs: previous.docs }),
		...(previous?.limits && { limits: previous.limits }),
		...(schema && { inputSchema: schema }),
		...(usual && usual.length > 0 && { usual }),
		...(!model.published && previous?.unconfirmed && { unconfirmed: previous.unconfirmed }),
	};
	return { entry, withoutWords: tidied?.withoutWords ?? [] };
}

/** Routes are facts of the list as a whole: the ones it names for a model, and those known before without an entry. */
function withRoutes(models: SnapshotModel[]): SnapshotModel[] {
	return models.map((model) => {
		const listed = models
			.filter(({ id }) => id.startsWith(`${model.id}@`))
			.map(({ id }) => routeOf(id) as string);
		const routes = [...new Set([...(model.routes ?? []), ...listed])].sort();
		if (routes.length === 0) return model;
		const { inputSchema, usual, unconfirmed, ...about } = model;
		return {
			...about,
			routes,
			...(inputSchema && { inputSchema }),
			...(usual && { usual }),
			...(unconfirmed && { unconfirmed }),
		};
	});
}

/**
 * The bundled list brought up to date with the catalogue. Titles, descriptions and limits stay in our own words. Models
 * the catalogue no longer lists stay and are named, since only HiAPI's own word retires one.
 *
 * @param today `YYYY-MM-DD`
 */
export function refreshSnapshot(
	snapshot: Snapshot,
	listed: PublishedModel[],
	today: string,
): Refreshed {
	const changes: string[] = [];
	const isListed = (id: string) => listed.some((model) => model.id === id);
	const renewed = new Map<string, SnapshotModel>();
	const added: SnapshotModel[] = [];
	const spellings = new Set<string>();
	for (const model of listed) {
		const previous = findPrevious(snapshot, model.id, isListed);
		if (previous === 'spelling') {
			spellings.add(lowerCase(model.id));
			continue;
		}
		if (!previous && !KINDS.includes(model.kind)) {
			changes.push(`! ${model.id}: left out, "${model.kind}" is no kind this package knows`);
			continue;
		}
		const { entry, withoutWords } = describe(model, previous, snapshot);
		if (previous) renewed.set(previous.id, entry);
		else added.push(entry);
		if (!model.published) changes.push(`! ${model.id}: no schema published`);
		for (const name of withoutWords) changes.push(`! ${model.id}: describe the field "${name}"`);
	}
	const models = withRoutes([
		...snapshot.models.map((model) => renewed.get(model.id) ?? model),
		...added,
	]);
	for (const [position, model] of models.entries()) {
		const before: SnapshotModel | undefined = snapshot.models[position];
		if (!before)
			changes.push(`+ ${model.id}: ${model.title} (${model.kind}, ${model.modes.join(', ')})`);
		else
			for (const change of modelChanges(before, model)) changes.push(`~ ${before.id}: ${change}`);
		const isGone =
			before?.status === 'current' &&
			!renewed.has(before.id) &&
			!namesOf(before).some((name) => spellings.has(lowerCase(name)));
		if (isGone) changes.push(`? ${model.id}: the catalogue does not list it`);
	}
	return { snapshot: { asOf: today, models }, changes };
}

/** The snapshot's text: a line per model, so that a change shows as the line it is in. */
export function formatSnapshot({ asOf, models }: Snapshot): string {
	return `{"asOf":${JSON.stringify(asOf)},"models":[\n${models.map((model) => JSON.stringify(model)).join(',\n')}\n]}\n`;
}
