import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Task } from '../../../shared/api/task';
import { HiApiError } from '../../../shared/errors/apiError';
import { isKeyMismatch } from '../../../shared/errors/requestFailure';
import { toItem } from '../items/taskItem';
import type { RunPorts } from '../ports/ports';
import type { Submission } from '../request/taskRequest';
import { waitingPath } from './reachability';
import {
	itemsOnTimeout,
	itemsWhileWaiting,
	type PendingTask,
	type Place,
	type Suspension,
} from './suspensionState';

/** How a run is suspended. Times in milliseconds. */
export interface SuspensionPlan {
	/** Where HiAPI calls; part of every request. */
	url: string;
	/** The secret in it. */
	nonce: string;
	/** Which run of the node waits. */
	runIndex: number;
	/** How long the tasks are polled first, from the last create on. */
	graceMs: number;
	limitMs: number;
	/** When the execution has to go on whatever the limit, because n8n ends it soon after; in milliseconds since 1970. */
	latestMs: number;
	/** The execution, where n8n's process ends with the suspension: on its command line. */
	endingExecutionId?: string;
	/**
	 * Puts the execution to sleep. The node has to return right after it.
	 *
	 * @param onTimeout the items the node ends with when nothing resumes the execution in time
	 * @param untilMs in milliseconds since 1970
	 */
	putToWait(
		suspension: Suspension,
		onTimeout: INodeExecutionData[],
		untilMs: number,
	): Promise<void>;
}

/** An output item, with the task it is a placeholder for. */
export interface LeftRunning {
	item: INodeExecutionData;
	pending?: PendingTask;
}

/** Written before the execution is suspended, for the case that nothing wakes it. */
function timeoutHint(resumeUrl: string, waitMs: number): string {
	const minutes = Math.round(waitMs / 6_000) / 10;
	return `No callback of HiAPI ended the wait within ${minutes} minutes: the tasks take longer, or HiAPI cannot reach ${waitingPath(resumeUrl)}. That path has to be open to the internet. The operation 'Wait for Completion' with the taskId gets the result at no further cost.`;
}

/**
 * Suspends the execution and returns what the node puts out meanwhile.
 *
 * @param seen the tasks as they were last seen
 */
export async function suspendRun(
	outputs: LeftRunning[],
	seen: ReadonlyMap<string, Task>,
	plan: SuspensionPlan,
	{ clock, log }: RunPorts,
): Promise<INodeExecutionData[]> {
	const suspension: Suspension = {
		nonce: plan.nonce,
		runIndex: plan.runIndex,
		places: outputs.map(({ item, pending }): Place => {
			const itemIndex = itemIndexOf(item);
			return pending === undefined ? { itemIndex, json: item.json } : { itemIndex, pending };
		}),
	};
	const paired = (jsons: IDataObject[]) =>
		jsons.map((json, index) => toItem(json, suspension.places[index].itemIndex));
	const nowMs = clock.now();
	const untilMs = Math.min(nowMs + plan.limitMs, plan.latestMs);
	const hint = timeoutHint(plan.url, untilMs - nowMs);
	await plan.putToWait(suspension, paired(itemsOnTimeout(suspension, seen, hint)), untilMs);
	const taskIds = outputs.flatMap(({ pending }) => pending?.taskId ?? []);
	log.info(
		`Suspended until ${taskIds.length} HiAPI ${taskIds.length === 1 ? 'task has' : 'tasks have'} ended, at most until ${new Date(untilMs).toISOString()}`,
	);
	if (plan.endingExecutionId !== undefined)
		log.warn(
			`n8n's command line ends here. Execution ${plan.endingExecutionId} goes on when HiAPI calls back, if an n8n with the same database runs then; the tasks go on in any case: ${taskIds.join(', ')}`,
		);
	return paired(itemsWhileWaiting(suspension, seen));
}

function itemIndexOf({ pairedItem }: INodeExecutionData): number {
	return typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : 0;
}

/**
 * The failure of a suspended run's create, worded for a key of the user that another execution has sent before: each
 * gives HiAPI a callback URL of its own, so HiAPI refuses the key (HTTP 422) instead of answering with the first run's task.
 */
export function wordKeyInUse(failure: HiApiError, { userKey }: Submission): HiApiError {
	const { request, details } = failure;
	if (userKey === undefined || request === undefined || !isKeyMismatch(request)) return failure;
	return new HiApiError(
		'Another execution has already sent this idempotency key',
		"No task was created for this item now. The task belongs to the execution that sent the key first, within about the last 24 hours, and its callback resumes that one. 'Get Many' shows the task. To get the same task in every execution, set 'Wait By' to 'Polling'. If the input has changed, put what changed into the key.",
		details,
		request,
	);
}
