interface Indexed {
	/** Hash of what was asked for. */
	requestHash: string;
}

/** Where create attempts lie, by what was asked for and by run: searching all of them for each item takes minutes for 10,000 items. */
export class RequestIndex {
	private readonly places = new Map<string, Map<string, Set<string>>>();

	add(place: string, { requestHash }: Indexed): void {
		const runs = this.places.get(requestHash) ?? new Map<string, Set<string>>();
		this.places.set(requestHash, runs);
		const run = runOf(place);
		runs.set(run, (runs.get(run) ?? new Set()).add(place));
	}

	remove(place: string, { requestHash }: Indexed): void {
		this.places.get(requestHash)?.get(runOf(place))?.delete(place);
	}

	placesOfOtherRuns(requestHash: string, runIndex: number): string[] {
		return [...(this.places.get(requestHash) ?? [])]
			.filter(([run]) => run !== `${runIndex}`)
			.flatMap(([, places]) => [...places]);
	}
}

// Runs of one node at the same time, as of an agent's tool, change the same records.
const indexes = new WeakMap<Record<string, Indexed>, RequestIndex>();

/** The index of these records, which all runs that change them share. */
export function indexOf(records: Record<string, Indexed>): RequestIndex {
	const known = indexes.get(records);
	if (known !== undefined) return known;
	const index = new RequestIndex();
	for (const [place, record] of Object.entries(records)) index.add(place, record);
	indexes.set(records, index);
	return index;
}

function runOf(place: string): string {
	return place.slice(0, place.indexOf(':'));
}
