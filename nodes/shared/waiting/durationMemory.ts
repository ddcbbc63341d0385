import { isRecord } from '../values';
import type { ExpectedDuration } from './pollSchedule';

const FIELD = 'hiApiDurations';
const MOST_MODELS = 30;
const MOST_DURATIONS = 8;
// One task says little about the next one.
const FEWEST_DURATIONS = 2;

interface KnownDuration {
	seconds: number;
	createdMs: number;
}

/**
 * How long finished tasks took, per model, kept in the node's static data: the durations of the 8 tasks created last of the
 * 30 models used last. n8n stores static data of production runs only, and the last of two simultaneous runs wins; both are
 * harmless.
 */
export class DurationMemory {
	private readonly durations: Record<string, KnownDuration[]>;
	private readonly lastToEnd = new Map<string, number>();

	/** @param store the object of `getWorkflowStaticData('node')`; changed in place */
	constructor(private readonly store: Record<string, unknown>) {
		const known = isRecord(store[FIELD]) ? store[FIELD] : {};
		const entries = Object.entries(known).filter((entry): entry is [string, number[]] =>
			isListOfNumbers(entry[1]),
		);
		this.durations = Object.fromEntries(
			entries.map(([model, list]) => [model, list.map((seconds) => ({ seconds, createdMs: 0 }))]),
		);
	}

	/**
	 * Remembers that a task of the model took this many seconds.
	 *
	 * @param createdMs when it was created, in milliseconds since 1970; now, when not given
	 */
	remember(model: string, seconds: number, createdMs = Number.MAX_SAFE_INTEGER): void {
		if (!Number.isFinite(seconds) || seconds < 0) return;
		// By creation, not by end: of tasks started together the slowest end last, and they alone would be remembered.
		const known = [
			...(this.durations[model] ?? []),
			{ seconds: Math.round(seconds * 10) / 10, createdMs },
		]
			.sort((a, b) => a.createdMs - b.createdMs)
			.slice(-MOST_DURATIONS);
		this.lastToEnd.set(model, seconds);
		// Re-inserting keeps the object's order by last use, so that the first key is the one to forget.
		delete this.durations[model];
		this.durations[model] = known;
		for (const oldest of Object.keys(this.durations).slice(0, -MOST_MODELS))
			delete this.durations[oldest];
		this.store[FIELD] = Object.fromEntries(
			Object.entries(this.durations).map(([name, list]) => [
				name,
				list.map((entry) => entry.seconds),
			]),
		);
	}

	/** What to expect of a model's next task; undefined while too little is known. */
	expected(model: string): ExpectedDuration | undefined {
		const known = (this.durations[model] ?? []).map(({ seconds }) => seconds);
		if (known.length < FEWEST_DURATIONS) return undefined;
		// What is still running now began with the one that ended last, or after it, and may well take as long.
		return {
			shortest: Math.min(...known),
			longest: Math.max(...known, this.lastToEnd.get(model) ?? 0),
		};
	}
}

function isListOfNumbers(value: unknown): value is number[] {
	return (
		Array.isArray(value) &&
		value.every((entry) => typeof entry === 'number' && Number.isFinite(entry))
	);
}
