import type { Simulator } from '../../../simulator/index.cts';
import type { Fault } from './faults.cts';
import { nodeNow } from './nodeClock.cts';

const silent = new WeakSet<Simulator>();

/** Lets the fault strike creates number `after + 1` to `after + times`; a stale list is stale from now on. */
export function strike(simulator: Simulator, fault: Fault, times: number, after = 0): void {
	if (fault.listLagSeconds !== undefined) simulator.switches.listLagSeconds = fault.listLagSeconds;
	if (fault.action === undefined) return;
	const action = fault.action(nodeNow());
	if (action.type === 'noAnswer') silent.add(simulator);
	simulator.fault({ method: 'POST', path: '/v1/tasks', action, times, after });
}

/** Whether creates may stay without an answer. */
export const isSilent = (simulator: Simulator): boolean => silent.has(simulator);

/** Ends all faults. */
export async function clearFaults(simulator: Simulator): Promise<void> {
	const answer = await fetch(`${simulator.origin}/_simulator/faults`, { method: 'DELETE' });
	if (!answer.ok) throw new Error(`the simulator did not clear its faults: ${answer.status}`);
	simulator.switches.listLagSeconds = 0;
	silent.delete(simulator);
}
