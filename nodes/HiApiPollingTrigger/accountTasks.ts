import type { Task } from '../shared/api/task';
import { floorWithin, forgetPending } from './forgetting';
import type { PollingLimits } from './limits';
import type { PollingState, TaskMark } from './pollingState';

/**
 * What a task is that was not known yet. `new`: comes when it has finished. `old`: comes only if it has not finished
 * yet. `passed`: was dealt with before, and is none of this poll's business.
 */
export type Stranger = 'new' | 'old' | 'passed';

/**
 * What is known about an account's tasks: which finished ones are not to come again, which unfinished ones have to be
 * asked about, and which finished during this poll. Times of creation in Unix seconds.
 */
export class AccountTasks {
	private readonly settled: Map<string, number>;
	private readonly pending: Map<string, number>;
	private readonly seen = new Set<string>();
	private readonly finished = new Map<string, Task>();

	constructor(state?: Pick<PollingState, 'settled' | 'pending'>) {
		this.settled = new Map(state?.settled);
		this.pending = new Map(state?.pending);
	}

	isKnown({ taskId }: Task): boolean {
		return this.settled.has(taskId) || this.pending.has(taskId);
	}

	/** Forgets everything: it was another account's. */
	clear(): void {
		this.settled.clear();
		this.pending.clear();
	}

	/** Takes a task that the list shows. */
	see(task: Task, created: number, stranger: Stranger): void {
		const { taskId } = task;
		const isFinished = task.state !== 'running';
		this.seen.add(taskId);
		const settledAs = this.settled.get(taskId);
		const pendingAs = this.pending.get(taskId);
		if (settledAs !== undefined) {
			// Without a time of its own it gets younger with its neighbours, and must not fall below the floor.
			this.settled.set(taskId, Math.max(created, settledAs));
		} else if (pendingAs !== undefined) {
			if (isFinished) this.finish(task, taskId, pendingAs);
		} else if (stranger !== 'passed') {
			if (!isFinished) this.pending.set(taskId, created);
			else if (stranger === 'new') this.finish(task, taskId, created);
			else this.settled.set(taskId, created);
		}
	}

	/**
	 * Takes the answer to a question for a pending task.
	 *
	 * @param task undefined when HiAPI does not know it
	 * @param notYetKnownSince one created since this time may not be known everywhere yet
	 */
	takeAnswer(taskId: string, task: Task | undefined, notYetKnownSince: number): void {
		const created = this.pending.get(taskId);
		if (created === undefined) return;
		this.pending.delete(taskId);
		if (task !== undefined && task.state !== 'running') {
			this.finish(task, taskId, created);
		} else if (task !== undefined || created >= notYetKnownSince) {
			// At the end of the row: all get their turn.
			this.pending.set(taskId, created);
		}
	}

	/** Pending tasks that the list has not shown during this poll, the one asked about longest ago first. */
	get unseen(): TaskMark[] {
		return this.pendingMarks.filter(([taskId]) => !this.seen.has(taskId));
	}

	/** Tasks that finished since they were last looked at, in the order in which they finished. */
	get finishedInOrder(): Task[] {
		// Within a second the older one first, which is the other way round than the list.
		return [...this.finished.values()]
			.reverse()
			.sort((one, other) => (one.completed ?? 0) - (other.completed ?? 0));
	}

	get pendingMarks(): TaskMark[] {
		return [...this.pending];
	}

	/** Finished tasks that are to be remembered. */
	settledMarks(isToBeKept: (created: number) => boolean): TaskMark[] {
		return [...this.settled].filter(([, created]) => isToBeKept(created));
	}

	/** The lowest floor above which no more finished tasks have to be remembered than the limits allow. */
	floorWithin(limits: PollingLimits, floor: number): number {
		return floorWithin(limits, floor, this.settled);
	}

	/** Forgets the oldest pending tasks beyond the limits; returns how many. */
	forgetPending(limits: PollingLimits, nowSeconds: number): number {
		return forgetPending(limits, this.pending, nowSeconds);
	}

	private finish(task: Task, taskId: string, created: number): void {
		this.pending.delete(taskId);
		this.settled.set(taskId, created);
		this.finished.set(taskId, task);
	}
}
