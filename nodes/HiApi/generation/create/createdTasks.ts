import { NODE_CONTEXT } from '../../../shared/stored';
import { isRecord, trimmedOrUndefined } from '../../../shared/values';
import { KEY_LIFETIME_MS } from '../request/idempotencyKey';
import type { ReusePolicy } from '../ports/ports';
import type { CreateOutcome } from '../../../shared/errors/requestFailure';
import { indexOf, type RequestIndex } from './requestIndex';

/** What is remembered of one item's create attempt, kept with the execution. No prompt, no input. */
export interface CreateAttempt {
	key: string;
	/** The key the user typed in, if any; `key` is made from it. */
	userKey?: string;
	/** Hash of what the user asked for; the same while the parameters give the same values. */
	requestHash: string;
	/** Makes the keys of one item's create attempts different; counts definite refusals and retries together. */
	attempt: number;
	/** How many times a failed task was replaced by a new create attempt before this one. */
	retries: number;
	/** When the key was first sent, in milliseconds since 1970. */
	startedAt: number;
	/** Set as soon as HiAPI has answered with a task. */
	taskId?: string;
	/** Set when an answer was lost: HiAPI may have created the task, and only the same key can tell. */
	uncertain?: boolean;
	/**
	 * Set when the item ended without its result. `resultPending`: the create attempt may still bring it. `failed`: HiAPI ended the task
	 * in failure, and the item said so.
	 */
	withoutResult?: 'resultPending' | 'failed';
	/** Set when another execution that was asked for the same took the create attempt over: it is no longer this one's. */
	gone?: boolean;
}

/** Tells what is wanted for an item of a run from everything else: the item's index, and a text where it wants several tasks. */
export type ItemKey = number | string;

/** What to do for an item, given what is remembered of it. */
export type CreateDecision =
	| { action: 'wait'; taskId: string; record: CreateAttempt }
	| { action: 'submit'; attempt: number; retries: number; record?: CreateAttempt }
	| { action: 'tooOld'; record: CreateAttempt };

const FIRST = { action: 'submit', attempt: 0, retries: 0 } as const;

/**
 * The node's memory of what it has created in this execution. It lives in n8n's node context, which is kept between
 * Retry On Fail tries and is stored with a failed execution, so that a retry from the executions list finds it too.
 */
export class CreatedTasks {
	private readonly records: Record<string, CreateAttempt>;
	private readonly index: RequestIndex;

	/**
	 * @param store the object of `getContext('node')`; changed in place
	 * @param executionId of this execution; a retry keeps the id of the execution that created first, so that keys stay the same
	 */
	constructor(store: Record<string, unknown>, executionId: string) {
		const known = store[NODE_CONTEXT.createdTasks];
		if (
			isRecord(known) &&
			isRecord(known.records) &&
			trimmedOrUndefined(known.executionId) !== undefined
		) {
			this.executionId = known.executionId as string;
			this.records = known.records as Record<string, CreateAttempt>;
		} else {
			this.executionId = executionId;
			this.records = {};
			store[NODE_CONTEXT.createdTasks] = { executionId, records: this.records };
		}
		this.index = indexOf(this.records);
	}

	/** The execution the keys are made for: this one, or the one it is a retry of. */
	readonly executionId: string;

	/**
	 * What to do for an item whose request has the given hash. Another request, or another key chosen by the user, is
	 * another create attempt; the same one in a later run goes on with what `reuse` allows. `nowMs`: milliseconds since 1970.
	 * `elsewhere`: looks for a create attempt of the same thing that is not in this memory.
	 */
	decide(
		runIndex: number,
		itemIndex: ItemKey,
		requestHash: string,
		nowMs: number,
		userKey?: string,
		reuse: ReusePolicy = 'unconfirmed',
		elsewhere?: () => CreateAttempt | undefined,
	): CreateDecision {
		const asked = { requestHash, userKey };
		const own = this.find(runIndex, itemIndex);
		const record =
			own !== undefined && own.gone !== true && isFor(own, asked)
				? own
				: (this.takeOver(runIndex, itemIndex, asked, nowMs, reuse) ??
					this.adopt(runIndex, itemIndex, elsewhere?.()));
		if (record === undefined)
			return own?.gone === true ? { ...FIRST, attempt: own.attempt + 1 } : FIRST;
		delete record.withoutResult;
		if (record.taskId !== undefined) return { action: 'wait', taskId: record.taskId, record };
		const keySent = record.key !== '';
		if (keySent && nowMs - record.startedAt >= KEY_LIFETIME_MS) return { action: 'tooOld', record };
		const { attempt, retries } = record;
		if (!keySent) return { action: 'submit', attempt, retries };
		// A key that went out and never got its verdict, for example because the run was stopped: nobody knows.
		record.uncertain = true;
		return { action: 'submit', attempt, retries, record };
	}

	/**
	 * The create attempt `decide` would find for an item, without any change to what is remembered.
	 *
	 * @param claimed what other items of the run will find first
	 * @param elsewhere looks for a create attempt of the same thing that is not in this memory
	 */
	foresee(
		runIndex: number,
		itemIndex: ItemKey,
		requestHash: string,
		nowMs: number,
		userKey: string | undefined,
		reuse: ReusePolicy,
		claimed: ReadonlySet<CreateAttempt>,
		elsewhere?: () => CreateAttempt | undefined,
	): CreateAttempt | undefined {
		const asked = { requestHash, userKey };
		const own = this.find(runIndex, itemIndex);
		if (own !== undefined && own.gone !== true && isFor(own, asked)) return own;
		const offered = this.offered(runIndex, asked, nowMs, reuse);
		const place = offered.find((one) => !claimed.has(this.records[one]));
		return place === undefined ? elsewhere?.() : this.records[place];
	}

	/** Remembers that a key is about to be sent. Call before the request, so that a lost answer is not forgotten. */
	begin(runIndex: number, itemIndex: ItemKey, record: CreateAttempt): CreateAttempt {
		this.put(slot(runIndex, itemIndex), record);
		return record;
	}

	/**
	 * Notes that a create attempt did not succeed. `refused`: HiAPI itself said no, so nothing was created and the next try gets
	 * a fresh key. `unknown`: the key stays, because only it can find the task again. `keyUnused`: HiAPI did nothing
	 * with the key, so the next try makes the same one; so does a retry when n8n has lost this memory. Once unknown, it stays so.
	 */
	failed(record: CreateAttempt, outcome: CreateOutcome): void {
		record.uncertain ||= outcome === 'unknown';
		if (record.uncertain) {
			record.withoutResult = 'resultPending';
			return;
		}
		if (outcome === 'refused') record.attempt += 1;
		record.key = '';
	}

	/** Notes that an item ends without the result of its task; `taskFailed`: because HiAPI ended the task in failure. */
	markWithoutResult(runIndex: number, itemIndex: ItemKey, taskFailed: boolean): void {
		const record = this.find(runIndex, itemIndex);
		if (record?.taskId !== undefined)
			record.withoutResult = taskFailed ? 'failed' : 'resultPending';
	}

	/** What is remembered of an item. */
	find(runIndex: number, itemIndex: ItemKey): CreateAttempt | undefined {
		return this.records[slot(runIndex, itemIndex)];
	}

	/** Another run's create attempt of the same thing, moved to this run's item, so that nobody else takes it too. */
	private takeOver(
		runIndex: number,
		itemIndex: ItemKey,
		asked: Asked,
		nowMs: number,
		reuse: ReusePolicy,
	): CreateAttempt | undefined {
		const [place] = this.offered(runIndex, asked, nowMs, reuse);
		if (place === undefined) return undefined;
		const record = this.records[place];
		delete this.records[place];
		this.index.remove(place, record);
		this.put(slot(runIndex, itemIndex), record);
		return record;
	}

	/** Where create attempts lie that a run may take over. */
	private offered(runIndex: number, asked: Asked, nowMs: number, reuse: ReusePolicy): string[] {
		return this.index.placesOfOtherRuns(asked.requestHash, runIndex).filter((place) => {
			const record = this.records[place];
			return isFor(record, asked) && mayBeTaken(record, nowMs, reuse);
		});
	}

	private adopt(
		runIndex: number,
		itemIndex: ItemKey,
		record: CreateAttempt | undefined,
	): CreateAttempt | undefined {
		if (record !== undefined) this.put(slot(runIndex, itemIndex), record);
		return record;
	}

	/** Agents that work on several items at once give their calls the same run index: what lies there is moved, not lost. */
	private put(place: string, record: CreateAttempt): void {
		const before = this.records[place];
		if (before?.withoutResult !== undefined) this.set(`${place}:${before.key}`, before);
		this.set(place, record);
	}

	private set(place: string, record: CreateAttempt): void {
		const replaced = this.records[place];
		if (replaced !== undefined) this.index.remove(place, replaced);
		this.records[place] = record;
		this.index.add(place, record);
	}
}

interface Asked {
	requestHash: string;
	userKey?: string;
}

function isFor(record: CreateAttempt, { requestHash, userKey }: Asked): boolean {
	return (
		record.requestHash === requestHash && (userKey === undefined || record.userKey === userKey)
	);
}

function mayBeTaken(record: CreateAttempt, nowMs: number, reuse: ReusePolicy): boolean {
	if (record.withoutResult === undefined || record.gone === true) return false;
	if (record.taskId === undefined) return nowMs - record.startedAt < KEY_LIFETIME_MS;
	return reuse === 'any' || (reuse === 'unfinished' && record.withoutResult === 'resultPending');
}

function slot(runIndex: number, itemIndex: ItemKey): string {
	return `${runIndex}:${itemIndex}`;
}
