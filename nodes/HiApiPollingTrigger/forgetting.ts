import type { PollingLimits } from './limits';

/**
 * The lowest floor above which no more finished tasks have to be remembered than the limit allows. Those it leaves out
 * do not come again; a task appearing late among them does not come at all.
 *
 * @param settled finished tasks by id, with when they were created
 */
export function floorWithin(
	{ mostSettled }: PollingLimits,
	floor: number,
	settled: Map<string, number>,
): number {
	const times = [...settled.values()]
		.filter((created) => created >= floor)
		.sort((one, other) => other - one);
	return times.length > mostSettled ? times[mostSettled] + 1 : floor;
}

/**
 * Takes the oldest pending tasks beyond the limits out of the map.
 *
 * @param pending by id, with when they were created
 * @returns how many
 */
export function forgetPending(
	{ pendingSeconds, mostPending }: PollingLimits,
	pending: Map<string, number>,
	nowSeconds: number,
): number {
	const before = pending.size;
	const newestFirst = [...pending].sort(([, one], [, other]) => other - one);
	newestFirst.forEach(([taskId, created], index) => {
		if (index >= mostPending || nowSeconds - created > pendingSeconds) pending.delete(taskId);
	});
	return before - pending.size;
}
