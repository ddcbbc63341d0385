import type { FileBehaviour, Switches } from './switches.cts';
import type { TaskErrorCode } from './taskErrors.cts';

/** One output of a plan. Absent fields are filled in from the model. */
export interface OutputPlan {
	/** `image`, `video`, `audio`, `first_frame`, `last_frame`, `thumbnail` or anything else. */
	type?: string;
	/** Reported instead of the simulator's own address. */
	url?: unknown;
	/** Reported instead of the computed one; null is reported as null. */
	expireAt?: unknown;
	/** How the file is served. */
	file?: FileBehaviour;
	/** Put into `output` as it is, for malformed items. */
	raw?: unknown;
}

/** What is going to happen to a task. Everything absent: success after the simulator's task seconds. */
export interface TaskPlan {
	/** Seconds of the simulated clock from creation to the end. */
	seconds?: number;
	/** Shares of `seconds` spent in queued, handling and archiving (default 0.15, 0.65, 0.2). */
	stages?: { queued: number; handling: number; archiving: number };
	outcome?: 'success' | 'fail' | 'stuck';
	/** Where a stuck task stays (default `handling`). */
	stuckIn?: 'queued' | 'handling' | 'archiving';
	/** Why a task fails: one of HiAPI's own codes, or a code and a message of one's own. */
	error?: TaskErrorCode | { code: string; message: string };
	/** How many outputs of the model's kind, or each one by itself. */
	outputs?: number | OutputPlan[];
	/** Shown instead of `handling`. */
	unknownStatus?: string;
	/** `persistent` was asked, `temp` is reported. */
	storageFallback?: boolean;
	/** Merged into the task as every reader sees it; undefined or (over HTTP) `"$remove"` takes a field away. */
	reported?: Record<string, unknown>;
	/** What it really costs in US dollars, charged on success (default: the estimate). */
	costUsd?: number;
	/** Switches that count for this task only: callbacks, files, expiry. */
	switches?: Partial<Switches>;
}

const DEFAULT_STAGES = { queued: 0.15, handling: 0.65, archiving: 0.2 };

/** What a create asked for. */
export interface TaskOrder {
	account: string;
	model: string;
	shownModel: string;
	category: 'image' | 'video' | 'audio';
	route?: string;
	storage: 'temp' | 'persistent';
	callbackUrl?: string;
	input: Record<string, unknown>;
	requestBody: Record<string, unknown>;
	idempotencyKey?: string;
	estimateUsd: number;
}

/** One bought task. Its state is computed from the clock; nothing runs while it waits. Moments are simulated Unix milliseconds. */
export class SimulatedTask implements TaskOrder {
	readonly account!: string;
	readonly model!: string;
	readonly shownModel!: string;
	readonly category!: 'image' | 'video' | 'audio';
	readonly route?: string;
	readonly storage!: 'temp' | 'persistent';
	readonly callbackUrl?: string;
	readonly input!: Record<string, unknown>;
	readonly requestBody!: Record<string, unknown>;
	readonly idempotencyKey?: string;
	readonly estimateUsd!: number;
	plan: TaskPlan;
	/** When it ends; Infinity for a stuck one. */
	endsAt: number;
	private handlingAt: number;
	private archivingAt: number;

	constructor(
		readonly taskId: string,
		order: TaskOrder,
		plan: TaskPlan,
		defaultSeconds: number,
		readonly createdAt: number,
		private readonly now: () => number,
	) {
		Object.assign(this, order);
		this.plan = plan;
		const total = (plan.seconds ?? defaultSeconds) * 1000;
		const stages = plan.stages ?? DEFAULT_STAGES;
		const sum = stages.queued + stages.handling + stages.archiving || 1;
		this.handlingAt = createdAt + (total * stages.queued) / sum;
		this.archivingAt = this.handlingAt + (total * stages.handling) / sum;
		this.endsAt = createdAt + total;
		if (plan.outcome === 'stuck') {
			this.endsAt = Infinity;
			const stuckIn = plan.stuckIn ?? 'handling';
			if (stuckIn === 'queued') this.handlingAt = Infinity;
			if (stuckIn !== 'archiving') this.archivingAt = Infinity;
		}
	}

	/** The text it was asked for, whatever the model calls it. */
	get prompt(): string {
		const { prompt, text } = this.input;
		return typeof prompt === 'string' ? prompt : typeof text === 'string' ? text : '';
	}

	/** How it ends, or would. */
	get outcome(): 'success' | 'fail' {
		return this.plan.outcome === 'fail' ? 'fail' : 'success';
	}

	/** The status reported now. */
	get status(): string {
		return this.statusAt(this.now());
	}

	get terminal(): boolean {
		return this.now() >= this.endsAt;
	}

	get storageTier(): 'temp' | 'persistent' {
		return this.plan.storageFallback ? 'temp' : this.storage;
	}

	/** The status reported at a moment. */
	statusAt(moment: number): string {
		if (moment >= this.endsAt) return this.outcome;
		if (moment >= this.archivingAt) return 'archiving';
		if (moment >= this.handlingAt) return this.plan.unknownStatus ?? 'handling';
		return 'queued';
	}
}

/** All tasks, in order of purchase and per account. */
export class TaskStore {
	readonly all: SimulatedTask[] = [];
	private readonly byId = new Map<string, SimulatedTask>();
	private readonly byAccount = new Map<string, SimulatedTask[]>();

	add(task: SimulatedTask): void {
		this.all.push(task);
		this.byId.set(task.taskId, task);
		const own = this.byAccount.get(task.account);
		if (own) own.push(task);
		else this.byAccount.set(task.account, [task]);
	}

	get(taskId: string): SimulatedTask | undefined {
		return this.byId.get(taskId);
	}

	/** Oldest first. */
	ofAccount(account: string): SimulatedTask[] {
		return this.byAccount.get(account) ?? [];
	}

	clear(): void {
		this.all.length = 0;
		this.byId.clear();
		this.byAccount.clear();
	}
}
