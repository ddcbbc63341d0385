import { snapshot, type SnapshotModel } from '../../nodes/HiApi/models/snapshot';
import type { SimulatedModel } from './schema.cts';

const COSTS_USD = { image: 0.05, video: 0.5, audio: 0.1 };

/** `seedance-2-0` for `seedance-2.0`: how HiAPI wrote ids with a dot before. */
const isOldSpelling = (alias: string, id: string) =>
	!alias.includes('.') && id.replaceAll('.', '-').startsWith(alias);

function toSimulated(entry: SnapshotModel, ofBase: SnapshotModel[]): SimulatedModel {
	const id = entry.id.split('@')[0];
	const aliases = ofBase.flatMap((one) => one.aliases ?? []).filter((alias) => alias !== id);
	const routes: SimulatedModel['routes'] = {};
	for (const route of entry.routes ?? []) routes[route] = entry.inputSchema ?? null;
	for (const one of ofBase) routes[one.id.split('@')[1] ?? 'default'] = one.inputSchema ?? null;
	return {
		id,
		aliases: aliases.filter((alias) => !isOldSpelling(alias, id)),
		oldIds: aliases.filter((alias) => isOldSpelling(alias, id)),
		title: entry.title,
		category: entry.kind,
		capability: entry.modes[0],
		routes,
		costUsd: COSTS_USD[entry.kind],
	};
}

/**
 * The models of the package's bundled list that the simulator does not describe itself, with what that list knows of their
 * input; where it knows nothing, any input is taken. Whether HiAPI still offers each of them is not known.
 */
export function bundledModels(isKnown: (name: string) => boolean): SimulatedModel[] {
	const byBase = new Map<string, SnapshotModel[]>();
	for (const entry of snapshot.models) {
		const base = entry.id.split('@')[0];
		if (!isKnown(base)) byBase.set(base, [...(byBase.get(base) ?? []), entry]);
	}
	return [...byBase.values()].map((entries) => toSimulated(entries[0], entries));
}
