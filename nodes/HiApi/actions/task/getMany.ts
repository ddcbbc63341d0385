import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { createClient } from '../../../shared/api/client';
import { HiApiError } from '../../../shared/errors/apiError';
import { collectTasks, type TaskFilter } from './taskList';
import { listTasks } from '../../../shared/api/tasks';
import { simplifyField } from '../../../shared/simplifyField';
import { systemClock } from '../../../shared/clock';
import { trimmedOrUndefined } from '../../../shared/values';
import { instantOf } from './zonedTime';
import { limitFields, readLimit } from '../../parameters/limit';
import { forEachItem } from '../forEachItem';
import { taskToJson, toItem } from '../../generation/items/taskItem';

const PAGE_BUDGET_MS = 60_000;

export const getManyFields: INodeProperties[] = [
	...limitFields,
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		options: [
			{
				displayName: 'Created After',
				name: 'createdAfter',
				type: 'dateTime',
				default: '',
				description:
					'Only tasks created at this time or later. Without a time zone it means that of the workflow.',
			},
			{
				displayName: 'Created Before',
				name: 'createdBefore',
				type: 'dateTime',
				default: '',
				description:
					'Only tasks created before this time. Without a time zone it means that of the workflow.',
			},
			{
				displayName: 'Model',
				name: 'model',
				type: 'string',
				default: '',
				placeholder: 'e.g. gpt-image-2/text-to-image',
				description:
					'Only tasks of this model. A task on a route of its own also matches the model without the route.',
			},
			{
				displayName: 'Status',
				name: 'status',
				type: 'multiOptions',
				default: [],
				description: 'Only tasks in one of these states',
				options: [
					{ name: 'Archiving', value: 'archiving', description: 'HiAPI stores the files' },
					{ name: 'Fail', value: 'fail', description: 'Ended without a result' },
					{ name: 'Handling', value: 'handling', description: 'HiAPI works on it' },
					{ name: 'Queued', value: 'queued', description: 'Waits for its turn' },
					{ name: 'Success', value: 'success', description: 'Ended, and its files are ready' },
				],
			},
		],
	},
	simplifyField,
];

/** Task → Get Many: the account's tasks, newest first, filtered here because HiAPI has no filters. */
export async function getMany(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const client = await createClient(context, systemClock);
	return await forEachItem(context, async (itemIndex) => {
		const limit = readLimit(context, itemIndex);
		const filter = readFilter(
			context.getNodeParameter('filters', itemIndex, {}),
			context.getTimezone(),
		);
		const simplify = context.getNodeParameter('simplify', itemIndex, true) as boolean;
		const tasks = await collectTasks(
			async (page, size) => {
				const budget = {
					deadlineMs: systemClock.monotonic() + PAGE_BUDGET_MS,
					signal: context.getExecutionCancelSignal(),
				};
				return await listTasks(client, page, size, budget);
			},
			filter,
			limit,
		);
		return tasks.map((task) => toItem(taskToJson(task, simplify), itemIndex));
	});
}

function readFilter(filters: IDataObject, timeZone: string): TaskFilter {
	const statuses = Array.isArray(filters.status) ? filters.status.map(String) : [];
	return {
		...(statuses.length > 0 && { statuses }),
		model: trimmedOrUndefined(filters.model),
		createdAfter: readTime(filters.createdAfter, 'Created After', timeZone),
		createdBefore: readTime(filters.createdBefore, 'Created Before', timeZone),
	};
}

function readTime(value: unknown, label: string, timeZone: string): number | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const time = instantOf(value, timeZone);
	if (Number.isNaN(time)) {
		throw new HiApiError(
			`'${label}' is not a date`,
			'Enter a date such as 2026-01-31 or 2026-01-31T12:00:00Z.',
		);
	}
	return time / 1000;
}
