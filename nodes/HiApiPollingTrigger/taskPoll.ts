import { readPages } from '../shared/api/pages';
import type { Task } from '../shared/api/task';
import type { ApiResult, TaskPage } from '../shared/api/tasks';
import { HiApiError } from '../shared/errors/apiError';
import { KnownTasks, type UnknownTask } from './knownTasks';
import { POLLING_LIMITS, type PollingLimits } from './limits';
import type { PollingState } from './state';

/** Reads from HiAPI what a poll needs. */
export interface PollReader {
	readPage(page: number, size: number): Promise<ApiResult<TaskPage>>;
	readTask(taskId: string): Promise<ApiResult<Task>>;
	/** Whether the poll's time is used up. */
	isOver(): boolean;
}

/** What a poll found out. */
export interface PollResult {
	/** Tasks that finished since the last poll, in the order in which they finished. */
	finished: Task[];
	/**
	 * The place to go on from, to be stored together with `finished`. undefined when the first poll (of an account) did
	 * not come to its end: then nobody knows yet which tasks are old.
	 */
	state?: PollingState;
	/** How many pending tasks were forgotten because of the limits. */
	forgotten: number;
	/** When tasks were created, in Unix seconds and both inclusive, that this poll left out for good: there are too many. */
	unread?: { from: number; to: number };
	/** Whether time ran out before the list was read down to where the last poll ended. */
	outOfTime?: boolean;
	/** Why the poll ended early. What was found up to there counts; the rest follows with the next poll. */
	failure?: HiApiError;
}

/**
 * One poll of an account's tasks. Free of n8n and of the clock.
 *
 * The list is newest first by creation (docs.hiapi.ai/async-api/list), but tasks finish in any order. So a poll reads
 * down the list to `watermark`, below which every task was seen before; tasks seen unfinished are remembered by id and
 * asked about until they finish. The watermark rises only to a time from before which every task must have appeared in
 * the list. A poll that ends early leaves it where it is, and the next one reads from the top again.
 */
export class TaskPoll {
	private readonly tasks: KnownTasks;
	private watermark: number;
	private readTo: number;
	private checkpoint: PollingState['checkpoint'];
	/** Without a state: everything already finished is old. */
	private first: boolean;
	/** The newest task of the first page. */
	private newest?: number;
	private lowestRead = Number.POSITIVE_INFINITY;
	/** `through`: the list was read down to the watermark. `full`: there is more than one poll reads. */
	private reading: 'unfinished' | 'through' | 'full' = 'unfinished';

	/**
	 * @param state where the last poll ended; undefined for the first poll ever
	 * @param nowSeconds this machine's time in Unix seconds
	 * @param mayBeAnotherAccount whether the state may belong to another account, so that it only counts when the newest
	 * page of tasks holds one it knows
	 */
	constructor(
		state: PollingState | undefined,
		private readonly nowSeconds: number,
		private mayBeAnotherAccount = false,
		private readonly limits: PollingLimits = POLLING_LIMITS,
	) {
		this.first = state === undefined;
		this.watermark = state?.watermark ?? 0;
		this.readTo = state?.readTo ?? 0;
		this.tasks = new KnownTasks(state);
		this.checkpoint = state?.checkpoint;
	}

	/** Reads until the poll is through, its time is over or a read fails. */
	async run(reader: PollReader): Promise<PollResult> {
		const failure = (await this.readList(reader)) ?? (await this.askAboutPending(reader));
		const outOfTime = failure === undefined && this.reading === 'unfinished';
		return { ...this.end(), ...(outOfTime && { outOfTime }), ...(failure && { failure }) };
	}

	private async readList(reader: PollReader): Promise<HiApiError | undefined> {
		if (reader.isOver()) return undefined;
		const { pageSize, pagesPerPoll, extraPages } = this.limits;
		let pages = 0;
		let pagesBeyond = 0;
		const list = readPages(reader.readPage.bind(reader), {
			size: pageSize,
			mostPages: pagesPerPoll,
		});
		for await (const read of list) {
			const failure = read.ok ? unreadablePage(read.value) : read.failure;
			if (failure !== undefined) return failure;
			pages += 1;
			if (this.reading === 'through') pagesBeyond += 1;
			const { tasks } = (read as { value: TaskPage }).value;
			const last = this.takePage(tasks);
			if (read.isLast || this.hasReachedWatermark(tasks, last)) this.reading = 'through';
			else if (this.reading === 'unfinished' && pages === pagesPerPoll) this.reading = 'full';
			const wantsMore =
				this.reading === 'unfinished' ||
				(pagesBeyond < extraPages && this.isReadingOnWorthIt(last));
			if (!wantsMore || reader.isOver()) return undefined;
		}
		return undefined;
	}

	private async askAboutPending(reader: PollReader): Promise<HiApiError | undefined> {
		if (this.first) return undefined;
		for (const [taskId] of this.tasks.unseen.slice(0, this.limits.lookUpsPerPoll)) {
			if (reader.isOver()) return undefined;
			const read = await reader.readTask(taskId);
			if (!read.ok && !isUnknown(read.failure)) return read.failure;
			this.tasks.takeAnswer(
				taskId,
				read.ok ? read.value : undefined,
				this.nowSeconds - this.limits.overlapSeconds,
			);
		}
		return undefined;
	}

	/** @returns when the last task of the page was created; undefined for a page without tasks */
	private takePage(tasks: Task[]): number | undefined {
		if (this.mayBeAnotherAccount) this.recogniseAccount(tasks);
		const created = creationTimes(tasks, Math.max(this.watermark, this.checkpoint?.newest ?? 0));
		this.newest ??= created.length === 0 ? this.watermark : Math.max(...created);
		tasks.forEach((task, index) =>
			this.tasks.see(task, created[index], this.ifUnknown(created[index])),
		);
		const last = created.at(-1);
		if (this.reading === 'unfinished' && last !== undefined)
			this.lowestRead = Math.min(this.lowestRead, last);
		return last;
	}

	/** Another account's list begins with tasks that are all unknown. */
	private recogniseAccount(tasks: Task[]): void {
		this.mayBeAnotherAccount = false;
		if (tasks.some((task) => this.tasks.has(task))) return;
		this.first = true;
		this.watermark = 0;
		this.readTo = 0;
		this.tasks.clear();
		this.checkpoint = undefined;
	}

	private ifUnknown(created: number): UnknownTask {
		if (this.first) return 'emitLater';
		return created >= this.watermark ? 'emit' : 'skip';
	}

	private hasReachedWatermark(tasks: Task[], last: number | undefined): boolean {
		if (last === undefined) return false;
		// The first time, pages with unfinished tasks are gone through to the last of them.
		return this.first
			? last < this.nextWatermark && tasks.every(({ state }) => state !== 'running')
			: last < this.watermark;
	}

	/** A time from before which every task has appeared in the list. */
	private get nextWatermark(): number {
		// A task still missing from the list was created less than the overlap ago. So it is younger than the newest one
		// seen less the overlap; and whatever was created before a poll an overlap ago has appeared by now.
		const { checkpoint, limits, nowSeconds, newest = 0 } = this;
		const known =
			checkpoint !== undefined && nowSeconds - checkpoint.at >= limits.overlapSeconds
				? checkpoint.newest
				: 0;
		return Math.max(this.watermark, newest - limits.overlapSeconds, known);
	}

	private isReadingOnWorthIt(last: number | undefined): boolean {
		if (this.first || last === undefined) return false;
		const further = this.tasks.unseen.filter(([, created]) => created <= last);
		return further.length >= this.limits.readOnFrom;
	}

	private end(): PollResult {
		const { tasks, reading, limits, nowSeconds } = this;
		if (this.mayBeAnotherAccount || (this.first && reading === 'unfinished'))
			return { finished: [], forgotten: 0 };
		const before = this.watermark;
		const from = Math.max(before, this.readTo);
		if (reading !== 'unfinished') this.moveOn();
		this.watermark = tasks.watermarkFor(limits.mostSeenFinished, this.watermark);
		const to = Math.min(this.lowestRead, this.watermark - 1);
		const hasUnread = !this.first && reading !== 'through' && this.watermark > before && to >= from;
		const { checkpoint } = this;
		return {
			finished: tasks.finishedInOrder,
			forgotten: tasks.forgetPending(limits.mostPending, nowSeconds - limits.pendingSeconds),
			...(hasUnread && { unread: { from, to } }),
			state: {
				watermark: this.watermark,
				readTo: this.readTo,
				seenFinished: tasks.finishedSince(this.watermark),
				pending: tasks.pendingMarks,
				...(checkpoint && { checkpoint }),
			},
		};
	}

	private moveOn(): void {
		const { newest = 0, nowSeconds, checkpoint } = this;
		const least = this.reading === 'full' ? this.lowestRead + 1 : 0;
		this.watermark = Math.max(this.nextWatermark, least);
		this.readTo = Math.max(this.readTo, newest);
		const age = checkpoint === undefined ? undefined : nowSeconds - checkpoint.at;
		// A checkpoint from the future means that this machine's clock was put back.
		if (age === undefined || age < 0 || age >= this.limits.overlapSeconds)
			this.checkpoint = { at: nowSeconds, newest };
	}
}

/**
 * When the tasks of a page were created, in Unix seconds. One without a time was created about when its neighbour was.
 *
 * @param fallback for a page without any time
 */
function creationTimes(tasks: Task[], fallback: number): number[] {
	let neighbour = tasks.find(({ created }) => created !== null)?.created ?? fallback;
	return tasks.map(({ created }) => (neighbour = created ?? neighbour));
}

const isUnknown = ({ request }: HiApiError): boolean =>
	request?.kind === 'answer' && request.status === 404;

/** Nothing about the account can be concluded from entries nobody can read. */
function unreadablePage({ tasks, entries }: TaskPage): HiApiError | undefined {
	if (entries === 0 || tasks.length > 0) return undefined;
	return new HiApiError(
		"None of the tasks in HiAPI's list could be read",
		"Check 'Base URL' in the credential 'HiAPI API': another server may have answered.",
	);
}
