/*
 * Everything that the nodes of this package leave inside n8n: under which name, for how long, and how much at most. What
 * only the process remembers is not listed here; it is gone with a restart.
 */

/**
 * Names in the context of the node HiAPI (`getContext('node')`). n8n keeps it between the tries of Retry On Fail, stores it
 * with the execution, hands it to a retry from the executions list, and deletes it with the execution.
 */
export const NODE_CONTEXT = {
	/** What the node has created: one record for each task, without prompt or input. At most one per item, run and variation. */
	createdTasks: 'hiApiCreatedTasks',
	/** A link to each file that was sent as one; used again for two days. */
	fileLinks: 'hiApiFileLinks',
	/** The resume URL of each run, and what the last one that was suspended waits for: one place per output item. */
	suspension: 'hiApiSuspension',
} as const;

/**
 * Names in the static data of the polling trigger, which n8n stores with the workflow for as long as
 * it exists. The bounds are in `HiApiPollingTrigger/limits.ts`: at most 6,000 tasks, each with its id and time.
 */
export const STATIC_DATA = { place: 'place' } as const;

/**
 * How many task ids n8n remembers for the webhook trigger (`checkProcessedAndRecord`), in one row of its database that
 * lives as long as the workflow. HiAPI sends copies of a callback for about 26 minutes (hiapi-api-examples); at 60 tasks a
 * minute, its documented rate, this list covers them.
 */
export const MOST_PROCESSED_TASK_IDS = 2_000;
