import type { IExecuteFunctions, IRunExecutionData, ITaskData } from 'n8n-workflow';

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
function firstRun(context: IExecuteFunctions): ITaskData | undefined {
	const execution = Reflect.get(context, 'runExecutionData') as
		| Partial<IRunExecutionData>
		| undefined;
	const own = execution?.resultData?.runData?.[context.getNode().name];
	return Array.isArray(own) ? own[0] : undefined;
}

function isMadeUp(run: ITaskData | undefined): boolean {
	const item = run?.data?.main?.[0]?.[0];
	return run?.executionStatus === 'crashed' || item?.json?.isArtificialRecoveredEventItem === true;
}
