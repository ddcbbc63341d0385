import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { fullTask, simplifyTask, type Task } from '../shared/api/task';
import { readSubscription } from '../shared/triggers/readSubscription';
import { select, type Subscription } from '../shared/webhook/subscription';

/** What the trigger's parameters ask for. */
export interface PollingSettings {
	subscription: Subscription;
	simplify: boolean;
}

/** Reads the trigger's parameters. */
export function readSettings(context: IPollFunctions): PollingSettings {
	return {
		subscription: readSubscription(context),
		simplify: context.getNodeParameter('simplify', true) !== false,
	};
}

/**
 * The tasks that are wanted, as items of the same form as the HiAPI Trigger's.
 *
 * @param receivedAt ISO 8601 in UTC
 */
export function toItems(
	tasks: Task[],
	{ subscription, simplify }: PollingSettings,
	receivedAt: string,
): INodeExecutionData[] {
	return tasks.flatMap((task) => {
		const selection = select(task, subscription);
		if (!selection.wanted) return [];
		return [
			{
				json: {
					...(simplify ? simplifyTask(task) : fullTask(task)),
					event: selection.event,
					receivedAt,
				},
			},
		];
	});
}
