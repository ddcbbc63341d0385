import { KEY_LIFETIME_MS } from '../request/idempotencyKey';
import type { Caller } from '../ports/ports';
import type { CreateAttempt } from './createdTasks';

/** How a run ended for one create attempt: with its result, with an item that says what is known of it, or with an error. */
export type Ending = 'result' | 'item' | 'error';

interface Entry {
	caller: Caller;
	/** In milliseconds since 1970. */
	beganMs: number;
	/** Absent while it is being created or waited for. */
	ended?: { atMs: number; by: Ending };
}

// Calls that come together are wishes for several results. Nobody gives up waiting sooner than this.
const SIMULTANEOUS_MS = 2_000;
// Clients wait for an answer at least this long, mostly 60 s (DEFAULT_REQUEST_TIMEOUT_MSEC of the MCP SDK).
const SURELY_RECEIVED_MS = 10_000;
// Whoever gave up waiting asks again soon; later, somebody wants another result.
const ASKED_AGAIN_MS = 2 * 60_000;

/**
 * What was created and may never have reached its caller. Kept by the process, bounded, without prompts; used for callers
 * for whom the memory n8n keeps with an execution is of no use, because every try of theirs is another execution, or
 * none. Nothing is given away twice: what somebody has got, or can fetch by a task ID they were told, is no longer here.
 */
export class UnansweredCreates {
	/** In the order in which they began. */
	private readonly entries = new Map<CreateAttempt, Entry>();

	/** @param most how many create attempts are remembered; the oldest are forgotten first */
	constructor(private readonly most: number) {}

	/** Notes that a create attempt is being made or waited for, for a caller. `nowMs`: milliseconds since 1970. */
	begin(caller: Caller, record: CreateAttempt, nowMs: number): void {
		this.entries.delete(record);
		this.entries.set(record, { caller, beganMs: nowMs });
		const [oldest] = this.entries.keys();
		if (this.entries.size > this.most) this.entries.delete(oldest);
	}

	/** Notes that the run with a create attempt has ended. `nowMs`: milliseconds since 1970. */
	end(record: CreateAttempt, by: Ending, nowMs: number): void {
		const entry = this.entries.get(record);
		if (entry === undefined) {
			// Retry of a sub-workflow's own execution brings what the calling workflow did not get.
			if (by === 'result') this.forget(record);
			return;
		}
		if (mayBeAskedForAgain(entry, record, by, nowMs)) entry.ended = { atMs: nowMs, by };
		else this.entries.delete(record);
	}

	/** Drops a create attempt that another one has replaced, or that was got in another way. */
	forget({ key }: CreateAttempt): void {
		for (const record of this.entries.keys()) if (record.key === key) this.entries.delete(record);
	}

	/**
	 * The create attempt a caller asks for again, or undefined when this is a new wish. A client that repeats a call shares the
	 * create attempt with its first call; from everybody else it is taken away, so that only one of them gets the task.
	 *
	 * @param requestHash hash of what is asked for
	 */
	take(
		caller: Caller,
		requestHash: string,
		userKey: string | undefined,
		nowMs: number,
	): CreateAttempt | undefined {
		const [record] = this.meant(caller, requestHash, userKey, nowMs);
		if (record === undefined || caller.kind === 'client') return record;
		this.entries.delete(record);
		const taken = { ...record };
		record.gone = true;
		return taken;
	}

	/**
	 * What `take` would give, which stays here.
	 *
	 * @param claimed what others of the same run will take first
	 */
	peek(
		caller: Caller,
		requestHash: string,
		userKey: string | undefined,
		nowMs: number,
		claimed: ReadonlySet<CreateAttempt>,
	): CreateAttempt | undefined {
		const meant = this.meant(caller, requestHash, userKey, nowMs);
		return meant.find((record) => caller.kind === 'client' || !claimed.has(record));
	}

	private meant(
		caller: Caller,
		requestHash: string,
		userKey: string | undefined,
		nowMs: number,
	): CreateAttempt[] {
		for (const record of this.entries.keys())
			if (nowMs - record.startedAt >= KEY_LIFETIME_MS) this.entries.delete(record);
		return [...this.entries].flatMap(([record, entry]) =>
			entry.caller.kind === caller.kind &&
			entry.caller.id === caller.id &&
			record.requestHash === requestHash &&
			record.userKey === userKey &&
			isMeant(entry, nowMs)
				? [record]
				: [],
		);
	}
}

function mayBeAskedForAgain(
	{ caller, beganMs }: Entry,
	{ key, withoutResult, taskId }: CreateAttempt,
	by: Ending,
	nowMs: number,
): boolean {
	// Nothing was created, or HiAPI ended the task in failure and the caller was told.
	if (key === '' || withoutResult === 'failed') return false;
	switch (caller.kind) {
		case 'client':
			return by !== 'result' || nowMs - beganMs >= SURELY_RECEIVED_MS;
		case 'workflow':
			return by === 'error' || (by === 'item' && taskId === undefined);
		case 'anyClient':
			return by !== 'result' && taskId === undefined;
	}
}

function isMeant({ caller, beganMs, ended }: Entry, nowMs: number): boolean {
	if (ended !== undefined && ended.by !== 'result') return true;
	// Two calls of one loop are two jobs, and so are calls that nothing tells apart.
	if (caller.kind !== 'client') return false;
	return ended === undefined
		? nowMs - beganMs >= SIMULTANEOUS_MS
		: nowMs - ended.atMs < ASKED_AGAIN_MS;
}
