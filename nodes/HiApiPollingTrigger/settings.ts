import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { fullTask, simplifyTask, type Task } from '../shared/api/task';
import { numberOption } from '../shared/numberOption';
import { readSubscription } from '../shared/triggerFilter';
import { select, type Subscription } from '../shared/taskFilter';

/** What the trigger's parameters ask for. */
export interface PollingSettings {
	subscription: Subscription;
	simplify: boolean;
	/** How long ago a task may have finished, in seconds; Infinity for any time. */
	maximumAgeSeconds: number;
}

/**
 * Reads the trigger's parameters.
 *
 * @throws HiApiError when the age is not a number of hours
 */
export function readSettings(context: IPollFunctions): PollingSettings {
	const hours = numberOption(
		{ maximumAge: context.getNodeParameter('maximumAge', 24) as number },
		'maximumAge',
		'Maximum Age (Hours)',
		24,
		{ least: 0 },
	);
	return {
		subscription: readSubscription(context),
		simplify: context.getNodeParameter('simplify', true) !== false,
		maximumAgeSeconds: hours === 0 ? Infinity : hours * 60 * 60,
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
