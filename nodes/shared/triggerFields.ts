import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Subscription } from './taskFilter';
import { isRecord } from './values';

/** Which ends of a task start a workflow; the same for every HiAPI trigger. */
export const triggerOnField: INodeProperties = {
	displayName: 'Trigger On',
	name: 'events',
	type: 'multiOptions',
	noDataExpression: true,
	required: true,
	default: ['task.success', 'task.fail'],
	description: 'Which finished tasks start the workflow',
	options: [
		{
			name: 'Task Succeeded',
			value: 'task.success',
			description: 'The image, video or audio is ready',
		},
		{
			name: 'Task Failed',
			value: 'task.fail',
			description: 'There is no result; the output says why',
		},
	],
};

/** What `triggerOnField` says, in the few words below a node. */
export const triggerOnSubtitle =
	'={{ $parameter["events"].length > 1 ? "task succeeded or failed" : $parameter["events"].includes("task.fail") ? "task failed" : "task succeeded" }}';

/** Whose tasks start a workflow; the triggers differ only in what becomes of the others, which `description` says. */
export function filtersField(description: string): INodeProperties {
	return {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		description,
		options: [
			{
				displayName: 'Models',
				name: 'models',
				type: 'string',
				typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Model' },
				default: [],
				placeholder: 'e.g. seedance-*',
				description:
					'Model IDs, in which * stands for any characters. An ID without @route covers all routes of the model.',
			},
			{
				displayName: 'Routes',
				name: 'routes',
				type: 'string',
				typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Route' },
				default: [],
				placeholder: 'e.g. pro',
				description: "Names of routes. 'default' stands for tasks that were sent without a route.",
			},
		],
	};
}

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
