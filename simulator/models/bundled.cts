import { snapshot, type SnapshotModel } from '../../nodes/HiApi/models/snapshot';
import { addresses, integer, text, type JsonSchema, type SimulatedModel } from './schema.cts';

/** Those HiAPI is known to offer; the others may be gone, so they are sold to whoever asks for them by name. */
const LISTED = ['current', 'listed'];
const COSTS_USD = { image: 0.05, video: 0.5, audio: 0.1 };

/** `seedance-2-0` for `seedance-2.0`: how HiAPI wrote ids with a dot before. */
const isOldSpelling = (alias: string, id: string) =>
	!alias.includes('.') && id.replaceAll('.', '-').startsWith(alias);

/** Fields that models of a mode usually have, for those whose fields nobody publishes. Other fields are taken as well. */
function guessedSchema({ kind, modes }: SnapshotModel): JsonSchema {
	const takes = (what: string) => modes.some((mode) => mode.startsWith(what));
	return {
		type: 'object',
		required: [],
		properties: {
			prompt: text(),
			...(takes('image') && { image_urls: addresses() }),
			...(takes('reference') && { reference_image_urls: addresses() }),
			...(kind !== 'audio' && { aspect_ratio: text() }),
			...(kind === 'video' && { duration: integer(1, 60) }),
		},
	};
}

const schemaOf = (entry: SnapshotModel) => entry.inputSchema ?? guessedSchema(entry);

function toSimulated(entry: SnapshotModel, ofBase: SnapshotModel[]): SimulatedModel {
	const id = entry.id.split('@')[0];
	const aliases = ofBase.flatMap((one) => one.aliases ?? []).filter((alias) => alias !== id);
	const routes: SimulatedModel['routes'] = {};
	for (const route of entry.routes ?? []) routes[route] = schemaOf(entry);
	for (const one of ofBase) routes[one.id.split('@')[1] ?? 'default'] = schemaOf(one);
	return {
		id,
		aliases: aliases.filter((alias) => !isOldSpelling(alias, id)),
		oldIds: aliases.filter((alias) => isOldSpelling(alias, id)),
		title: entry.title,
		category: entry.kind,
		capability: entry.modes[0],
		routes,
		costUsd: COSTS_USD[entry.kind],
		isUnlisted: !LISTED.includes(entry.status),
	};
}

/**
 * The models of the package's bundled list that the simulator does not describe itself, with what that list knows of their
 * input; where it knows nothing, with the fields such models usually have. Whether HiAPI still offers each of them is not known.
 */
export function bundledModels(isKnown: (name: string) => boolean): SimulatedModel[] {
	const byBase = new Map<string, SnapshotModel[]>();
	for (const entry of snapshot.models) {
		const base = entry.id.split('@')[0];
		if (!isKnown(base)) byBase.set(base, [...(byBase.get(base) ?? []), entry]);
	}
	return [...byBase.values()].map((entries) => toSimulated(entries[0], entries));
}
