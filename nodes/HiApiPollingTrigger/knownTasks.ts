import type { Task } from '../shared/api/task';
import type { PollingState, TaskMark } from './state';

/**
 * What is to be done with a task that was not known yet. `emit`: it comes when it has finished. `emitLater`: it comes only
 * if it has not finished yet. `skip`: it was dealt with before, and is none of this poll's business.
 */
export type UnknownTask = 'emit' | 'emitLater' | 'skip';

/**
 * What is known about an account's tasks: which finished ones are not to come again, which unfinished ones have to be
 * asked about, and which finished during this poll. Times of creation in Unix seconds.
 */
export class KnownTasks {
	private readonly seenFinished: Map<string, number>;
	private readonly pending: Map<string, number>;
	private readonly seen = new Set<string>();
	private readonly finished = new Map<string, Task>();

	constructor(state?: Pick<PollingState, 'seenFinished' | 'pending'>) {
		this.seenFinished = new Map(state?.seenFinished);
		this.pending = new Map(state?.pending);
	}

	has({ taskId }: Task): boolean {
		return this.seenFinished.has(taskId) || this.pending.has(taskId);
	}

	/** Forgets everything: it was another account's. */
	clear(): void {
		this.seenFinished.clear();
		this.pending.clear();
	}

	/** Takes a task that the list shows. */
	see(task: Task, created: number, ifUnknown: UnknownTask): void {
		const { taskId } = task;
		const isFinished = task.state !== 'running';
		this.seen.add(taskId);
		const finishedAs = this.seenFinished.get(taskId);
		const pendingAs = this.pending.get(taskId);
		if (finishedAs !== undefined) {
			// Without a time of its own it gets younger with its neighbours, and must not fall below the watermark.
			this.seenFinished.set(taskId, Math.max(created, finishedAs));
		} else if (pendingAs !== undefined) {
			if (isFinished) this.finish(task, taskId, pendingAs);
		} else if (ifUnknown !== 'skip') {
			if (!isFinished) this.pending.set(taskId, created);
			else if (ifUnknown === 'emit') this.finish(task, taskId, created);
			else this.seenFinished.set(taskId, created);
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

	/** Tasks that finished since the last poll, in the order in which they finished. */
	get finishedInOrder(): Task[] {
		// Within a second the older one first, which is the other way round than the list.
		return [...this.finished.values()]
			.reverse()
			.sort((one, other) => (one.completed ?? 0) - (other.completed ?? 0));
	}

	get pendingMarks(): TaskMark[] {
		return [...this.pending];
	}

	finishedSince(watermark: number): TaskMark[] {
		return [...this.seenFinished].filter(([, created]) => created >= watermark);
	}

	/** The lowest watermark from which on no more finished tasks have to be remembered than `most`. */
	watermarkFor(most: number, watermark: number): number {
		const times = this.finishedSince(watermark)
			.map(([, created]) => created)
			.sort((one, other) => other - one);
		return times.length > most ? times[most] + 1 : watermark;
	}

	/** Forgets the oldest pending tasks beyond `most` and those created before `oldest`; returns how many. */
	forgetPending(most: number, oldest: number): number {
		const newestFirst = this.pendingMarks.sort(([, one], [, other]) => other - one);
		const forgotten = newestFirst.filter(([, created], index) => index >= most || created < oldest);
		for (const [taskId] of forgotten) this.pending.delete(taskId);
		return forgotten.length;
	}

	private finish(task: Task, taskId: string, created: number): void {
		this.pending.delete(taskId);
		this.seenFinished.set(taskId, created);
		this.finished.set(taskId, task);
	}
}
