import type { HiApiError } from '../../../shared/errors/apiError';
import { isPassing } from '../../../shared/errors/requestFailure';
import type { Task } from '../../../shared/api/task';
import { LARGEST_PAGE, type ApiResult, type TaskPage } from '../../../shared/api/tasks';
import type { Timing } from '../../../shared/clock';
import { pollDelay, type ExpectedDuration } from './pollSchedule';

/** How waiting for one task ended. One that timed out, or was stopped, goes on at HiAPI and is billed. */
export type WaitResult =
	| { kind: 'finished'; task: Task; waitedMs: number }
	| { kind: 'timedOut'; task?: Task }
	| { kind: 'stopped'; task?: Task }
	| { kind: 'failed'; failure: HiApiError };

/** A task to wait for. Times in milliseconds since 1970, intervals in milliseconds. */
export interface AwaitedTask {
	taskId: string;
	model: string;
	/** When it was created, as far as we know. */
	createdMs: number;
	deadlineMs: number;
	/** Looks are never closer together than this. */
	leastIntervalMs: number;
	/** Whether it may be done already, so that the first look comes at once. */
	lookAtOnce?: boolean;
}

/** What a set needs from outside; every call is one request, without retries of its own. */
export interface TaskPollerPorts {
	readTask(taskId: string): Promise<ApiResult<Task>>;
	readPage(page: number, size: number): Promise<ApiResult<TaskPage>>;
	timing: Timing;
	signal?: AbortSignal;
	expected(model: string): ExpectedDuration | undefined;
	/** Told each time a task is seen in another status. */
	onStatus?(task: Task): void;
}

interface Entry extends AwaitedTask {
	nextLookMs: number;
	seen?: Task;
	/** Statuses told already: a lagging list must not tell an earlier one again. */
	told: Set<string>;
	notFound: number;
	resolve(result: WaitResult): void;
}

// Up to this many due tasks are read one by one: that is as cheap as a page and always up to date.
const FEW = 3;
// Tasks due this soon are looked at together with those due now.
const TOGETHER_MS = 400;
// A task just created may not be readable at once everywhere; after this many looks it does not exist.
const MOST_NOT_FOUND = 4;
// Tasks the list does not show yet are read singly, but not all of them at each look.
const MOST_SINGLES = 5;
// How far HiAPI's clock and ours may differ before the list is read too short.
const CLOCK_DIFFERENCE_SECONDS = 120;

/**
 * All tasks a run is waiting for, with one scheduler and one request at a time. When few are due they are read one by
 * one, when many are, page by page from the list, newest first and no further than the oldest of them. The list may lag:
 * what it does not show is read singly, and no time-out is declared without a single look.
 */
export class TaskPoller {
	private readonly entries = new Map<string, Entry>();
	private running = false;
	private wake = new AbortController();

	constructor(private readonly tools: TaskPollerPorts) {
		// At once, also while a request is under way: n8n may let that one run into its own time limit.
		tools.signal?.addEventListener('abort', () => this.stop(), { once: true });
	}

	/** Ids of the tasks not seen finished yet. */
	get pendingTaskIds(): string[] {
		return [...this.entries.keys()];
	}

	/** Waits for a task; never rejects. A task id given twice is waited for once, and both get the result. */
	async wait(task: AwaitedTask): Promise<WaitResult> {
		return await new Promise((resolve) => {
			const known = this.entries.get(task.taskId);
			if (known) {
				const first = known.resolve;
				known.resolve = (result) => {
					first(result);
					resolve(result);
				};
				return;
			}
			const entry: Entry = { ...task, nextLookMs: 0, told: new Set(), notFound: 0, resolve };
			this.entries.set(task.taskId, entry);
			if (!task.lookAtOnce) this.schedule(entry);
			this.wake.abort();
			if (!this.running) void this.run();
		});
	}

	private async run(): Promise<void> {
		this.running = true;
		const { timing, signal } = this.tools;
		while (this.entries.size > 0 && !signal?.aborted) {
			const dueAt = Math.min(
				...[...this.entries.values()].map((entry) => Math.min(entry.nextLookMs, entry.deadlineMs)),
			);
			const delay = dueAt - timing.now();
			if (delay > 0) {
				this.wake = new AbortController();
				await timing.pause(
					delay,
					signal ? AbortSignal.any([signal, this.wake.signal]) : this.wake.signal,
				);
				continue;
			}
			await this.look();
		}
		this.stop();
		this.running = false;
	}

	private stop(): void {
		for (const entry of this.entries.values())
			this.end(entry, { kind: 'stopped', task: entry.seen });
	}

	private async look(): Promise<void> {
		const nowMs = this.tools.timing.now();
		const due = this.dueEntries(nowMs);
		const missing = due.length > FEW ? await this.readFromList(due) : due;
		const limit = due.length > FEW ? MOST_SINGLES : FEW;
		for (const entry of missing.slice(0, limit)) await this.readSingly(entry);
		for (const entry of missing.slice(limit)) this.schedule(entry);
		await this.settleTimeouts();
	}

	private dueEntries(nowMs: number): Entry[] {
		return [...this.entries.values()]
			.filter((entry) => entry.nextLookMs <= nowMs + TOGETHER_MS && entry.deadlineMs > nowMs)
			.sort((a, b) => a.nextLookMs - b.nextLookMs);
	}

	/** Reads pages and takes in every pending task they show. Returns the due ones that did not show up. */
	private async readFromList(due: Entry[]): Promise<Entry[]> {
		const missing = new Map(due.map((entry) => [entry.taskId, entry]));
		const oldest =
			Math.min(...due.map((entry) => entry.createdMs)) / 1000 - CLOCK_DIFFERENCE_SECONDS;
		for (let page = 1; missing.size > 0 && !this.tools.signal?.aborted; page++) {
			const result = await this.tools.readPage(page, LARGEST_PAGE);
			if (!result.ok) break;
			const { tasks, entries } = result.value;
			for (const task of tasks) {
				missing.delete(task.taskId);
				const entry = this.entries.get(task.taskId);
				if (entry) this.takeIn(entry, task);
			}
			const last = tasks.at(-1);
			if (entries < LARGEST_PAGE || (last?.created ?? Number.POSITIVE_INFINITY) < oldest) break;
		}
		return [...missing.values()].filter((entry) => this.entries.has(entry.taskId));
	}

	private async readSingly(entry: Entry): Promise<void> {
		const { signal } = this.tools;
		if (signal?.aborted) return;
		const result = await this.tools.readTask(entry.taskId);
		if (signal?.aborted) return;
		if (result.ok) {
			this.takeIn(entry, result.value);
			return;
		}
		if (result.failure.request?.status === 404) entry.notFound++;
		if (mayPass(result.failure, entry.notFound)) this.schedule(entry);
		else this.end(entry, { kind: 'failed', failure: result.failure });
	}

	/** Whatever is out of time gets one last look of its own: the list may have been behind. */
	private async settleTimeouts(): Promise<void> {
		const late = [...this.entries.values()].filter(
			(entry) => entry.deadlineMs <= this.tools.timing.now(),
		);
		for (const entry of late) {
			await this.readSingly(entry);
			if (this.entries.has(entry.taskId) && !this.tools.signal?.aborted)
				this.end(entry, { kind: 'timedOut', task: entry.seen });
		}
	}

	private takeIn(entry: Entry, task: Task): void {
		if (!this.entries.has(entry.taskId)) return;
		entry.seen = task;
		if (!entry.told.has(task.status)) this.tools.onStatus?.(task);
		entry.told.add(task.status);
		if (task.state === 'running') this.schedule(entry);
		else
			this.end(entry, {
				kind: 'finished',
				task,
				waitedMs: this.tools.timing.now() - entry.createdMs,
			});
	}

	private schedule(entry: Entry): void {
		const nowMs = this.tools.timing.now();
		const age = (nowMs - entry.createdMs) / 1000;
		const seconds = pollDelay(age, this.tools.expected(entry.model), entry.leastIntervalMs / 1000);
		entry.nextLookMs = Math.min(nowMs + seconds * 1000, entry.deadlineMs);
	}

	private end(entry: Entry, result: WaitResult): void {
		this.entries.delete(entry.taskId);
		entry.resolve(result);
	}
}

/** Whether a failed look is worth repeating: network loss, 5xx and rate limits say nothing about the task. */
function mayPass(failure: HiApiError, notFound: number): boolean {
	const request = failure.request;
	if (request === undefined) return false;
	if (request.status === 404) return notFound < MOST_NOT_FOUND;
	// HiAPI says no without saying which no: that need not be its last word on a task that is paid.
	return isPassing(request) || (request.kind === 'answer' && request.status === undefined);
}
