import type { INodeExecutionData } from 'n8n-workflow';

import { mayPassWithNewTask } from '../../shared/errors/requestFailure';
import type { Task } from '../../shared/api/task';
import type { ApiResult } from '../../shared/api/tasks';
import type { DownloadRun } from '../../shared/downloads/downloadRun';
import type { PricedTask } from '../models/modelCatalog';
import { checkMaximumCost } from './cost/costCheck';
import { costOutput, showCost } from './cost/costReport';
import { CREATE_BUDGET_MS, CreateQueue } from './create/createQueue';
import type { CreatedTask } from './create/taskCreator';
import { runItems, type Output } from './items/runItems';
import { StorageReport } from './items/storageReport';
import { toItem, waitResultToJson } from './items/taskItem';
import type { GenerationPlan, PlannedTask } from './plan';
import type { RunPorts, RunSettings } from './ports/ports';
import type { Submission } from './request/taskRequest';
import { Latch } from './suspend/latch';
import { suspendRun, wordKeyInUse } from './suspend/suspendRun';
import type { PendingTask } from './suspend/suspensionState';
import type { WaitResult } from './wait/awaitedTasks';
import { WaitingRun } from './wait/waitingRun';

/**
 * Creates all planned tasks, several at a time, waits for all of them together, and returns one item per task in order,
 * paired with its input item. With a suspension it polls for a short while only; what runs then is left to callbacks, and
 * the items returned are placeholders.
 *
 * @throws NodeApiError or NodeOperationError naming the item, and HiApiError when all tasks together may cost more than allowed
 */
export async function generate(
	plan: GenerationPlan,
	settings: RunSettings,
	ports: RunPorts,
): Promise<INodeExecutionData[]> {
	const run = new GenerationRun(plan, settings, ports);
	try {
		return await run.result();
	} finally {
		run.close();
	}
}

type CostEstimate = ReturnType<typeof costOutput>;

type Waited =
	| { ok: true; created: CreatedTask; result: WaitResult }
	| Extract<ApiResult<never>, { ok: false }>;

class GenerationRun {
	private readonly waiting: WaitingRun;
	private readonly queue: CreateQueue;
	private readonly downloads: DownloadRun;
	private readonly storage: StorageReport;
	private readonly creating = new Latch();
	private readonly closing = new AbortController();
	/** Of tasks that were created now and have not failed. */
	private readonly costs: PricedTask[] = [];
	/** Tasks that still ran when polling ended. */
	private readonly pending = new Map<PlannedTask, PendingTask>();
	/** The last that was seen of them. */
	private readonly seen = new Map<string, Task>();
	private suspended = false;

	constructor(
		private readonly plan: GenerationPlan,
		private readonly settings: RunSettings,
		private readonly ports: RunPorts,
	) {
		this.waiting = new WaitingRun(ports);
		this.queue = new CreateQueue(settings, ports);
		this.downloads = ports.downloads(this.waiting.signal);
		this.storage = new StorageReport(ports);
	}

	async result(): Promise<INodeExecutionData[]> {
		if (this.plan.suspension !== undefined) void this.pollForAWhile(this.plan.suspension.graceMs);
		const items = runItems<PlannedTask>(this.settings, this.ports, {
			prepare: async (itemIndex) => await this.plan.planItem(itemIndex),
			check: async (tasks) =>
				await checkMaximumCost(
					this.settings.maximumUsd,
					tasks,
					this.queue.creator,
					this.settings.wayOn,
				),
			work: async (task) => await this.work(task),
			finish: async (outputs) => await this.finish(outputs),
			giveUp: () => {
				this.queue.end();
				this.waiting.giveUp();
			},
			runningTaskIds: () => this.waiting.unfinishedTaskIds,
			finishedTaskIds: () => this.waiting.finishedTaskIds,
		});
		return await this.queue.creator.during(items);
	}

	/** Call in any case when the run is over. */
	close(): void {
		this.closing.abort();
		if (this.suspended) return;
		this.waiting.close();
		showCost(this.ports, this.costs);
		this.storage.close();
		this.downloads.close();
	}

	private async work(planned: PlannedTask): Promise<ApiResult<INodeExecutionData>> {
		const { itemIndex, submission } = planned;
		let waited = await this.createAndWait(planned);
		while (waited.ok && isWorthRetrying(waited, planned.mostRetries))
			waited = await this.createAndWait(planned, true);
		if (!waited.ok) {
			if (this.plan.suspension === undefined) return waited;
			return { ok: false, failure: wordKeyInUse(waited.failure, submission) };
		}
		const { created, result } = waited;
		const estimate = await this.noteCost(submission, created, result);
		if (this.isLeftToCallbacks(result)) return this.placeholder(planned, created, result, estimate);
		const json = waitResultToJson(result, created.taskId, {
			...planned,
			model: submission.model,
			wayOn: this.settings.wayOn,
			replayed: created.replayed,
			...estimate,
		});
		if (!json.ok) {
			this.queue.creator.markWithoutResult(submission, result.kind === 'finished');
			return json;
		}
		if (result.kind === 'finished' && planned.asksPersistent) this.storage.note(result.task);
		if (result.kind !== 'finished' || planned.download === undefined)
			return { ok: true, value: toItem(json.value, itemIndex) };
		const item = await this.downloads.attach(result.task, json.value, planned.download);
		return { ok: true, value: toItem(item.json, itemIndex, item.binary) };
	}

	private async createAndWait(planned: PlannedTask, again = false): Promise<Waited> {
		const { submission, timeoutMs } = planned;
		const mostMs = this.plan.suspension === undefined ? timeoutMs : CREATE_BUDGET_MS;
		const begun = await this.creating.count(async () => {
			const created = await this.queue.create(submission, mostMs, again);
			if (!created.ok) return created;
			// Begun before the last create counts as ended, so that the last poll before a suspension knows every task.
			const result = this.wait(planned, created.value);
			return { ok: true, created: created.value, result } as const;
		});
		if (!begun.ok) return begun;
		return { ok: true, created: begun.created, result: await begun.result };
	}

	private async wait(
		{ submission: { model }, timeoutMs, leastIntervalMs }: PlannedTask,
		{ taskId, replayed, createdMs }: CreatedTask,
	): Promise<WaitResult> {
		// What is suspended anyway polls when all tasks are created: until then requests are better spent on creating.
		if (this.plan.suspension !== undefined) await this.creating.ended;
		// Counts from now also for a task found again, which may have taken any time already.
		const deadlineMs =
			this.plan.suspension === undefined
				? this.ports.clock.monotonic() + timeoutMs
				: Number.MAX_SAFE_INTEGER;
		return await this.waiting.wait(
			{ taskId, model, createdMs, deadlineMs, leastIntervalMs, pollAtOnce: replayed },
			replayed,
		);
	}

	private async pollForAWhile(graceMs: number): Promise<void> {
		await this.creating.ended;
		await this.ports.clock.pause(graceMs, this.closing.signal);
		// n8n has answered a callback that came while the execution was running with an error, so one more poll has to see it.
		if (!this.closing.signal.aborted) await this.waiting.endWithLastPoll();
	}

	/** What an item says of the cost of its task: only what was created now costs anything, and a failed task does not. */
	private async noteCost(
		{ cost: priced }: Submission,
		{ replayed }: CreatedTask,
		result: WaitResult,
	): Promise<CostEstimate> {
		const hasFailed = result.kind === 'finished' && result.task.failure !== undefined;
		if (replayed || hasFailed) return {};
		const cost = await priced;
		this.costs.push(cost);
		return costOutput(cost);
	}

	private isLeftToCallbacks({ kind }: WaitResult): boolean {
		return this.plan.suspension !== undefined && kind === 'stopped' && !this.ports.stopped?.aborted;
	}

	private placeholder(
		planned: PlannedTask,
		{ taskId, createdMs, replayed }: CreatedTask,
		result: WaitResult,
		estimate: CostEstimate,
	): ApiResult<INodeExecutionData> {
		const { itemIndex, simplify, asksPersistent, reference, inputFields, submission } = planned;
		if ('task' in result && result.task !== undefined) this.seen.set(taskId, result.task);
		this.pending.set(planned, {
			taskId,
			model: submission.model,
			createdMs,
			simplify,
			...(replayed && { replayed }),
			...(asksPersistent && { asksPersistent }),
			...(reference !== undefined && { reference }),
			...(inputFields !== undefined && { inputFields }),
			...estimate,
		});
		return { ok: true, value: toItem({ taskId }, itemIndex) };
	}

	/** The items when all tasks have ended. Otherwise suspends the execution and returns placeholders. */
	private async finish(outputs: Array<Output<PlannedTask>>): Promise<INodeExecutionData[]> {
		const { suspension } = this.plan;
		if (suspension === undefined || this.pending.size === 0) return outputs.map(({ item }) => item);
		const left = outputs.map(({ item, job }) => ({ item, pending: job && this.pending.get(job) }));
		const placeholders = await suspendRun(left, this.seen, suspension, this.ports);
		this.suspended = true;
		return placeholders;
	}
}

function isWorthRetrying(
	{ created, result }: Extract<Waited, { ok: true }>,
	mostRetries: number,
): boolean {
	return (
		result.kind === 'finished' &&
		created.retries < mostRetries &&
		mayPassWithNewTask(result.task.failure?.code)
	);
}
