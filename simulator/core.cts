import type { Callbacks } from './callbacks.cts';
import type { SimulatedClock } from './clock.cts';
import type { FaultPlan, Faults } from './faults.cts';
import type { Files } from './files.cts';
import type { IdempotencyKeys } from './idempotency.cts';
import type { Journal } from './journal.cts';
import type { Plans } from './plans.cts';
import type { RateLimiter } from './rateLimit.cts';
import type { LoggedRequest, RequestLog } from './requestLog.cts';
import type { Scripts } from './scripts.cts';
import type { StoredOutputs } from './storage.cts';
import type { Switches } from './switches.cts';
import type { TaskIds } from './taskId.cts';
import type { SimulatedTask, TaskStore } from './tasks.cts';

/** Everything one simulator consists of; handed to each part that needs the others. */
export interface Core {
	readonly apiKey: string;
	webhookSecret: string;
	/** Seconds of the simulated clock a task takes when no plan says otherwise. */
	readonly taskSeconds: number;
	readonly clock: SimulatedClock;
	readonly switches: Switches;
	readonly log: RequestLog;
	readonly taskIds: TaskIds;
	readonly tasks: TaskStore;
	readonly plans: Plans;
	readonly faults: Faults;
	readonly scripts: Scripts;
	readonly files: Files;
	readonly idempotency: IdempotencyKeys;
	readonly rateLimiter: RateLimiter;
	readonly callbacks: Callbacks;
	readonly storedOutputs: StoredOutputs;
	/** Absent: everything is forgotten when the process ends. */
	readonly journal?: Journal;
	/** `http://127.0.0.1:PORT`, the API's own origin. */
	origin: string;
	/** `http://localhost:ANOTHER_PORT`, a second origin of the same simulator: another host to a client. */
	otherOrigin: string;
}

/** One request on its way through the handlers. */
export interface Exchange {
	request: LoggedRequest;
	faultPlan?: FaultPlan;
	/** Decoded path parameters. */
	params: Record<string, string>;
}

/** The switches that count for a task: the simulator's, overlaid by the task's own. */
export function switchesFor(core: Core, task: SimulatedTask): Switches {
	return task.plan.switches ? { ...core.switches, ...task.plan.switches } : core.switches;
}

/** Waits a number of real milliseconds. */
export async function pause(milliseconds: number): Promise<void> {
	if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
