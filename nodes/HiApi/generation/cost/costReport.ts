import type { PricedTask } from '../../models/modelCatalog';
import { addExactly, roundedUsd } from '../../models/usd';
import type { RunPorts } from '../ports/ports';

/** What an item that has created a task says about its price; nothing where that is not known. */
export function costOutput(cost: PricedTask): { estimatedCostUsd?: number } {
	return 'usd' in cost ? { estimatedCostUsd: cost.usd } : {};
}

/**
 * What a run has cost, for people: `24 tasks, about $1.20 by HiAPI's price list`. Undefined where there is nothing to
 * tell.
 *
 * @param costs one price per task that was created and has not failed
 */
export function costSummary(costs: PricedTask[]): string | undefined {
	const known = costs.flatMap((cost) => ('usd' in cost ? [cost.usd] : []));
	if (known.length === 0) return undefined;
	const tasks = `${costs.length} ${costs.length === 1 ? 'task' : 'tasks'}`;
	const sum = `about ${roundedUsd(addExactly(known))} by HiAPI's price list`;
	return known.length === costs.length
		? `${tasks}, ${sum}`
		: `${tasks}: ${known.length} of them ${sum}, the price of the others is not known`;
}

/** Says at the end of a run in the output pane what it has cost. `costs`: as for `costSummary`. */
export function showCost({ hint }: Pick<RunPorts, 'hint'>, costs: PricedTask[]): void {
	const summary = costSummary(costs);
	if (summary !== undefined) hint(summary, 'info');
}
