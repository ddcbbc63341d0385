/**
 * What can be done about an item that failed. `retry`: the execution fails and can be retried from the executions list.
 * `called`: so can it, and so can the workflow that calls this one. `notSaved`: it fails, but n8n keeps nothing of it. `errorOutput`, `continue`: the item goes on and the execution counts
 * as successful, so n8n has no Retry for it. `tool`: an AI agent gets the message and can call the tool again.
 */
export type WayOn = 'retry' | 'called' | 'notSaved' | 'errorOutput' | 'continue' | 'tool';

const SAME_KEY = 'the same idempotency key is sent, so nothing is charged twice';
const NEW_EXECUTION =
	"A new execution would create another task, unless you set 'Idempotency Key' yourself.";

/** What a person has to know when nobody can tell whether a create was carried out. */
export const OUTCOME_UNKNOWN = 'It is not known whether HiAPI created the task.';

const AFTER_UNKNOWN_OUTCOME: Record<WayOn, string> = {
	retry: `Use Retry on this execution: ${SAME_KEY}. ${NEW_EXECUTION}`,
	called: `Use Retry on this execution of the sub-workflow: ${SAME_KEY}. Retry of the workflow that calls it does the same as long as n8n has not been restarted, in queue mode on the same worker. ${NEW_EXECUTION}`,
	notSaved: `The settings of this workflow keep no failed executions, so there is none to retry: check with the operation 'Get Many' whether the task is there. ${NEW_EXECUTION}`,
	errorOutput: `This execution goes on, so it has no Retry. Lead the error output back into this node: in the same execution ${SAME_KEY}. Or check with the operation 'Get Many' whether the task is there. ${NEW_EXECUTION}`,
	continue: `This execution goes on, so it has no Retry. Send the same input into this node again: in the same execution ${SAME_KEY}. Or check with the operation 'Get Many' whether the task is there. ${NEW_EXECUTION}`,
	tool: `Call this tool again with the same arguments: in the same execution or MCP session ${SAME_KEY}. ${NEW_EXECUTION}`,
};

/** How to get on when nobody can tell whether a create was carried out. */
export function afterUnknownOutcome(wayOn: WayOn): string {
	return AFTER_UNKNOWN_OUTCOME[wayOn];
}

/** How to get at the result of a task that was created and was not waited for to its end. */
export function toGoOnWaiting(wayOn: WayOn): string {
	switch (wayOn) {
		case 'retry':
		case 'called':
			return "Use Retry on this execution or the operation 'Wait for Completion' to go on waiting";
		case 'errorOutput':
		case 'continue':
			return "Lead this item into the operation 'Wait for Completion', with {{ $json.details.taskId }} as the task, to go on waiting";
		default:
			return "Use the operation 'Wait for Completion' with this task ID to go on waiting";
	}
}

/** How to get a task for an item that was not begun with. */
export function toBeginAfterAll(wayOn: WayOn): string {
	return wayOn === 'retry' || wayOn === 'called'
		? 'Use Retry on this execution to go on.'
		: 'Run the workflow again for this item.';
}

/** How to get at the tasks of other items when the node ends. */
export function toPickUpOthers(wayOn: WayOn): string {
	return wayOn === 'retry' || wayOn === 'called'
		? 'Retry on this execution picks them up at no further cost.'
		: "The operations 'Get' and 'Wait for Completion' fetch them at no further cost.";
}
