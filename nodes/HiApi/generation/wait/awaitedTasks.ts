import type { HiApiError } from '../../../shared/errors/apiError';
import type { Task } from '../../../shared/api/task';
import type { Timing } from '../../../shared/clock';

/** How waiting for one task ended. One that timed out, or was stopped, goes on at HiAPI and is billed. */
export type WaitResult =
	| { kind: 'finished'; task: Task; waitedMs: number }
	| { kind: 'timedOut'; task?: Task }
	| { kind: 'stopped'; task?: Task }
	| { kind: 'failed'; failure: HiApiError };

/** A task to wait for. */
export interface AwaitedTask {
	taskId: string;
	model: string;
	/** When it was created, as far as we know, in milliseconds since 1970. */
	createdMs: number;
	/** When waiting ends, in milliseconds of the monotonic clock. */
	deadlineMs: number;
	/** Polls are never closer together than this, in milliseconds. */
	leastIntervalMs: number;
	/** Whether it may be done already, so that the first poll comes at once. */
	pollAtOnce?: boolean;
}

/** A task that is waited for, and what is known of it. Its own times are milliseconds of the monotonic clock. */
export interface AwaitedEntry extends AwaitedTask {
	/** When it was created, as far as we know. */
	beganMs: number;
	/** When it was polled last, or else created: what the least interval is counted from. */
	polledMs: number;
	pollAtOnce: boolean;
	seen?: Task;
	/** Statuses told already: a lagging list must not tell an earlier one again. */
	told: Set<string>;
	notFound: number;
	resolve(result: WaitResult): void;
}

/** The tasks that have not been seen finished yet, each with whoever waits for it. */
export class AwaitedTasks {
	private readonly entries = new Map<string, AwaitedEntry>();

	/**
	 * @param onStatus told each time a task is seen in another status
	 */
	constructor(
		private readonly timing: Pick<Timing, 'now' | 'monotonic'>,
		private readonly onStatus?: (task: Task) => void,
	) {}

	get size(): number {
		return this.entries.size;
	}

	get taskIds(): string[] {
		return [...this.entries.keys()];
	}

	/** Those that are waited for at this moment, in the order in which they came. */
	all(): AwaitedEntry[] {
		return [...this.entries.values()];
	}

	has({ taskId }: AwaitedEntry): boolean {
		return this.entries.has(taskId);
	}

	/** In milliseconds of the monotonic clock; Infinity when nothing is waited for. */
	get firstDeadlineMs(): number {
		let first = Number.POSITIVE_INFINITY;
		for (const { deadlineMs } of this.entries.values()) first = Math.min(first, deadlineMs);
		return first;
	}

	/** Adds a task. One that is waited for already is not added again; both get the result then. */
	add(task: AwaitedTask, resolve: (result: WaitResult) => void): AwaitedEntry | undefined {
		const known = this.entries.get(task.taskId);
		if (known !== undefined) {
			const first = known.resolve;
			known.resolve = (result) => {
				first(result);
				resolve(result);
			};
			return undefined;
		}
		const ageMs = Math.max(0, this.timing.now() - task.createdMs);
		const beganMs = this.timing.monotonic() - ageMs;
		const entry: AwaitedEntry = {
			...task,
			beganMs,
			polledMs: beganMs,
			pollAtOnce: task.pollAtOnce === true,
			told: new Set(),
			notFound: 0,
			resolve,
		};
		this.entries.set(task.taskId, entry);
		return entry;
	}

	/** Notes how HiAPI shows a task, under the ID it was asked for by; the wait for a finished one ends. */
	takeIn(task: Task, taskId = task.taskId): void {
		const entry = this.entries.get(taskId);
		if (entry === undefined) return;
		entry.seen = task;
		if (!entry.told.has(task.status)) this.onStatus?.(task);
		entry.told.add(task.status);
		if (task.state === 'running') return;
		this.end(entry, { kind: 'finished', task, waitedMs: this.timing.monotonic() - entry.beganMs });
	}

	end(entry: AwaitedEntry, result: WaitResult): void {
		this.entries.delete(entry.taskId);
		entry.resolve(result);
	}

	/** Ends the wait for all of them. */
	stop(): void {
		for (const entry of this.all()) this.end(entry, { kind: 'stopped', task: entry.seen });
	}
}
