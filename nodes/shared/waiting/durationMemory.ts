import { isRecord } from '../values';
import type { ExpectedDuration } from './pollSchedule';

const FIELD = 'hiApiDurations';
const MOST_MODELS = 30;
const MOST_DURATIONS = 8;
// One task says little about the next one.
const FEWEST_DURATIONS = 2;

/**
 * How long finished tasks took, per model, kept in the node's static data: the last 8 durations of the 30 models used
 * last. n8n stores static data of production runs only, and the last of two simultaneous runs wins; both are harmless.
 */
export class DurationMemory {
	private readonly durations: Record<string, number[]>;

	/** @param store the object of `getWorkflowStaticData('node')`; changed in place */
	constructor(private readonly store: Record<string, unknown>) {
		const known = isRecord(store[FIELD]) ? store[FIELD] : {};
		const entries = Object.entries(known).filter((entry): entry is [string, number[]] => isListOfNumbers(entry[1]));
		this.durations = Object.fromEntries(entries);
	}

	/** Remembers that a task of the model took this many seconds. */
	remember(model: string, seconds: number): void {
		if (!Number.isFinite(seconds) || seconds < 0) return;
		const known = [...(this.durations[model] ?? []), Math.round(seconds * 10) / 10].slice(-MOST_DURATIONS);
		// Re-inserting keeps the objects's order by last use, so that the first key is the one to forget.
		delete this.durations[model];
		this.durations[model] = known;
		for (const oldest of Object.keys(this.durations).slice(0, -MOST_MODELS)) delete this.durations[oldest];
		this.store[FIELD] = { ...this.durations };
	}

	/** What to expect of a model's next task; undefined while too little is known. */
	expected(model: string): ExpectedDuration | undefined {
		const known = this.durations[model] ?? [];
		if (known.length < FEWEST_DURATIONS) return undefined;
		return { shortest: Math.min(...known), longest: Math.max(...known) };
	}
}

function isListOfNumbers(value: unknown): value is number[] {
	return Array.isArray(value) && value.every((entry) => typeof entry === 'number' && Number.isFinite(entry));
}
