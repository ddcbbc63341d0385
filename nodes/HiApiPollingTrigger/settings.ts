import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { fullTask, simplifyTask, type Task } from '../shared/api/task';
import { readNumber } from '../shared/readNumber';
import { simplifyField } from '../shared/simplifyField';
import { select, type Subscription } from '../shared/taskFilter';
import { downloadOptions, downloadOutputsField } from '../shared/downloads/triggerDownload';
import {
	filtersField,
	readSubscription,
	triggerOnField,
	type TriggerContext,
} from '../shared/triggerFields';
import { packFoundTask } from './foundTask';

const MAXIMUM_AGE_HOURS = 24;

const maximumAgeField: INodeProperties = {
	displayName: 'Maximum Age (Hours)',
	name: 'maximumAge',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: MAXIMUM_AGE_HOURS,
	description:
		'Tasks that finished longer ago start nothing, such as after a long pause or when an old copy of the workflow was restored; the log says how many. 0 means no limit.',
};

/** The trigger's parameters besides n8n's own poll times. Names and values are stored in workflows and stay as they are. */
export const pollingTriggerProperties: INodeProperties[] = [
	{
		displayName:
			'Reads the newest tasks of the account at the set times, free of charge. Tasks that finished before the workflow was published do not start it.',
		name: 'pollingNotice',
		type: 'notice',
		default: '',
	},
	triggerOnField,
	simplifyField,
	downloadOutputsField,
	maximumAgeField,
	filtersField('Tasks that do not match start nothing, also when the filters are changed later'),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: { downloadOutputs: [true] } },
		options: downloadOptions,
	},
];

/** What the trigger's parameters ask for. */
export interface PollingSettings {
	subscription: Subscription;
	simplify: boolean;
	/** Whether execute() is to put the tasks' files into the items. */
	download: boolean;
	/** How long ago a task may have finished, in seconds; Infinity for any time. */
	maximumAgeSeconds: number;
}

/**
 * Reads the trigger's parameters.
 *
 * @throws HiApiError when the age is not a number of hours
 */
export function readSettings(context: TriggerContext): PollingSettings {
	const { name } = maximumAgeField;
	const entered = context.getNodeParameter(name, MAXIMUM_AGE_HOURS) as number;
	const hours = readNumber(maximumAgeField, { [name]: entered }, { least: 0 });
	return {
		subscription: readSubscription(context),
		simplify: context.getNodeParameter(simplifyField.name, true) !== false,
		download: context.getNodeParameter(downloadOutputsField.name, false) === true,
		maximumAgeSeconds: hours === 0 ? Infinity : hours * 60 * 60,
	};
}

/**
 * Tasks that are not too old to start a workflow, and how many are. A task's age counts from its end; one without a
 * time of its own is never too old.
 *
 * @param maximumSeconds Infinity for no limit
 * @param nowSeconds Unix seconds
 */
export function withinAge(
	tasks: Task[],
	maximumSeconds: number,
	nowSeconds: number,
): { recent: Task[]; tooOld: number } {
	const recent = tasks.filter(
		({ completed, created }) => nowSeconds - (completed ?? created ?? nowSeconds) <= maximumSeconds,
	);
	return { recent, tooOld: tasks.length - recent.length };
}

/**
 * The tasks that are wanted, as items of the same form as the HiAPI Trigger's.
 *
 * @param receivedAt ISO 8601 in UTC
 */
export function toItems(
	tasks: Task[],
	{ subscription, simplify, download }: PollingSettings,
	receivedAt: string,
): INodeExecutionData[] {
	return tasks.flatMap((task) => {
		const selection = select(task, subscription);
		if (!selection.wanted) return [];
		const json = {
			...(simplify ? simplifyTask(task) : fullTask(task)),
			event: selection.event,
			receivedAt,
		};
		const hasFiles = download && task.outputs.length > 0;
		return [{ json: hasFiles ? packFoundTask({ task, json }) : json }];
	});
}
