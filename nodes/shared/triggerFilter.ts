import type { IDataObject } from 'n8n-workflow';

import { isRecord } from './values';
import type { Subscription } from './taskFilter';

/** As far as contexts of webhooks and of pollers agree. */
export interface TriggerContext {
	getNodeParameter(name: string, fallback?: unknown): unknown;
}

/** A list parameter; an expression may give one text instead of a list. */
function textList(value: unknown): string[] {
	const values: unknown[] = Array.isArray(value) ? value : [value];
	return values.filter((entry) => typeof entry === 'string');
}

/** Which tasks the parameters `triggerOnField` and `filtersField` of a trigger let through. */
export function readSubscription(context: TriggerContext): Subscription {
	const filters = context.getNodeParameter('filters', {});
	const { models, routes }: IDataObject = isRecord(filters) ? (filters as IDataObject) : {};
	return {
		events: textList(context.getNodeParameter('events', [])),
		models: textList(models),
		routes: textList(routes),
	};
}
