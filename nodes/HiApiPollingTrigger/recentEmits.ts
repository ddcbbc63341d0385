// n8n's durable scheduler gives a poll up for good when its lease ends: N8N_SCHEDULER_LEASE_DURATION, 60 seconds.
const NOT_STORED_MS = 60_000;
// About a week of a busy account; each costs about 100 bytes.
const MOST_REMEMBERED = 5_000;

interface Trigger {
	/** When tasks were emitted from a place, by that place's revision; milliseconds since 1970. */
	emittedFrom: Map<string, number>;
	/** Tasks emitted together with a place that n8n has not been seen to store, by that place's revision. */
	unconfirmed: Map<string, string[]>;
	emitted: Set<string>;
}

/** What goes out with one poll. */
export interface Emit {
	/** The place the poll started from. */
	from: string;
	/** The place that n8n is to store together with the tasks. */
	to: string;
	taskIds: string[];
}

/**
 * Remembers, while this process lives, what each trigger has started its workflow with.
 *
 * n8n's durable scheduler runs the polls of several poll times side by side, and stores the new place only after the poll
 * has returned (n8n 2.41, trigger-execution-context.factory.js): a poll that was given its place before that would find
 * the same tasks again. When n8n never stores the new place, the tasks come again after a minute.
 *
 * When a workflow is restored or imported over a live one, n8n gives the trigger an older place, from which the same tasks
 * are found again. Only tasks whose place n8n has stored count: what went out with a place that got lost has to come again.
 */
export class RecentEmits {
	private readonly triggers = new Map<string, Trigger>();

	/**
	 * @param key names the trigger
	 * @param nowMs milliseconds of the monotonic clock
	 */
	add(key: string, { from, to, taskIds }: Emit, nowMs: number): void {
		const trigger = this.of(key);
		for (const [revision, at] of trigger.emittedFrom)
			if (nowMs - at >= NOT_STORED_MS) trigger.emittedFrom.delete(revision);
		trigger.emittedFrom.set(from, nowMs);
		trigger.unconfirmed.set(to, taskIds);
	}

	/** Call with the revision of each place that n8n gives the trigger: it was stored. */
	confirm(key: string, revision: string): void {
		const { unconfirmed, emitted } = this.of(key);
		for (const taskId of unconfirmed.get(revision) ?? []) emitted.add(taskId);
		unconfirmed.delete(revision);
		for (const taskId of emitted) {
			if (emitted.size <= MOST_REMEMBERED) break;
			emitted.delete(taskId);
		}
	}

	/** Whether tasks were emitted from this place a short while ago. */
	hasEmittedFrom(key: string, revision: string, nowMs: number): boolean {
		const at = this.of(key).emittedFrom.get(revision);
		return at !== undefined && nowMs - at < NOT_STORED_MS;
	}

	has(key: string, taskId: string): boolean {
		return this.of(key).emitted.has(taskId);
	}

	private of(key: string): Trigger {
		const known = this.triggers.get(key);
		if (known !== undefined) return known;
		const trigger = {
			emittedFrom: new Map<string, number>(),
			unconfirmed: new Map<string, string[]>(),
			emitted: new Set<string>(),
		};
		this.triggers.set(key, trigger);
		return trigger;
	}
}
