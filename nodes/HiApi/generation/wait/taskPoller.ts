import type { HiApiError } from '../../../shared/errors/apiError';
import { mayPassLater } from '../../../shared/errors/requestFailure';
import type { Task } from '../../../shared/api/task';
import type { Timing } from '../../../shared/clock';
import { findInList } from './findInList';
import { PollBudget } from './pollBudget';
import { pollOnce } from './pollOnce';
import { pollDelay, pollNeed, type ExpectedDuration, type RunningTask } from './pollSchedule';
import type { TaskReader } from './taskReader';

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
	/** Polls are never closer together than this. */
	leastIntervalMs: number;
	/** Whether it may be done already, so that the first poll comes at once. */
	pollAtOnce?: boolean;
}

/** What a poller needs from outside. */
export interface TaskPollerPorts extends TaskReader {
	timing: Timing;
	expected(model: string): ExpectedDuration | undefined;
	/** Told each time a task is seen in another status. */
	onStatus?(task: Task): void;
}

interface Entry extends AwaitedTask {
	/** When it was polled last, or else created: what the least interval is counted from. */
	polledMs: number;
	pollAtOnce: boolean;
	seen?: Task;
	/** Statuses told already: a lagging list must not tell an earlier one again. */
	told: Set<string>;
	notFound: number;
	resolve(result: WaitResult): void;
}

// Waking up a little early must not leave a poll with nothing to do.
const ROUNDING_SECONDS = 0.001;
// Tasks due this soon are polled together with those due now.
const TOGETHER_MS = 400;
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
	private readonly entries = new Map<string, Entry>();
	private readonly budget: PollBudget;
	private running = false;
	private wake = new AbortController();
	private pausedUntil = Number.NEGATIVE_INFINITY;
	private polledMs = Number.NEGATIVE_INFINITY;
	/** How many pages the last list took that was read to its end. */
	private pages = 1;
	private listedInARow = 0;
	private shared = false;

	constructor(private readonly tools: TaskPollerPorts) {
		this.budget = new PollBudget(tools.timing.now());
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
			const nowMs = this.tools.timing.now();
			const pollAtOnce = task.pollAtOnce === true;
			const entry: Entry = {
				...task,
				polledMs: task.createdMs,
				pollAtOnce,
				told: new Set(),
				notFound: 0,
				resolve,
			};
			this.entries.set(task.taskId, entry);
			this.shared ||= this.entries.size > 1;
			if (!pollAtOnce) this.budget.noteCreated(nowMs);
			if (!this.running) void this.run();
			else if (this.nextPollMs([entry], nowMs) < this.pausedUntil) this.wake.abort();
		});
	}

	/**
	 * Polls all pending tasks once, due or not, and ends the wait for those that have finished. The others are waited for
	 * as before.
	 */
	async pollAll(reader: TaskReader): Promise<void> {
		const known = await pollOnce([...this.entries.values()], reader);
		for (const task of known.values()) this.takeInById(task);
	}

	private async run(): Promise<void> {
		this.running = true;
		const { timing, signal } = this.tools;
		while (this.entries.size > 0 && !signal?.aborted) {
			const nowMs = timing.now();
			const pollAt = this.nextPollMs(this.entries.values(), nowMs);
			if (pollAt <= nowMs) await this.poll(nowMs);
			await this.settleTimeouts();
			if (pollAt > nowMs) await this.pauseUntil(Math.min(pollAt, this.firstDeadlineMs()));
		}
		this.stop();
		this.running = false;
	}

	private async pauseUntil(timeMs: number): Promise<void> {
		const { timing, signal } = this.tools;
		const delay = timeMs - timing.now();
		if (delay <= 0 || this.entries.size === 0) return;
		this.wake = new AbortController();
		this.pausedUntil = timeMs;
		await timing.pause(
			delay,
			signal ? AbortSignal.any([signal, this.wake.signal]) : this.wake.signal,
		);
		this.pausedUntil = Number.NEGATIVE_INFINITY;
	}

	private firstDeadlineMs(): number {
		let first = Number.POSITIVE_INFINITY;
		for (const { deadlineMs } of this.entries.values()) first = Math.min(first, deadlineMs);
		return first;
	}

	/** When to poll, were these the tasks to wait for. */
	private nextPollMs(entries: Iterable<Entry>, nowMs: number): number {
		const expected = this.expectations();
		const running: RunningTask[] = [];
		let atOnce = false;
		for (const entry of entries) {
			atOnce ||= entry.pollAtOnce;
			running.push({
				age: ageOf(entry, nowMs),
				expected: expected(entry.model),
				notBefore: this.secondsTooEarly(entry, nowMs),
			});
		}
		const delay = pollDelay(running, {
			requests: Math.min(running.length, this.pages),
			shared: this.shared,
			sinceLast: (nowMs - this.polledMs) / 1000,
		});
		return nowMs + Math.max(atOnce ? 0 : delay * 1000, this.budget.delay(nowMs));
	}

	/** The user's interval counts from any poll: the list answers for tasks that are not due as well. */
	private secondsTooEarly({ polledMs, leastIntervalMs }: Entry, nowMs: number): number {
		if (leastIntervalMs <= 0) return 0;
		return (Math.max(polledMs, this.polledMs) + leastIntervalMs - nowMs) / 1000;
	}

	private stop(): void {
		for (const entry of this.entries.values())
			this.end(entry, { kind: 'stopped', task: entry.seen });
	}

	private async poll(nowMs: number): Promise<void> {
		const due = this.dueEntries(nowMs);
		if (due.length === 0) return;
		const isFew = due.length <= FEW && this.listedInARow >= MOST_LISTED_IN_A_ROW;
		const singly = due.length <= this.pages || isFew;
		this.listedInARow = singly ? 0 : this.listedInARow + 1;
		const missing = singly ? due : await this.readFromList(due);
		const limit = singly ? due.length : MOST_SINGLES;
		for (const entry of missing.slice(0, limit)) {
			await this.turn();
			await this.readSingly(entry);
		}
		const polledMs = this.tools.timing.now();
		this.polledMs = polledMs;
		for (const entry of due) {
			entry.polledMs = polledMs;
			entry.pollAtOnce = false;
		}
	}

	private dueEntries(nowMs: number): Entry[] {
		const laterMs = nowMs + TOGETHER_MS;
		const expected = this.expectations();
		const isDue = (entry: Entry) =>
			this.secondsTooEarly(entry, nowMs) < ROUNDING_SECONDS &&
			pollNeed(ageOf(entry, laterMs), expected(entry.model)).kind === 'due';
		return [...this.entries.values()].filter(
			(entry) => entry.deadlineMs > nowMs && (entry.pollAtOnce || isDue(entry)),
		);
	}

	/** What to expect of a model, found out once for all of its tasks. */
	private expectations(): (model: string) => ExpectedDuration | undefined {
		const found = new Map<string, ExpectedDuration | undefined>();
		return (model) => {
			if (!found.has(model)) found.set(model, this.tools.expected(model));
			return found.get(model);
		};
	}

	/** Waits until the budget has a request left, and takes it. */
	private async turn(): Promise<void> {
		const { timing, signal } = this.tools;
		for (let delay = 1; delay > 0 && !signal?.aborted; ) {
			delay = this.budget.delay(timing.now());
			if (delay > 0) await timing.pause(delay, signal);
		}
		this.budget.spend(timing.now());
	}

	/** Takes in every pending task the list shows. Returns the due ones that did not show up. */
	private async readFromList(due: Entry[]): Promise<Entry[]> {
		const { missing, pages, failure } = await findInList(due, {
			readPage: async (page, size) => await this.tools.readPage(page, size),
			mayRead: async () => {
				await this.turn();
				return this.tools.signal?.aborted !== true;
			},
			onTask: (task) => this.takeInById(task),
		});
		if (pages > 0) this.pages = pages;
		if (failure !== undefined) this.noteRefusal(failure);
		return due.filter(({ taskId }) => missing.has(taskId) && this.entries.has(taskId));
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
		this.noteRefusal(result.failure);
		if (result.failure.request?.status === 404) entry.notFound++;
		if (!mayPass(result.failure, entry.notFound))
			this.end(entry, { kind: 'failed', failure: result.failure });
	}

	private noteRefusal({ request }: HiApiError): void {
		if (request?.status === 429) this.budget.noteRefused(this.tools.timing.now());
	}

	/** Whatever is out of time is read once more by itself, whatever the budget: the list may have been behind. */
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

	private takeInById(task: Task): void {
		const entry = this.entries.get(task.taskId);
		if (entry !== undefined) this.takeIn(entry, task);
	}

	private takeIn(entry: Entry, task: Task): void {
		if (!this.entries.has(entry.taskId)) return;
		entry.seen = task;
		if (!entry.told.has(task.status)) this.tools.onStatus?.(task);
		entry.told.add(task.status);
		if (task.state === 'running') return;
		const waitedMs = this.tools.timing.now() - entry.createdMs;
		this.end(entry, { kind: 'finished', task, waitedMs });
	}

	private end(entry: Entry, result: WaitResult): void {
		this.entries.delete(entry.taskId);
		entry.resolve(result);
	}
}

function ageOf({ createdMs }: Entry, nowMs: number): number {
	return (nowMs - createdMs) / 1000;
}

/** Whether a failed poll is worth repeating: network loss, 5xx and rate limits say nothing about the task. */
function mayPass(failure: HiApiError, notFound: number): boolean {
	const request = failure.request;
	if (request === undefined) return false;
	if (request.status === 404) return notFound < MOST_NOT_FOUND;
	return mayPassLater(request);
}
