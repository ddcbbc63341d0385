import { Callbacks, type Delivery } from './callbacks.cts';
import { sumUsd } from './charge.cts';
import { SimulatedClock } from './clock.cts';
import { addControl } from './control.cts';
import type { Core } from './core.cts';
import { chargedUsd } from './createChecks.cts';
import { Faults, type FaultRule } from './faults.cts';
import { Files } from './files.cts';
import { IdempotencyKeys } from './idempotency.cts';
import { Journal } from './journal.cts';
import { Plans, type PlanMatch } from './plans.cts';
import { RateLimiter } from './rateLimit.cts';
import type { Reply } from './reply.cts';
import { RequestLog, type LoggedRequest } from './requestLog.cts';
import { Scripts, type ScriptHandler } from './scripts.cts';
import { startServer } from './server.cts';
import { StoredOutputs } from './storage.cts';
import { defaultSwitches } from './defaultSwitches.cts';
import type { Switches } from './switches.cts';
import { TaskIds } from './taskId.cts';
import { TaskStore, type SimulatedTask, type TaskPlan } from './tasks.cts';

export type { Delivery } from './callbacks.cts';
export type { FaultAction, FaultMoment, FaultRule } from './faults.cts';
export type { PlanMatch } from './plans.cts';
export { errorReply, gatewayErrorReply, jsonReply, successReply, type Reply } from './reply.cts';
export type { LoggedRequest } from './requestLog.cts';
export type { ScriptHandler } from './scripts.cts';
export { TASK_ERRORS, type TaskErrorCode } from './taskErrors.cts';
export { momentOfTaskId } from './taskId.cts';
export { callbackSignature, signCallback, type SignedCallback } from './signedCallback.cts';
export { defaultSwitches } from './defaultSwitches.cts';
export type { CatalogueMode, FileBehaviour, Switches } from './switches.cts';
export type { OutputPlan, SimulatedTask, TaskPlan } from './tasks.cts';

const DEFAULT_API_KEY = 'sk-simulator';
const DEFAULT_WEBHOOK_SECRET = 'simulator-webhook-secret-0001';
/** Real seconds a task takes when nothing else is said. */
const DEFAULT_REAL_TASK_SECONDS = 2;

export interface SimulatorOptions {
	/** 0 or absent: any free one. */
	port?: number;
	apiKey?: string;
	/** Empty: callbacks are not signed. */
	webhookSecret?: string;
	/** Seconds of the simulated clock until a task ends (default: 2 real seconds). */
	taskSeconds?: number;
	/** How many times faster than real time the simulated clock runs (default 1). */
	timeScale?: number;
	switches?: Partial<Switches>;
	/** A file that keeps tasks, keys and callbacks over a kill of the process: a simulator that finds one goes on from there. */
	journal?: string;
}

/** A running simulator. */
export interface Simulator {
	/** `http://127.0.0.1:PORT`. */
	readonly origin: string;
	/** `http://localhost:ANOTHER_PORT`: the same simulator, another host to a client. */
	readonly otherOrigin: string;
	/** `origin` + `/v1`. */
	readonly baseUrl: string;
	readonly apiKey: string;
	readonly webhookSecret: string;
	/** Every request to the API, the catalogue and the files, in order of arrival. */
	readonly requests: LoggedRequest[];
	/** How many tasks were bought. */
	readonly purchases: number;
	/** US dollars charged for all tasks that have succeeded. */
	readonly spentUsd: number;
	/** In order of purchase. */
	readonly tasks: SimulatedTask[];
	/** Every callback sent. */
	readonly deliveries: Delivery[];
	/** Live: a change counts from the next request on. */
	readonly switches: Switches;
	/** Unix seconds of the simulated clock. */
	readonly now: number;
	/** Makes the next matching request(s) go wrong. */
	fault(rule: FaultRule): void;
	/** Answers instead of the simulator: a function, or a list used in order whose last entry repeats. */
	script(
		handler: ScriptHandler | Reply[],
		match?: { method?: string; path?: string | RegExp },
	): void;
	/** Says what becomes of the next matching task(s). */
	plan(plan: Partial<TaskPlan>, match?: PlanMatch): void;
	/** Ends a task now, or changes what becomes of it. Throws when there is no such task or it has ended. */
	finish(taskId: string, changes?: Partial<TaskPlan>): void;
	/** Moves the simulated clock forward. */
	advance(seconds: number): void;
	/** Forgets tasks, requests, deliveries, faults, scripts, plans, keys and switches; the clock goes on. */
	reset(): void;
	/** Ends everything at once, open connections and pending callbacks included. */
	close(): Promise<void>;
}

function newCore(options: SimulatorOptions): Core {
	const clock = new SimulatedClock(options.timeScale ?? 1);
	const core: Core = {
		apiKey: options.apiKey ?? DEFAULT_API_KEY,
		webhookSecret: options.webhookSecret ?? DEFAULT_WEBHOOK_SECRET,
		taskSeconds: options.taskSeconds ?? DEFAULT_REAL_TASK_SECONDS * clock.scale,
		clock,
		switches: { ...defaultSwitches(), ...options.switches },
		log: new RequestLog(),
		taskIds: new TaskIds(),
		tasks: new TaskStore(),
		plans: new Plans(),
		faults: new Faults(),
		scripts: new Scripts(),
		files: new Files(),
		idempotency: new IdempotencyKeys(),
		rateLimiter: new RateLimiter(),
		// These two need the whole, so they come after it.
		get callbacks() {
			return callbacks;
		},
		get storedOutputs() {
			return storedOutputs;
		},
		journal: options.journal === undefined ? undefined : new Journal(options.journal),
		origin: '',
		otherOrigin: '',
	};
	const callbacks = new Callbacks(core);
	const storedOutputs = new StoredOutputs(core);
	return core;
}

function finishTask(core: Core, taskId: string, changes: Partial<TaskPlan>): void {
	const task = core.tasks.get(taskId);
	if (!task) throw new Error(`no task ${taskId}`);
	if (task.terminal) throw new Error(`task ${taskId} has already ended`);
	const outputsChanged = 'outputs' in changes;
	task.plan = {
		...task.plan,
		outcome: task.plan.outcome === 'fail' ? 'fail' : 'success',
		...changes,
	};
	if (task.plan.outcome !== 'stuck') task.endsAt = core.clock.now();
	if (outputsChanged) core.storedOutputs.register(task);
	core.journal?.planned(task);
	core.callbacks.replan(task);
}

/** Starts a simulator on 127.0.0.1. Rejects when the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const core = newCore(options);
	const reset = () => {
		core.callbacks.clear();
		core.journal?.reset();
		for (const part of [core.log, core.tasks, core.plans, core.faults, core.scripts, core.files])
			part.clear();
		for (const part of [core.idempotency, core.rateLimiter, core.storedOutputs]) part.clear();
		Object.assign(core.switches, { ...defaultSwitches(), ...options.switches });
	};
	const simulator: Simulator = {
		get origin() {
			return core.origin;
		},
		get otherOrigin() {
			return core.otherOrigin;
		},
		get baseUrl() {
			return `${core.origin}/v1`;
		},
		apiKey: core.apiKey,
		webhookSecret: core.webhookSecret,
		requests: core.log.requests,
		get purchases() {
			return core.tasks.all.length;
		},
		get spentUsd() {
			return sumUsd(core.tasks.all.map(chargedUsd));
		},
		tasks: core.tasks.all,
		deliveries: core.callbacks.deliveries,
		switches: core.switches,
		get now() {
			return core.clock.seconds();
		},
		fault: (rule) => core.faults.add(rule),
		script: (handler, match) => {
			if (typeof handler === 'function') core.scripts.add(handler);
			else core.scripts.addList(handler, match);
		},
		plan: (plan, match) => core.plans.add(plan, match),
		finish: (taskId, changes = {}) => finishTask(core, taskId, changes),
		advance: (seconds) => core.clock.advance(seconds),
		reset,
		close: async () => {
			core.callbacks.clear();
			core.clock.stop();
			await Promise.all([server.close(), core.files.close()]);
		},
	};
	core.journal?.restore(core);
	const server = await startServer(core, options.port ?? 0, (app) =>
		addControl(app, simulator, core),
	);
	core.origin = server.origin;
	core.otherOrigin = server.otherOrigin;
	core.journal?.resumeCallbacks(core);
	return simulator;
}
