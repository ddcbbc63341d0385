import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { HiApiClient, RequestBudget } from '../../../shared/api/client';
import { toFailure } from '../../../shared/errors/nodeError';
import { HiApiError } from '../../../shared/errors/apiError';
import { bodyHash, idempotencyKey, keyOfRetry } from '../request/idempotencyKey';
import { PurchaseMemory, type Purchase, type TakeOver } from './createdTasks';
import { outcomeOf } from '../../../shared/errors/requestFailure';
import { createTask, type ApiResult } from '../../../shared/api/tasks';
import type { WayOn } from '../../../shared/errors/wayOn';
import { UnansweredCreates, type Caller, type Ending } from './unansweredCreates';
import { isInlineTool } from '../../../shared/n8nCompat';
import type { Timing } from '../../../shared/clock';
import { callerOf } from './caller';
import { executionIdentity } from './executionIdentity';
import type { Submission } from '../request/taskRequest';
import { wayOnOf } from '../../parameters/wayOn';

// What callers without a lasting memory may ask for again.
const unanswered = new UnansweredCreates(1_000);

/** A task that is ours for an item, bought now or found again. */
export interface CreatedTask {
	taskId: string;
	/** True when nothing was bought now: HiAPI or this execution's memory already had the task. */
	replayed: boolean;
	/** When it was bought, in milliseconds since 1970. */
	boughtMs: number;
	/** How many failed tasks this one replaces. */
	retries: number;
}

/** Buys one task per submission and never a second one for the same item of the same execution. */
export class TaskCreator {
	private readonly memory: PurchaseMemory;
	private readonly runIndex: number;
	private readonly takeOver: TakeOver;
	private readonly wayOn: WayOn;
	private caller?: Promise<Caller | undefined>;
	/** Everything this run has bought, found again or tried to buy, by item. */
	private readonly own = new Map<number, Purchase>();
	/** Ids of all tasks this run has, bought now or found again. */
	readonly boughtTaskIds: string[] = [];

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly client: HiApiClient,
		private readonly timing: Timing,
	) {
		this.memory = new PurchaseMemory(context.getContext('node'), executionIdentity(context));
		this.runIndex = Number(context.getWorkflowDataProxy(0).$runIndex ?? 0);
		this.takeOver = takeOverFor(context);
		this.wayOn = wayOnOf(context);
	}

	/** The task for a submission: from memory, or by `POST /v1/tasks` with a key of its own. */
	async buy(submission: Submission, budget: RequestBudget): Promise<ApiResult<CreatedTask>> {
		const { itemIndex, request, userKey } = submission;
		const requestHash = bodyHash(request);
		const caller = await (this.caller ??= callerOf(this.context));
		const nowMs = this.timing.now();
		const decision = this.memory.decide(
			this.runIndex,
			itemIndex,
			requestHash,
			nowMs,
			userKey,
			this.takeOver,
			caller && (() => unanswered.take(caller, requestHash, userKey, nowMs)),
		);
		if (decision.action === 'tooOld') return { ok: false, failure: tooOld() };
		if (decision.action === 'wait') {
			const { taskId, purchase } = decision;
			this.use(itemIndex, purchase, caller);
			this.boughtTaskIds.push(taskId);
			return {
				ok: true,
				value: { taskId, replayed: true, boughtMs: purchase.startedAt, retries: purchase.retries },
			};
		}
		const purchase =
			decision.purchase ?? this.begin(submission, decision.attempt, decision.retries);
		this.use(itemIndex, purchase, caller);
		return await this.submit(purchase, submission, budget);
	}

	/**
	 * For each submission the task that was bought before and will only be picked up, with how often it has been replaced;
	 * undefined where a task will be bought, or may be: nobody knows yet whether an unanswered create made one.
	 */
	async foresee(
		submissions: Submission[],
	): Promise<Array<{ taskId: string; retries: number } | undefined>> {
		const caller = await (this.caller ??= callerOf(this.context));
		const nowMs = this.timing.now();
		const claimed = new Set<Purchase>();
		return submissions.map(({ itemIndex, request, userKey }) => {
			const requestHash = bodyHash(request);
			const purchase = this.memory.foresee(
				this.runIndex,
				itemIndex,
				requestHash,
				nowMs,
				userKey,
				this.takeOver,
				claimed,
				caller && (() => unanswered.peek(caller, requestHash, userKey, nowMs, claimed)),
			);
			if (purchase === undefined) return undefined;
			claimed.add(purchase);
			const { taskId, retries } = purchase;
			return taskId === undefined ? undefined : { taskId, retries };
		});
	}

	/** Buys a new task for a submission whose last one ended in failure: another attempt, another key. */
	async createAgain(
		submission: Submission,
		budget: RequestBudget,
	): Promise<ApiResult<CreatedTask>> {
		const last = this.memory.find(this.runIndex, submission.itemIndex);
		const purchase = this.begin(submission, (last?.attempt ?? 0) + 1, (last?.retries ?? 0) + 1);
		this.use(submission.itemIndex, purchase, await this.caller);
		return await this.submit(purchase, submission, budget);
	}

	/** Notes that an item ends without the result of its task; `taskFailed`: because HiAPI ended the task in failure. */
	markWithoutResult(itemIndex: number, taskFailed: boolean): void {
		this.memory.markWithoutResult(this.runIndex, itemIndex, taskFailed);
	}

	/**
	 * The items of the run that buys here. When it ends, notes what has reached its caller and what may be asked for again.
	 *
	 * @throws what `run` rejects with
	 */
	async during(run: Promise<INodeExecutionData[]>): Promise<INodeExecutionData[]> {
		let items: INodeExecutionData[] | undefined;
		try {
			items = await run;
			return items;
		} finally {
			for (const purchase of this.own.values())
				unanswered.end(purchase, endingOf(purchase, items !== undefined), this.timing.now());
		}
	}

	private use(itemIndex: number, purchase: Purchase, caller: Caller | undefined): void {
		const before = this.own.get(itemIndex);
		if (before !== undefined && before !== purchase) unanswered.forget(before);
		this.own.set(itemIndex, purchase);
		if (caller !== undefined) unanswered.begin(caller, purchase, this.timing.now());
	}

	private begin(submission: Submission, attempt: number, retries: number): Purchase {
		const { itemIndex, request, body, userKey } = submission;
		return this.memory.begin(this.runIndex, itemIndex, {
			key:
				userKey === undefined
					? this.makeKey(itemIndex, attempt, body)
					: keyOfRetry(userKey, retries),
			userKey,
			requestHash: bodyHash(request),
			attempt,
			retries,
			startedAt: this.timing.now(),
		});
	}

	private async submit(
		purchase: Purchase,
		submission: Submission,
		budget: RequestBudget,
	): Promise<ApiResult<CreatedTask>> {
		const body = await bodyOf(submission);
		if (!body.ok) {
			this.memory.failed(purchase, 'notSent');
			return body;
		}
		const result = await createTask(this.client, body.value, purchase.key, budget, this.wayOn);
		if (!result.ok) {
			const { request } = result.failure;
			this.memory.failed(purchase, request === undefined ? 'unknown' : outcomeOf(request));
			return result;
		}
		purchase.taskId = result.value.taskId;
		this.boughtTaskIds.push(purchase.taskId);
		return {
			ok: true,
			value: { ...result.value, boughtMs: this.timing.now(), retries: purchase.retries },
		};
	}

	private makeKey(itemIndex: number, attempt: number, body: string): string {
		return idempotencyKey({
			instanceId: this.context.getInstanceId(),
			workflowId: this.context.getWorkflow().id ?? '',
			executionId: this.memory.executionId,
			nodeId: this.context.getNode().id,
			nodeName: this.context.getNode().name,
			runIndex: this.runIndex,
			itemIndex,
			attempt,
			body,
		});
	}
}

function endingOf({ undelivered }: Purchase, returned: boolean): Ending {
	if (!returned) return 'error';
	return undelivered === undefined ? 'result' : 'item';
}

/**
 * An agent that carries out its tool calls itself (version 2 and older) gives every try of Retry On Fail a run index of
 * its own, and any agent may repeat a call that brought it nothing.
 */
function takeOverFor(context: IExecuteFunctions): TakeOver {
	if (isInlineTool(context)) return 'all';
	return context.getNode().type.endsWith('Tool') ? 'open' : 'unknown';
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
		"The first request was sent more than 23 hours ago and its answer was lost; HiAPI has forgotten its idempotency key by now. Look for the task with 'Get Many'. To buy it anew, run the workflow again instead of retrying this execution.",
	);
}
