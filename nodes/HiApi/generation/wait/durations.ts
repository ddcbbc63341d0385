import type { ExpectedDuration } from './pollSchedule';
import { recordedDuration } from './recordedDurations';

const MOST_MODELS = 100;
const MOST_DURATIONS = 16;

interface KnownDuration {
	seconds: number;
	createdMs: number;
}

/** Durations of finished tasks by host and model, the ones used last at the end. */
export type DurationStore = Map<string, KnownDuration[]>;

/*
 * Kept by the process and not in n8n's static data: n8n stores that as one object per workflow, as it was when the run
 * began, so a long run would put back the place of every polling trigger in the workflow (n8n#6564).
 */
const durationsOfProcess: DurationStore = new Map();

/**
 * How long finished tasks took, per model: the durations of the 16 tasks created last of the 100 models used last. All
 * runs of this n8n process share them; after a restart they are learned anew, from what HiAPI has recorded.
 */
export class DurationMemory {
	private readonly lastToEnd = new Map<string, number>();

	/** @param host whose tasks these are; another host may be faster or slower */
	constructor(
		private readonly host: string,
		private readonly store: DurationStore = durationsOfProcess,
	) {}

	/**
	 * Remembers that a task of the model took this many seconds.
	 *
	 * @param createdMs when it was created, in milliseconds since 1970; now, when not given
	 */
	remember(model: string, seconds: number, createdMs = Number.MAX_SAFE_INTEGER): void {
		if (!Number.isFinite(seconds) || seconds < 0) return;
		const place = this.place(model);
		// By creation, not by end: of tasks started together the slowest end last, and they alone would be remembered.
		const known = [...(this.store.get(place) ?? []), { seconds, createdMs }]
			.sort((a, b) => a.createdMs - b.createdMs)
			.slice(-MOST_DURATIONS);
		this.lastToEnd.set(model, seconds);
		// Re-inserting keeps the order by last use, so that the first one is the one to forget.
		this.store.delete(place);
		this.store.set(place, known);
		const [oldest] = this.store.keys();
		if (this.store.size > MOST_MODELS) this.store.delete(oldest);
	}

	/** What to expect of a model's next task; undefined while nothing is known. */
	expected(model: string): ExpectedDuration | undefined {
		const known = (this.store.get(this.place(model)) ?? []).map(({ seconds }) => seconds);
		if (known.length === 0) return recordedDuration(model);
		// What is still running now began with the one that ended last, or after it, and may well take as long.
		return {
			shortest: Math.min(...known),
			longest: Math.max(...known, this.lastToEnd.get(model) ?? 0),
			tasks: known.length,
		};
	}

	private place(model: string): string {
		return JSON.stringify([this.host, model]);
	}
}
