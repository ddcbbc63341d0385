import type { INodeExecutionData } from 'n8n-workflow';

import type { RequestBudget } from '../../../shared/api/client';
import { toFailure } from '../../../shared/errors/nodeError';
import { HiApiError } from '../../../shared/errors/apiError';
import { bodyHash, idempotencyKey, keyOfRetry, keyOfVariation } from '../request/idempotencyKey';
import type { Caller, RunPorts, RunSettings } from '../ports/ports';
import { CreatedTasks, type ItemKey, type CreateAttempt } from './createdTasks';
import { outcomeOf } from '../../../shared/errors/requestFailure';
import { createTask, type ApiResult } from '../../../shared/api/tasks';
import { UnansweredCreates, type Ending } from './unansweredCreates';
import type { Submission } from '../request/taskRequest';

// What callers without a lasting memory may ask for again.
const unanswered = new UnansweredCreates(1_000);

/** A task that is ours for an item, created now or found again. */
export interface CreatedTask {
	taskId: string;
	/** True when nothing was created now: HiAPI or this execution's memory already had the task. */
	replayed: boolean;
	/** When it was created, in milliseconds since 1970. */
	createdMs: number;
	/** How many failed tasks this one replaces. */
	retries: number;
}

export type CreateSettings = Pick<RunSettings, 'identity' | 'reuse' | 'wayOn'>;
export type CreatePorts = Pick<RunPorts, 'client' | 'clock' | 'log' | 'store' | 'findCaller'>;

/** Creates one task per submission and never a second one for the same item of the same execution. */
export class TaskCreator {
	private readonly memory: CreatedTasks;
	private caller?: Promise<Caller | undefined>;
	/** Everything this run has created, found again or tried to create. */
	private readonly own = new Map<ItemKey, CreateAttempt>();
	/** Ids of all tasks this run has, created now or found again. */
	readonly taskIds: string[] = [];

	constructor(
		private readonly settings: CreateSettings,
		private readonly ports: CreatePorts,
	) {
		this.memory = new CreatedTasks(ports.store, settings.identity.executionId);
	}

	/** The task for a submission: from memory, or by `POST /v1/tasks` with a key of its own. */
	async create(submission: Submission, budget: RequestBudget): Promise<ApiResult<CreatedTask>> {
		const { userKey } = submission;
		const item = itemKeyOf(submission);
		const requestHash = requestHashOf(submission);
		const caller = await (this.caller ??= this.ports.findCaller());
		const nowMs = this.ports.clock.now();
		const decision = this.memory.decide(
			this.runIndex,
			item,
			requestHash,
			nowMs,
			userKey,
			this.settings.reuse,
			caller && (() => unanswered.take(caller, requestHash, userKey, nowMs)),
		);
		if (decision.action === 'tooOld') return { ok: false, failure: tooOld() };
		if (decision.action === 'wait') {
			const { taskId, record } = decision;
			this.use(item, record, caller);
			this.taskIds.push(taskId);
			return {
				ok: true,
				value: { taskId, replayed: true, createdMs: record.startedAt, retries: record.retries },
			};
		}
		const record = decision.record ?? this.begin(submission, decision.attempt, decision.retries);
		this.use(item, record, caller);
		return await this.submit(record, submission, budget);
	}

	/**
	 * For each submission the task that was created before and will only be picked up, with how often it has been replaced;
	 * undefined where a task will be created, or may be: nobody knows yet whether an unanswered create made one.
	 */
	async foresee(
		submissions: Submission[],
	): Promise<Array<{ taskId: string; retries: number } | undefined>> {
		const caller = await (this.caller ??= this.ports.findCaller());
		const nowMs = this.ports.clock.now();
		const claimed = new Set<CreateAttempt>();
		return submissions.map((submission) => {
			const { userKey } = submission;
			const requestHash = requestHashOf(submission);
			const record = this.memory.foresee(
				this.runIndex,
				itemKeyOf(submission),
				requestHash,
				nowMs,
				userKey,
				this.settings.reuse,
				claimed,
				caller && (() => unanswered.peek(caller, requestHash, userKey, nowMs, claimed)),
			);
			if (record === undefined) return undefined;
			claimed.add(record);
			const { taskId, retries } = record;
			return taskId === undefined ? undefined : { taskId, retries };
		});
	}

	/** Creates a new task for a submission whose last one ended in failure: another attempt, another key. */
	async createAgain(
		submission: Submission,
		budget: RequestBudget,
	): Promise<ApiResult<CreatedTask>> {
		const item = itemKeyOf(submission);
		const last = this.memory.find(this.runIndex, item);
		const record = this.begin(submission, (last?.attempt ?? 0) + 1, (last?.retries ?? 0) + 1);
		this.use(item, record, await this.caller);
		return await this.submit(record, submission, budget);
	}

	/** Notes that an item ends without the result of its task; `taskFailed`: because HiAPI ended the task in failure. */
	markWithoutResult(submission: Submission, taskFailed: boolean): void {
		this.memory.markWithoutResult(this.runIndex, itemKeyOf(submission), taskFailed);
	}

	/**
	 * The items of the run that creates here. When it ends, notes what has reached its caller and what may be asked for again.
	 *
	 * @throws what `run` rejects with
	 */
	async during(run: Promise<INodeExecutionData[]>): Promise<INodeExecutionData[]> {
		let items: INodeExecutionData[] | undefined;
		try {
			items = await run;
			return items;
		} finally {
			for (const record of this.own.values())
				unanswered.end(record, endingOf(record, items !== undefined), this.ports.clock.now());
		}
	}

	private use(item: ItemKey, record: CreateAttempt, caller: Caller | undefined): void {
		const before = this.own.get(item);
		if (before !== undefined && before !== record) unanswered.forget(before);
		this.own.set(item, record);
		if (caller !== undefined) unanswered.begin(caller, record, this.ports.clock.now());
	}

	private begin(submission: Submission, attempt: number, retries: number): CreateAttempt {
		const { userKey, variation = 0 } = submission;
		return this.memory.begin(this.runIndex, itemKeyOf(submission), {
			key:
				userKey === undefined
					? this.makeKey(submission, attempt)
					: keyOfRetry(keyOfVariation(userKey, variation), retries),
			userKey,
			requestHash: requestHashOf(submission),
			attempt,
			retries,
			startedAt: this.ports.clock.now(),
		});
	}

	private async submit(
		record: CreateAttempt,
		submission: Submission,
		budget: RequestBudget,
	): Promise<ApiResult<CreatedTask>> {
		const body = await bodyOf(submission);
		if (!body.ok) {
			this.memory.failed(record, 'keyUnused');
			return body;
		}
		const result = await createTask(
			this.ports.client,
			body.value,
			record.key,
			budget,
			this.settings.wayOn,
		);
		if (!result.ok) {
			const { request } = result.failure;
			this.memory.failed(record, request === undefined ? 'unknown' : outcomeOf(request));
			return result;
		}
		record.taskId = result.value.taskId;
		this.taskIds.push(record.taskId);
		// when n8n is killed in the middle of the node, its log is all that is left of what was created
		const what = result.value.replayed ? 'found again' : 'created';
		this.ports.log.info(`HiAPI task ${record.taskId} was ${what}`);
		return {
			ok: true,
			value: { ...result.value, createdMs: this.ports.clock.now(), retries: record.retries },
		};
	}

	private makeKey({ itemIndex, variation, body }: Submission, attempt: number): string {
		const { identity } = this.settings;
		// A retry keeps the keys of the execution it repeats.
		const { executionId } = this.memory;
		return idempotencyKey({ ...identity, executionId, itemIndex, variation, attempt, body });
	}

	private get runIndex(): number {
		return this.settings.identity.runIndex;
	}
}

/** The first task of an item has the item's index alone. */
function itemKeyOf({ itemIndex, variation = 0 }: Submission): ItemKey {
	return variation === 0 ? itemIndex : `${itemIndex}/${variation}`;
}

/** Of what is asked for: equal variations of one item are several wishes all the same. */
function requestHashOf({ request, variation = 0 }: Submission): string {
	return bodyHash(variation === 0 ? request : `${variation}:${request}`);
}

function endingOf({ withoutResult }: CreateAttempt, returned: boolean): Ending {
	if (!returned) return 'error';
	return withoutResult === undefined ? 'result' : 'item';
}

/** The body to send. Files can be missing or too large only when they are read, and then nothing is sent. */
async function bodyOf({ body, complete }: Submission): Promise<ApiResult<string>> {
	try {
		return { ok: true, value: complete === undefined ? body : await complete() };
	} catch (error) {
		return { ok: false, failure: toFailure(error) };
	}
}

function tooOld(): HiApiError {
	return new HiApiError(
		'It can no longer be found out whether HiAPI created this task',
		"The first request was sent more than 23 hours ago and its answer was lost; HiAPI has forgotten its idempotency key by now. Check with 'Get Many' whether the task is there. To create a new one, run the workflow again instead of retrying this execution.",
	);
}
