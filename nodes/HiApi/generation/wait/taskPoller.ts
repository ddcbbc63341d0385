import type { HiApiError } from '../../../shared/errors/apiError';
import { mayPassLater } from '../../../shared/errors/requestFailure';
import type { Task } from '../../../shared/api/task';
import type { Timing } from '../../../shared/clock';
import { AwaitedTasks, type AwaitedEntry, type AwaitedTask, type WaitResult } from './awaitedTasks';
import { findInList } from './findInList';
import { PollBudget } from './pollBudget';
import { pollOnce } from './pollOnce';
import type { ExpectedDuration } from './pollSchedule';
import { dueEntries, msToNextPoll, type PollHistory } from './pollTiming';
import type { TaskReader } from './taskReader';

/** What a poller needs from outside. */
export interface TaskPollerPorts extends TaskReader {
	timing: Timing;
	expected(model: string): ExpectedDuration | undefined;
	/** Told each time a task is seen in another status. */
	onStatus?(task: Task): void;
}

// Up to this many tasks are read one by one every fourth time: the list might be behind.
const FEW = 3;
const MOST_LISTED_IN_A_ROW = 3;
// A task just created may not be readable at once everywhere; after this many polls it does not exist.
const MOST_NOT_FOUND = 4;
// Tasks the list does not show yet are read singly, but not all of them at each poll.
const MOST_SINGLES = 3;

/**
 * All tasks a run is waiting for, with one schedule, one budget and one request at a time. They are polled together, page
 * by page from the list, newest first and no further than the oldest of them, or one by one where that takes fewer
 * requests. The list may lag: what it does not show is read singly, and no timeout is declared without a single read.
 */
export class TaskPoller {
	private readonly tasks: AwaitedTasks;
	private readonly budget: PollBudget;
	private readonly history: PollHistory = {
		polledMs: Number.NEGATIVE_INFINITY,
		pages: 1,
		shared: false,
	};
	private readonly expected = (model: string) => this.tools.expected(model);
	private running = false;
	private wake = new AbortController();
	private pausedUntil = Number.NEGATIVE_INFINITY;
	private listedInARow = 0;

	constructor(private readonly tools: TaskPollerPorts) {
		this.tasks = new AwaitedTasks(tools.timing, (task) => tools.onStatus?.(task));
		this.budget = new PollBudget(tools.timing.monotonic());
		// At once, also while a request is under way: n8n may let that one run into its own time limit.
		tools.signal?.addEventListener('abort', () => this.tasks.stop(), { once: true });
	}

	/** Ids of the tasks not seen finished yet. */
	get pendingTaskIds(): string[] {
		return this.tasks.taskIds;
	}

	/** Waits for a task; never rejects. A task id given twice is waited for once, and both get the result. */
	async wait(task: AwaitedTask): Promise<WaitResult> {
		return await new Promise((resolve) => {
			const nowMs = this.tools.timing.monotonic();
			const entry = this.tasks.add(task, resolve);
			if (entry === undefined) return;
			this.history.shared ||= this.tasks.size > 1;
			if (!entry.pollAtOnce) this.budget.noteCreated(nowMs);
			if (!this.running) void this.run();
			else if (this.nextPollMs([entry], nowMs) < this.pausedUntil) this.wake.abort();
		});
	}

	/**
	 * Polls all pending tasks once, due or not, and ends the wait for those that have finished. The others are waited for
	 * as before.
	 */
	async pollAll(reader: TaskReader): Promise<void> {
		const known = await pollOnce(this.tasks.all(), reader);
		for (const task of known.values()) this.tasks.takeIn(task);
	}

	private async run(): Promise<void> {
		this.running = true;
		const { timing, signal } = this.tools;
		while (this.tasks.size > 0 && !signal?.aborted) {
			const nowMs = timing.monotonic();
			const pollAt = this.nextPollMs(this.tasks.all(), nowMs);
			if (pollAt <= nowMs) await this.poll(nowMs);
			await this.settleTimeouts();
			if (pollAt > nowMs) await this.pauseUntil(Math.min(pollAt, this.tasks.firstDeadlineMs));
		}
		this.tasks.stop();
		this.running = false;
	}

	private async pauseUntil(timeMs: number): Promise<void> {
		const { timing, signal } = this.tools;
		const delay = timeMs - timing.monotonic();
		if (delay <= 0 || this.tasks.size === 0) return;
		this.wake = new AbortController();
		this.pausedUntil = timeMs;
		await timing.pause(
			delay,
			signal ? AbortSignal.any([signal, this.wake.signal]) : this.wake.signal,
		);
		this.pausedUntil = Number.NEGATIVE_INFINITY;
	}

	/** When to poll, were these the tasks to wait for. */
	private nextPollMs(entries: AwaitedEntry[], nowMs: number): number {
		const delayMs = msToNextPoll(entries, this.history, nowMs, this.expected);
		return nowMs + Math.max(delayMs, this.budget.delay(nowMs));
	}

	private async poll(nowMs: number): Promise<void> {
		const due = dueEntries(this.tasks.all(), this.history, nowMs, this.expected);
		if (due.length === 0) return;
		const isFew = due.length <= FEW && this.listedInARow >= MOST_LISTED_IN_A_ROW;
		const singly = due.length <= this.history.pages || isFew;
		this.listedInARow = singly ? 0 : this.listedInARow + 1;
		const missing = singly ? due : await this.readFromList(due);
		const limit = singly ? due.length : MOST_SINGLES;
		for (const entry of missing.slice(0, limit)) {
			await this.turn();
			await this.readSingly(entry);
		}
		const polledMs = this.tools.timing.monotonic();
		this.history.polledMs = polledMs;
		for (const entry of due) {
			entry.polledMs = polledMs;
			entry.pollAtOnce = false;
		}
	}

	/** Waits until the budget has a request left, and takes it. */
	private async turn(): Promise<void> {
		const { timing, signal } = this.tools;
		for (let delay = 1; delay > 0 && !signal?.aborted; ) {
			delay = this.budget.delay(timing.monotonic());
			if (delay > 0) await timing.pause(delay, signal);
		}
		this.budget.spend(timing.monotonic());
	}

	/** Takes in every pending task the list shows. Returns the due ones that did not show up. */
	private async readFromList(due: AwaitedEntry[]): Promise<AwaitedEntry[]> {
		const { missing, pages, failure } = await findInList(due, {
			readPage: async (page, size) => await this.tools.readPage(page, size),
			mayRead: async () => {
				await this.turn();
				return this.tools.signal?.aborted !== true;
			},
			onTask: (task) => this.tasks.takeIn(task),
		});
		if (pages > 0) this.history.pages = pages;
		if (failure !== undefined) this.noteRefusal(failure);
		return due.filter((entry) => missing.has(entry.taskId) && this.tasks.has(entry));
	}

	private async readSingly(entry: AwaitedEntry): Promise<void> {
		const { signal } = this.tools;
		if (signal?.aborted) return;
		const result = await this.tools.readTask(entry.taskId);
		if (signal?.aborted) return;
		if (result.ok) {
			this.tasks.takeIn(result.value, entry.taskId);
			return;
		}
		this.noteRefusal(result.failure);
		if (result.failure.request?.status === 404) entry.notFound++;
		if (!mayPass(result.failure, entry.notFound))
			this.tasks.end(entry, { kind: 'failed', failure: result.failure });
	}

	private noteRefusal({ request }: HiApiError): void {
		if (request?.status === 429) this.budget.noteRefused(this.tools.timing.monotonic());
	}

	/** Whatever is out of time is read once more by itself, whatever the budget: the list may have been behind. */
	private async settleTimeouts(): Promise<void> {
		const nowMs = this.tools.timing.monotonic();
		const late = this.tasks.all().filter((entry) => entry.deadlineMs <= nowMs);
		for (const entry of late) {
			await this.readSingly(entry);
			if (this.tasks.has(entry) && !this.tools.signal?.aborted)
				this.tasks.end(entry, { kind: 'timedOut', task: entry.seen });
		}
	}
}

/** Whether a failed poll is worth repeating: network loss, 5xx and rate limits say nothing about the task. */
function mayPass(failure: HiApiError, notFound: number): boolean {
	const request = failure.request;
	if (request === undefined) return false;
	if (request.status === 404) return notFound < MOST_NOT_FOUND;
	return mayPassLater(request);
}
