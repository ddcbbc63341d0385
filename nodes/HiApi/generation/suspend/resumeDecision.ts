import type { IDataObject } from 'n8n-workflow';

import type { Task } from '../../../shared/api/task';
import {
	progressOf,
	settle,
	type KnownTasks,
	type PendingTask,
	type Suspension,
} from './suspensionState';

/** What a callback means for the execution it belongs to. */
export type ResumeDecision =
	/** All tasks have ended: the JSON of all items, in order. */
	| { action: 'resume'; items: IDataObject[] }
	/** Others are still running; each of them sends a callback of its own. */
	| { action: 'wait'; message: string }
	/** Nobody knows enough to decide; the sender comes again after about a minute. */
	| { action: 'retry'; reason: string };

/**
 * Decides what a callback for a pending task means.
 *
 * @param called the task as the callback shows it
 * @param believed whether the callback is known to come from HiAPI
 * @param known the pending tasks as HiAPI shows them now, as far as they could be read
 */
export function decideResume(
	suspension: Suspension,
	called: Task,
	believed: boolean,
	known: KnownTasks,
	show: (task: Task, pending: PendingTask) => IDataObject,
): ResumeDecision {
	const seen = known.get(called.taskId);
	const isBehind =
		believed && called.state !== 'running' && (seen?.state ?? 'running') === 'running';
	const all = isBehind ? new Map(known).set(called.taskId, called) : known;
	const items = settle(suspension, all, show);
	if (items !== undefined) return { action: 'resume', items };

	const { running, unknown } = progressOf(suspension, all);
	if (unknown.length > 0)
		return {
			action: 'retry',
			reason: `HiAPI did not tell how ${unknown.length} of the tasks stand`,
		};
	if (running.includes(called.taskId)) {
		return { action: 'retry', reason: `HiAPI says that task ${called.taskId} is still running` };
	}
	// What HiAPI shows is older than this callback, so others that seem to run may have ended as well.
	if (isBehind && seen !== undefined)
		return { action: 'retry', reason: "HiAPI's view of the tasks is behind its callbacks" };
	return {
		action: 'wait',
		message: `${running.length} more ${running.length === 1 ? 'task is' : 'tasks are'} running`,
	};
}
