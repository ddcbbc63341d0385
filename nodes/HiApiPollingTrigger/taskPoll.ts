import type { Task } from '../shared/api/task';
import type { TaskPage } from '../shared/api/tasks';
import { AccountTasks, type Stranger } from './accountTasks';
import { creationTimes, ListPosition } from './listPosition';
import { POLLING_LIMITS, type PollingLimits } from './limits';
import type { PollingState, UnfinishedSweep } from './pollingState';

/** What has to be read next. */
export type PollStep =
	| { kind: 'page'; page: number; size: number }
	| { kind: 'task'; taskId: string };

/** What a poll found out. */
export interface PollResult {
	/** Tasks that finished since they were last looked at, in the order in which they finished. */
	finished: Task[];
	/**
	 * The place to go on from, to be stored together with `finished`. undefined when the first poll (of an account) was
	 * not through: then nobody knows yet which tasks are old.
	 */
	state?: PollingState;
	/** How many pending tasks were forgotten because of the limits. */
	forgotten: number;
}

/**
 * One look at an account's tasks: says what to read, takes what was read, and knows in the end which tasks are newly
 * finished. Free of n8n and of the clock. It may be ended at any step, as when a read fails: what was not read stays
 * for the next poll.
 *
 * The list is newest first by creation (docs.hiapi.ai/async-api/list), but tasks finish in any order. So a poll sweeps
 * down the list to `floor`, below which every task was seen before; tasks seen unfinished are remembered by id and asked
 * about until they finish. `floor` rises only to a time from before which every task must have appeared in the list. A
 * sweep too long for one poll goes on where it stopped before the top is read again.
 */
export class TaskPoll {
	private floor: number;
	private readonly tasks: AccountTasks;
	private mark: PollingState['mark'];
	/** Without a state: everything already finished is old. */
	private first: boolean;

	private phase: 'sweep' | 'readOn' | 'lookUp' = 'sweep';
	private sweep?: UnfinishedSweep;
	/** Where the sweep of an earlier poll stopped; undefined when this sweep began in this poll. */
	private resumedBelow?: number;
	private hasFoundPlace = true;
	private hasTurnedBack = false;
	private position: ListPosition;
	private pagesLeft: number;
	private extraPagesLeft: number;
	private lookUps?: string[];

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
		this.floor = state?.floor ?? 0;
		this.tasks = new AccountTasks(state);
		this.mark = state?.mark;
		this.pagesLeft = limits.pagesPerPoll;
		this.extraPagesLeft = limits.extraPages;
		this.position = new ListPosition(limits.pageSize);
		if (state?.sweep !== undefined) {
			this.sweep = { ...state.sweep };
			this.resumedBelow = state.sweep.below;
			this.hasFoundPlace = mayBeAnotherAccount;
			if (!mayBeAnotherAccount)
				this.position = new ListPosition(
					limits.pageSize,
					state.sweep.page,
					state.sweep.entriesBefore,
				);
		}
	}

	/** What to read next; undefined when the poll is through. The same until it was given to takePage() or takeTask(). */
	nextStep(): PollStep | undefined {
		if (this.phase !== 'lookUp' && this.pagesLeft > 0)
			return { kind: 'page', page: this.position.page, size: this.limits.pageSize };
		if (this.first) return undefined;
		this.lookUps ??= this.tasks.unseen.slice(0, this.limits.lookUpsPerPoll).map(([id]) => id);
		const taskId = this.lookUps.at(0);
		return taskId === undefined ? undefined : { kind: 'task', taskId };
	}

	/** Takes the page that nextStep() asked for. */
	takePage(page: TaskPage): void {
		this.pagesLeft -= 1;
		if (this.mayBeAnotherAccount) this.recogniseAccount(page.tasks);
		if (!this.hasFoundPlace && this.isBelowPlace(page.tasks)) {
			this.position.turnBack();
			this.hasTurnedBack = true;
			this.rememberPosition();
			return;
		}
		this.hasFoundPlace = true;
		const created = creationTimes(page, Math.max(this.floor, this.mark?.newest ?? 0));
		if (this.phase === 'sweep') this.sweep ??= this.beginSweep(created);
		page.tasks.forEach((task, index) =>
			this.tasks.see(task, created[index], this.strangerOf(created[index])),
		);
		this.moveOn(page, created.at(-1));
	}

	/** Takes the task that nextStep() asked for; undefined when HiAPI does not know it. */
	takeTask(task: Task | undefined): void {
		const taskId = this.lookUps?.shift();
		if (taskId !== undefined)
			this.tasks.takeAnswer(taskId, task, this.nowSeconds - this.limits.overlapSeconds);
	}

	/** The outcome, also when the poll was not through. */
	end(): PollResult {
		if (this.mayBeAnotherAccount || (this.first && this.phase === 'sweep'))
			return { finished: [], forgotten: 0 };
		const { sweep, tasks } = this;
		if (sweep === undefined) this.floor = tasks.floorWithin(this.limits, this.floor);
		const forgotten = tasks.forgetPending(this.limits, this.nowSeconds);
		const isToBeKept = (created: number) =>
			sweep === undefined
				? created >= this.floor
				: created >= sweep.floorAfter || created <= sweep.below;
		return {
			finished: tasks.finishedInOrder,
			forgotten,
			state: {
				floor: this.floor,
				settled: tasks.settledMarks(isToBeKept),
				pending: tasks.pendingMarks,
				...(this.mark && { mark: this.mark }),
				...(sweep && { sweep }),
			},
		};
	}

	/** Another account's list begins with strangers only. */
	private recogniseAccount(tasks: Task[]): void {
		this.mayBeAnotherAccount = false;
		if (tasks.some((task) => this.tasks.isKnown(task))) return;
		this.first = true;
		this.floor = 0;
		this.tasks.clear();
		this.mark = undefined;
		this.sweep = undefined;
		this.resumedBelow = undefined;
	}

	/** New tasks only push the place down the list, but an older copy of the list has it further up. */
	private isBelowPlace(tasks: Task[]): boolean {
		if (this.position.page === 1) return false;
		const first = tasks.at(0);
		if (first === undefined) return true;
		const below = this.resumedBelow as number;
		const created = first.created ?? Infinity;
		// Of the place's very second, one that is known may have been asked for by name, and stand below others not seen yet.
		return (
			created < below || (created === below && (this.hasTurnedBack || !this.tasks.isKnown(first)))
		);
	}

	private beginSweep(created: number[]): UnfinishedSweep {
		const newest = created.length === 0 ? this.floor : Math.max(...created);
		// A task still missing from the list was created less than the overlap ago. So it is younger than the newest one
		// seen less the overlap; and whatever was created before a sweep an overlap ago has appeared by now.
		const { mark, limits, nowSeconds } = this;
		const known =
			mark !== undefined && nowSeconds - mark.at >= limits.overlapSeconds ? mark.newest : 0;
		const floorAfter = Math.max(this.floor, newest - limits.overlapSeconds, known);
		return { startedAt: nowSeconds, newest, floorAfter, below: newest, page: 1, entriesBefore: 0 };
	}

	private strangerOf(created: number): Stranger {
		if (this.first) return 'old';
		return created >= this.floor && !this.wasPassedBefore(created) ? 'new' : 'passed';
	}

	/** Between the place where an earlier poll stopped and the time from which finished tasks are remembered. */
	private wasPassedBefore(created: number): boolean {
		return (
			this.resumedBelow !== undefined &&
			created > this.resumedBelow &&
			created < (this.sweep as UnfinishedSweep).floorAfter
		);
	}

	/** @param last when the last task of the page was created; undefined for a page without tasks */
	private moveOn(page: TaskPage, last: number | undefined): void {
		const isEnd = this.position.isLast(page);
		if (this.phase === 'sweep') {
			const sweep = this.sweep as UnfinishedSweep;
			sweep.below = Math.min(sweep.below, last ?? sweep.below);
			this.rememberPosition();
			const isThrough = isEnd || this.hasReachedFloor(page.tasks, sweep, last);
			if (!isThrough && !(this.first && this.pagesLeft === 0)) return this.position.turn(page);
			this.completeSweep(sweep, isThrough ? 0 : sweep.below + 1);
			if (this.resumedBelow !== undefined) return this.startFromTop();
			this.phase = 'readOn';
		} else {
			this.extraPagesLeft -= 1;
		}
		if (isEnd || this.extraPagesLeft <= 0 || !this.isReadingOnWorthIt(last)) this.phase = 'lookUp';
		else this.position.turn(page);
	}

	private hasReachedFloor(
		tasks: Task[],
		{ floorAfter }: UnfinishedSweep,
		last: number | undefined,
	): boolean {
		if (last === undefined) return false;
		// The first time, pages with unfinished tasks are gone through to the last of them.
		return this.first
			? last < floorAfter && tasks.every(({ state }) => state !== 'running')
			: last < this.floor;
	}

	private rememberPosition(): void {
		Object.assign(this.sweep as UnfinishedSweep, {
			page: this.position.page,
			entriesBefore: this.position.entriesBefore,
		});
	}

	private completeSweep(sweep: UnfinishedSweep, leastFloor: number): void {
		this.floor = Math.max(this.floor, sweep.floorAfter, leastFloor);
		const age = this.mark === undefined ? undefined : sweep.startedAt - this.mark.at;
		// A mark from the future means that this machine's clock was put back.
		if (age === undefined || age < 0 || age >= this.limits.overlapSeconds)
			this.mark = { at: sweep.startedAt, newest: sweep.newest };
		this.sweep = undefined;
	}

	private startFromTop(): void {
		this.resumedBelow = undefined;
		this.position = new ListPosition(this.limits.pageSize);
	}

	private isReadingOnWorthIt(last: number | undefined): boolean {
		if (this.first || last === undefined) return false;
		const further = this.tasks.unseen.filter(([, created]) => created <= last);
		return further.length >= this.limits.readOnFrom;
	}
}
