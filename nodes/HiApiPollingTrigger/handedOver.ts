// n8n's durable scheduler gives a poll up for good when its lease ends: N8N_SCHEDULER_LEASE_DURATION, 60 seconds.
const REMEMBERED_MS = 60_000;

/**
 * Remembers from which place in the list tasks were handed over to n8n. n8n's durable scheduler runs the polls of several
 * poll times side by side, and stores the new place only after the poll has returned (n8n 2.41,
 * trigger-execution-context.factory.js): a poll that was given its place before that would find the same tasks again.
 * When n8n never stores the new place, the tasks come again once this has been forgotten.
 */
export class HandedOver {
	private readonly places = new Map<string, Map<string, number>>();

	/**
	 * @param key names the trigger
	 * @param revision names the place the poll started from
	 * @param nowMs milliseconds since 1970
	 */
	add(key: string, revision: string, nowMs: number): void {
		this.places.set(key, this.recent(key, nowMs).set(revision, nowMs));
	}

	/** Whether tasks were handed over from this place a short while ago. */
	has(key: string, revision: string, nowMs: number): boolean {
		return this.recent(key, nowMs).has(revision);
	}

	private recent(key: string, nowMs: number): Map<string, number> {
		return new Map(
			[...(this.places.get(key) ?? [])].filter(([, at]) => nowMs - at < REMEMBERED_MS),
		);
	}
}
