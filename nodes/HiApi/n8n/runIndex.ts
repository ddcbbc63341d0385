import type { IExecuteFunctions } from 'n8n-workflow';

import { isRecord } from '../../shared/values';

/**
 * Which run of the node within its execution this is, from 0. The same when the execution is retried, also where n8n numbers
 * the runs of the retry from 1 on.
 *
 * When n8n finds an execution that was cut off, it adds one run, in front of any other, to every node that its event log names:
 * `crashed`, or finished with an item that says it is made up. A retry starts at the beginning again, but takes away only the
 * run of the last node (seen in n8n 2.41.1: `amend` in `execution-recovery.service.js`, `retry` in `execution.service.js`).
 */
export function runIndexOf(context: IExecuteFunctions): number {
	const index = Number(context.getWorkflowDataProxy(0).$runIndex ?? 0);
	return index > 0 && isMadeUp(firstRun(context)) ? index - 1 : index;
}

/** n8n's context holds what the execution has done so far, which the types do not say; undefined where it does not. */
function firstRun(context: IExecuteFunctions): unknown {
	const execution: unknown = Reflect.get(context, 'runExecutionData');
	const result = isRecord(execution) ? execution.resultData : undefined;
	const runs = isRecord(result) && isRecord(result.runData) ? result.runData : {};
	const own = runs[context.getNode().name];
	return Array.isArray(own) ? own[0] : undefined;
}

function isMadeUp(run: unknown): boolean {
	if (!isRecord(run)) return false;
	if (run.executionStatus === 'crashed') return true;
	const outputs = isRecord(run.data) ? run.data.main : undefined;
	const items = Array.isArray(outputs) ? outputs[0] : undefined;
	const item: unknown = Array.isArray(items) ? items[0] : undefined;
	return isRecord(item) && isRecord(item.json) && item.json.isArtificialRecoveredEventItem === true;
}
