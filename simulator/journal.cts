import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Core } from './core.cts';
import { successReply } from './reply.cts';
import { SimulatedTask, type TaskOrder, type TaskPlan } from './tasks.cts';

/** Moments are simulated Unix milliseconds. */
type Entry =
	| {
			type: 'bought';
			taskId: string;
			order: TaskOrder;
			plan: TaskPlan;
			/** How long it takes when the plan does not say. */
			seconds: number;
			createdAt: number;
			/** Of the request's body: what a repeated idempotency key is compared with. */
			sha256: string;
	  }
	| { type: 'planned'; taskId: string; plan: TaskPlan; endsAt: number | null }
	/** One try of a callback is over. */
	| { type: 'tried'; taskId: string; attempt: number; acknowledged: boolean; firstAt: number }
	| { type: 'reset' };

/**
 * What a simulator must not forget when its process is killed, one JSON object per line: bought tasks with their idempotency keys, and
 * which callbacks were tried. A line is written before the answer goes out, so nothing is sold that is not in the file.
 */
export class Journal {
	constructor(private readonly file: string) {}

	/** To be called once a task is in the store, before its create is answered. */
	bought(task: SimulatedTask, order: TaskOrder, seconds: number, rawBody: Buffer): void {
		const { taskId, plan, createdAt } = task;
		const sha256 = createHash('sha256').update(rawBody).digest('hex');
		this.write({ type: 'bought', taskId, order, plan, seconds, createdAt, sha256 });
	}

	/** To be called when the end of a task was changed. */
	planned({ taskId, plan, endsAt }: SimulatedTask): void {
		this.write({ type: 'planned', taskId, plan, endsAt: endsAt === Infinity ? null : endsAt });
	}

	tried(taskId: string, attempt: number, acknowledged: boolean, firstAt: number): void {
		this.write({ type: 'tried', taskId, attempt, acknowledged, firstAt });
	}

	reset(): void {
		this.write({ type: 'reset' });
	}

	/** Fills a new simulator with the tasks an earlier one has sold. To be called before it listens. */
	restore(core: Core): void {
		for (const entry of this.read()) {
			if (entry.type === 'bought') restoreTask(core, entry);
			const task = entry.type === 'planned' ? core.tasks.get(entry.taskId) : undefined;
			if (entry.type !== 'planned' || task === undefined) continue;
			task.plan = entry.plan;
			task.endsAt = entry.endsAt ?? Infinity;
			core.storedOutputs.register(task);
		}
	}

	/** Plans the callbacks an earlier simulator had not come to; those that are due go out at once. */
	resumeCallbacks(core: Core): void {
		const tries = new Map<string, Extract<Entry, { type: 'tried' }>>();
		for (const entry of this.read()) if (entry.type === 'tried') tries.set(entry.taskId, entry);
		for (const task of core.tasks.all) core.callbacks.resume(task, tries.get(task.taskId));
	}

	private write(entry: Entry): void {
		appendFileSync(this.file, `${JSON.stringify(entry)}\n`);
	}

	/** Everything since the last reset. A line that a crash or a full disk cut off was never answered for, so it is left out. */
	private read(): Entry[] {
		if (!existsSync(this.file)) return [];
		const text = readFileSync(this.file, 'utf8');
		const entries = text
			.slice(0, text.lastIndexOf('\n') + 1)
			.split('\n')
			.filter((line) => line !== '')
			.map((line) => JSON.parse(line) as Entry);
		const lastReset = entries.map(({ type }) => type).lastIndexOf('reset');
		return entries.slice(lastReset + 1);
	}
}

function restoreTask(core: Core, entry: Extract<Entry, { type: 'bought' }>): void {
	const { taskId, order, plan, seconds, createdAt, sha256 } = entry;
	const now = () => core.clock.now();
	const task = new SimulatedTask(taskId, order, plan, seconds, createdAt, now);
	core.tasks.add(task);
	core.storedOutputs.register(task);
	if (order.idempotencyKey !== undefined)
		core.idempotency.restore(order.account, order.idempotencyKey, {
			sha256,
			taskId,
			answer: successReply({ taskId }),
			createdAt,
		});
}
