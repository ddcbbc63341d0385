import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { fullTask, simplifyTask, type Task } from '../shared/api/task';
import { isRecord } from '../shared/values';
import { select, type Subscription } from '../shared/webhook/subscription';

/** What the trigger's parameters ask for. */
export interface PollingSettings {
	subscription: Subscription;
	simplify: boolean;
}

/** A list parameter; an expression may give one text instead of a list. */
function textList(value: unknown): string[] {
	const values: unknown[] = Array.isArray(value) ? value : [value];
	return values.filter((entry) => typeof entry === 'string');
}

/** Reads the trigger's parameters. */
export function readSettings(context: IPollFunctions): PollingSettings {
	const filters: unknown = context.getNodeParameter('filters', {});
	const { models, routes }: IDataObject = isRecord(filters) ? (filters as IDataObject) : {};
	return {
		subscription: {
			events: textList(context.getNodeParameter('events', [])),
			models: textList(models),
			routes: textList(routes),
		},
		simplify: context.getNodeParameter('simplify', true) !== false,
	};
}

/**
 * The tasks that are wanted, as items of the same form as the HiAPI Trigger's.
 *
 * @param receivedAt ISO 8601 in UTC
 */
export function toItems(tasks: Task[], { subscription, simplify }: PollingSettings, receivedAt: string): INodeExecutionData[] {
	return tasks.flatMap((task) => {
		const selection = select(task, subscription);
		if (!selection.wanted) return [];
		return [{ json: { ...(simplify ? simplifyTask(task) : fullTask(task)), event: selection.event, receivedAt } }];
	});
}
