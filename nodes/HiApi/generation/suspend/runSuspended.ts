import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Task } from '../../../shared/api/task';
import type { ApiResult } from '../../../shared/api/tasks';
import { Semaphore } from '../../../shared/semaphore';
import type { PricedTask } from '../../models/modelCatalog';
import { modelCatalogFor } from '../../models/catalogAccess';
import { isCommandLine } from '../../../shared/n8nCompat';
import { systemClock } from '../../../shared/clock';
import { rememberAddress, suspendExecution } from './resumeUrl';
import {
	itemsOnTimeout,
	itemsWhileWaiting,
	type PendingTask,
	type Place,
	type Suspension,
} from './suspensionState';
import { toItem } from '../items/forEachItem';
import { toOutcome } from '../items/taskItem';
import {
	checkMaximumTasks,
	optionsOf,
	readConcurrency,
	readMaximumCost,
} from '../../parameters/readers';
import { checkMaximumCost } from '../cost/costCheck';
import { costOutput, showCost } from '../cost/costReport';
import { TaskCreator } from '../create/taskCreator';
import { readReference } from '../../parameters/reference';
import { readSubmission, type Submission } from '../request/taskRequest';
import { wayOnOf } from '../../parameters/wayOn';
import { WaitingRun } from '../wait/waitingRun';
import { notStarted, runItems } from '../items/runItems';
import { Latch } from './latch';
import { wordKeyInUse } from './keyInUse';
import type { SuspensionSettings } from './chooseWaiting';
import { waitingPath } from './reachability';
import { resultOf } from './resumedItems';

// Submitting answers at once; what takes longer is waiting for a rate limit or a server in trouble.
const SUBMIT_BUDGET_MS = 5 * 60_000;

interface Job {
	submission: Submission;
	simplify: boolean;
	asksPersistent: boolean;
	reference?: string;
}

/**
 * Task → Run and Wait by callback: buys one task per item with the resume URL as callback, looks at them for a short
 * while, and suspends the execution while any of them runs. `receiveResume` lets it go on.
 */
export async function runSuspended(
	context: IExecuteFunctions,
	settings: SuspensionSettings,
): Promise<INodeExecutionData[]> {
	checkMaximumTasks(context);
	const maximumUsd = readMaximumCost(context);
	const gate = new Semaphore(readConcurrency(context));
	const catalog = await modelCatalogFor(context);
	const waiting = await WaitingRun.start(context, systemClock);
	const run = new SuspendableRun(context, settings, waiting, gate);
	try {
		const items = runItems<Job>(context, {
			prepare: async (itemIndex) => ({
				submission: await readSubmission(context, itemIndex, catalog, settings.address.url),
				simplify: context.getNodeParameter('simplify', itemIndex, true) as boolean,
				asksPersistent: optionsOf(context, itemIndex).storage === 'persistent',
				reference: readReference(context, itemIndex),
			}),
			check: async (jobs) =>
				await checkMaximumCost(maximumUsd, jobs, run.purchaser, wayOnOf(context)),
			work: async (job) => await run.work(job),
			giveUp: () => waiting.giveUp(),
			runningTaskIds: () => waiting.unfinishedTaskIds,
			finishedTaskIds: () => waiting.finishedTaskIds,
		});
		return await run.finish(items);
	} finally {
		run.close();
	}
}

/** Written before the execution is suspended, for the case that nothing wakes it. */
function timeoutHint(resumeUrl: string, waitMs: number): string {
	const minutes = Math.round(waitMs / 6_000) / 10;
	return `No callback of HiAPI ended the wait within ${minutes} minutes: the tasks take longer, or HiAPI cannot reach ${waitingPath(resumeUrl)}. That path has to be open to the internet. The operation 'Wait for Completion' with the taskId gets the result without buying again.`;
}

/** One run of the node from its purchases to its end, or to its suspension. */
class SuspendableRun {
	readonly purchaser: TaskCreator;
	private readonly purchases = new Latch();
	private readonly ended = new AbortController();
	/** Tasks not seen finished when looking ended, by item. */
	private readonly pending = new Map<number, PendingTask>();
	/** The last that was seen of pending tasks. */
	private readonly known = new Map<string, Task>();
	/** Of tasks that were bought and have not failed. */
	private readonly costs: PricedTask[] = [];
	private suspended = false;
	private buyingEnded = false;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly settings: SuspensionSettings,
		private readonly waiting: WaitingRun,
		private readonly gate: Semaphore,
	) {
		rememberAddress(context, settings.address);
		this.purchaser = new TaskCreator(context, waiting.client, systemClock);
		void this.lookForAWhile();
	}

	/** Buys an item's task and looks at it until looking ends. What runs on gets an item that stands for it. */
	async work({
		submission,
		simplify,
		asksPersistent,
		reference,
	}: Job): Promise<ApiResult<INodeExecutionData>> {
		const { itemIndex, model } = submission;
		const { waiting } = this;
		const begun = await this.purchases.count(async () => {
			const bought = await this.gate.run(async () => {
				if (waiting.ended || this.buyingEnded)
					return { ok: false, failure: notStarted(wayOnOf(this.context)) } as const;
				const result = await this.purchaser.buy(submission, {
					deadlineMs: systemClock.now() + SUBMIT_BUDGET_MS,
					signal: waiting.stopButton,
				});
				// At once: the next item already waits at the gate.
				this.buyingEnded ||= !result.ok && !this.context.continueOnFail();
				return result;
			});
			if (!bought.ok) return bought;
			const { taskId, replayed, boughtMs } = bought.value;
			const task = {
				taskId,
				model,
				createdMs: boughtMs,
				deadlineMs: Number.MAX_SAFE_INTEGER,
				leastIntervalMs: 0,
				lookAtOnce: replayed,
			};
			// Handed over before the last of the jobs counts as ended, so that the last poll knows every task.
			const waited = this.purchases.ended.then(async () => await waiting.wait(task, replayed));
			return { ok: true, bought: bought.value, waited } as const;
		});
		if (!begun.ok) return { ok: false, failure: wordKeyInUse(begun.failure, submission) };
		const { taskId, replayed, boughtMs } = begun.bought;
		const result = await begun.waited;
		const failed = result.kind === 'finished' && result.task.failure !== undefined;
		const cost = replayed || failed ? undefined : await submission.cost;
		if (cost !== undefined) this.costs.push(cost);
		const estimate = cost && costOutput(cost);
		if (result.kind === 'stopped' && waiting.stopButton?.aborted !== true) {
			if (result.task !== undefined) this.known.set(taskId, result.task);
			this.pending.set(itemIndex, {
				taskId,
				model,
				createdMs: boughtMs,
				simplify,
				...(replayed && { replayed }),
				...(asksPersistent && { asksPersistent }),
				...(reference !== undefined && { reference }),
				...estimate,
			});
			return { ok: true, value: toItem({ taskId }, itemIndex) };
		}
		const outcome = toOutcome(result, taskId, {
			model,
			simplify,
			outputUnfinished: false,
			timeoutMs: this.settings.limitMs,
			wayOn: wayOnOf(this.context),
		});
		if (!outcome.ok) this.purchaser.markWithoutResult(itemIndex, result.kind === 'finished');
		if (!outcome.ok || result.kind !== 'finished')
			return outcome.ok ? { ok: true, value: toItem(outcome.value, itemIndex) } : outcome;
		return {
			ok: true,
			value: toItem(
				resultOf(result.task, { simplify, replayed, asksPersistent, ...estimate }),
				itemIndex,
			),
		};
	}

	/** The items when all tasks have ended. Otherwise suspends the execution and returns what stands for them meanwhile. */
	async finish(items: Promise<INodeExecutionData[]>): Promise<INodeExecutionData[]> {
		return await this.purchaser.during(items.then(async (begun) => await this.settle(begun)));
	}

	private async settle(items: INodeExecutionData[]): Promise<INodeExecutionData[]> {
		if (this.pending.size === 0) return items;
		const places = items.map((item, itemIndex): Place => {
			const pending = this.pending.get(itemIndex);
			return pending === undefined ? { json: item.json } : { pending };
		});
		const suspension: Suspension = { nonce: this.settings.address.nonce, places };
		const { address, limitMs, latestMs } = this.settings;
		const now = systemClock.now();
		const untilMs = Math.min(now + limitMs, latestMs);
		const hint = timeoutHint(address.url, untilMs - now);
		const onTimeout = itemsOnTimeout(suspension, this.known, hint);
		await suspendExecution(this.context, suspension, onTimeout, untilMs);
		this.suspended = true;
		const count = this.pending.size;
		this.context.logger.info(
			`Suspended until ${count} HiAPI ${count === 1 ? 'task has' : 'tasks have'} ended, at most until ${new Date(untilMs).toISOString()}`,
		);
		if (isCommandLine(this.context))
			this.context.logger.warn(
				`n8n's command line ends here. Execution ${this.context.getExecutionId()} goes on when HiAPI calls back, if an n8n with the same database runs then; the tasks go on in any case: ${[...this.pending.values()].map(({ taskId }) => taskId).join(', ')}`,
			);
		return itemsWhileWaiting(suspension, this.known).map((json, itemIndex) =>
			toItem(json, itemIndex),
		);
	}

	/** Call in any case when the run is over. */
	close(): void {
		this.ended.abort();
		if (this.suspended) return;
		this.waiting.close();
		showCost(this.context, this.costs);
	}

	private async lookForAWhile(): Promise<void> {
		await this.purchases.ended;
		await systemClock.pause(this.settings.graceMs, this.ended.signal);
		// n8n has answered a callback that came while the execution was running with an error, so one more poll has to see it.
		if (!this.ended.signal.aborted) await this.waiting.endWithLastPoll();
	}
}
