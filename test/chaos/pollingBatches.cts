/** The line in which the polling trigger names what it starts the workflow with. */
const BATCH = /HiAPI Polling Trigger starts the workflow with \d+ tasks?: (.+)/g;

/** The batches with any of these tasks, each with the IDs of all its tasks, as the log names them. */
export function batchesWith(taskIds: string[], log: string): string[][] {
	return [...log.matchAll(BATCH)]
		.map(([, ids]) => ids.split(', '))
		.filter((ids) => taskIds.some((taskId) => ids.includes(taskId)));
}

/** What the log says besides. */
export function withoutBatches(log: string): string {
	return log.replaceAll(BATCH, '');
}
