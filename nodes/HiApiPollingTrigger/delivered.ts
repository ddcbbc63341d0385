// About a week of a busy account; each costs about 100 bytes.
const MOST_REMEMBERED = 5_000;

interface Trigger {
	/** Handed over together with a place that n8n has not been seen to store, by that place's revision. */
	unconfirmed: Map<string, string[]>;
	delivered: Set<string>;
}

/**
 * Remembers, while this process lives, which tasks each trigger has started its workflow with. When a workflow is restored or
 * imported over a live one, n8n gives the trigger an older place in the list, from which the same tasks are found again.
 * Only tasks whose place n8n has stored count: what was handed over with a place that got lost has to come again.
 */
export class Delivered {
	private readonly triggers = new Map<string, Trigger>();

	/**
	 * @param key names the trigger
	 * @param revision names the place that n8n is to store together with these tasks
	 */
	handOver(key: string, revision: string, taskIds: string[]): void {
		this.of(key).unconfirmed.set(revision, taskIds);
	}

	/** Call with the revision of each place that n8n gives the trigger: it was stored. */
	confirm(key: string, revision: string): void {
		const { unconfirmed, delivered } = this.of(key);
		for (const taskId of unconfirmed.get(revision) ?? []) delivered.add(taskId);
		unconfirmed.delete(revision);
		for (const taskId of delivered) {
			if (delivered.size <= MOST_REMEMBERED) break;
			delivered.delete(taskId);
		}
	}

	has(key: string, taskId: string): boolean {
		return this.of(key).delivered.has(taskId);
	}

	private of(key: string): Trigger {
		const known = this.triggers.get(key);
		if (known !== undefined) return known;
		const trigger = { unconfirmed: new Map<string, string[]>(), delivered: new Set<string>() };
		this.triggers.set(key, trigger);
		return trigger;
	}
}
