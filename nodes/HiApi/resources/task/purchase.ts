import type { IExecuteFunctions } from 'n8n-workflow';

import type { HiApiClient, RequestBudget } from '../../../shared/api/client';
import { HiApiFailure } from '../../../shared/api/failure';
import { bodyHash, idempotencyKey } from '../../../shared/api/idempotency';
import { PurchaseMemory } from '../../../shared/api/purchaseMemory';
import { createTask, type ApiResult } from '../../../shared/api/tasks';
import type { Timing } from '../../../shared/timing';
import type { Submission } from './submission';

/** A task that is ours for an item, bought now or found again. */
export interface BoughtTask {
	taskId: string;
	/** True when nothing was bought now: HiAPI or this execution's memory already had the task. */
	replayed: boolean;
}

/** Buys one task per submission and never a second one for the same item of the same execution. */
export class Purchaser {
	private readonly memory: PurchaseMemory;
	private readonly runIndex: number;
	/** Ids of all tasks this run has, bought now or found again. */
	readonly boughtTaskIds: string[] = [];

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly client: HiApiClient,
		private readonly timing: Timing,
	) {
		this.memory = new PurchaseMemory(context.getContext('node'), context.getExecutionId());
		this.runIndex = Number(context.getWorkflowDataProxy(0).$runIndex ?? 0);
	}

	/** The task for a submission: from memory, or by `POST /v1/tasks` with a key of its own. */
	async buy(submission: Submission, budget: RequestBudget): Promise<ApiResult<BoughtTask>> {
		const { itemIndex, body, userKey } = submission;
		const hash = bodyHash(body);
		const nowMs = this.timing.now();
		const decision = this.memory.decide(this.runIndex, itemIndex, hash, nowMs, userKey);
		if (decision.action === 'wait') return { ok: true, value: { taskId: decision.taskId, replayed: true } };
		if (decision.action === 'tooOld') return { ok: false, failure: tooOld() };

		const purchase =
			decision.purchase ??
			this.memory.begin(this.runIndex, itemIndex, {
				key: userKey ?? this.makeKey(itemIndex, decision.attempt, body),
				bodyHash: hash,
				attempt: decision.attempt,
				startedAt: nowMs,
			});
		const result = await createTask(this.client, body, purchase.key, budget);
		if (result.ok) {
			purchase.taskId = result.value.taskId;
			this.boughtTaskIds.push(purchase.taskId);
		} else this.memory.failed(purchase, result.failure.request?.outcomeUnknown ?? true);
		return result;
	}

	private makeKey(itemIndex: number, attempt: number, body: string): string {
		return idempotencyKey({
			instanceId: this.context.getInstanceId(),
			workflowId: this.context.getWorkflow().id ?? '',
			executionId: this.memory.executionId,
			nodeId: this.context.getNode().id,
			runIndex: this.runIndex,
			itemIndex,
			attempt,
			body,
		});
	}
}

function tooOld(): HiApiFailure {
	return new HiApiFailure(
		'It can no longer be found out whether HiAPI created this task',
		"The first request was sent more than 23 hours ago and its answer was lost; HiAPI has forgotten its idempotency key by now. Look for the task with 'Get Many'. To buy it anew, run the workflow again instead of retrying this execution.",
	);
}
