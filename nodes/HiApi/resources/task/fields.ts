import type { INodeProperties } from 'n8n-workflow';

import { inputFilesField } from './binaryInputFields';

/** Which model is meant. */
export const modelField: INodeProperties = {
	displayName: 'Model',
	name: 'model',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The model that generates the image, video or audio',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a model...',
			typeOptions: { searchListMethod: 'searchModels', searchable: true },
		},
		{
			displayName: 'ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. gpt-image-2/text-to-image',
		},
	],
};

/** Parameters that Create and Run and Wait share: what to generate. */
export const generationFields: INodeProperties[] = [
	modelField,
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		placeholder: 'e.g. A quiet alpine lake at dawn',
		description: "What to generate. Goes into the input as 'prompt' and replaces one given there. Leave empty for models without a prompt.",
	},
	{
		displayName: 'Input',
		name: 'inputMode',
		type: 'options',
		default: 'fields',
		description: "How to give the model's other input fields",
		options: [
			{ name: 'Fields', value: 'fields', description: 'Pick the fields of the model and fill them in' },
			{ name: 'JSON', value: 'json', description: 'Give one JSON object, for example from an expression' },
		],
	},
	{
		displayName: 'Fields',
		name: 'fields',
		type: 'resourceMapper',
		noDataExpression: true,
		default: { mappingMode: 'defineBelow', value: null },
		displayOptions: { show: { inputMode: ['fields'] } },
		description: "The model's own input fields. Only what is added here is sent.",
		typeOptions: {
			loadOptionsDependsOn: ['model.value', 'options.route'],
			resourceMapper: {
				resourceMapperMethod: 'getModelInputFields',
				mode: 'add',
				fieldWords: { singular: 'field', plural: 'fields' },
				valuesLabel: 'Fields to Send',
				addAllFields: false,
				supportAutoMap: false,
				noFieldsError: 'No fields are known for this model. Give its input as JSON instead.',
			},
		},
	},
	{
		displayName: 'Input (JSON)',
		name: 'input',
		type: 'json',
		default: '{}',
		displayOptions: { show: { inputMode: ['json'] } },
		description: "The model's other input fields as a JSON object, for example { \"aspect_ratio\": \"16:9\" }. Each model has its own fields; HiAPI refuses unknown ones.",
	},
	inputFilesField,
];

/** Which existing task is meant. */
export const taskIdField: INodeProperties = {
	displayName: 'Task',
	name: 'taskId',
	type: 'resourceLocator',
	default: { mode: 'id', value: '' },
	required: true,
	description: 'The task, by the ID that Create or Run and Wait returned',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a task...',
			typeOptions: { searchListMethod: 'searchTasks', searchable: true },
		},
		{
			displayName: 'ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. tk-hiapi-01HZTQ8BX2N3GM3YFK4Z9D7VQR',
		},
	],
};

// What the editor can judge while the URL is typed; describeCallbackUrl judges the final value when the node runs.
const UNREACHABLE_URL =
	'^http://|/webhook-test/|^https?://(localhost|127\\.|10\\.|192\\.168\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|169\\.254\\.|\\[|[^/:.]+([/:]|$)|[^/]+\\.(local|internal|lan)([/:]|$))';

/** Where HiAPI tells that a task has ended. */
export const callbackFields: INodeProperties[] = [
	{
		displayName: 'Callback',
		name: 'callback',
		type: 'options',
		default: 'none',
		description: 'Whether HiAPI calls a URL when the task has ended',
		options: [
			{ name: 'None', value: 'none', description: 'HiAPI calls nobody' },
			{ name: 'Send to URL', value: 'url', description: 'HiAPI sends the finished task to a URL' },
		],
	},
	{
		displayName: 'Callback URL',
		name: 'callbackUrl',
		type: 'string',
		default: '',
		required: true,
		displayOptions: { show: { callback: ['url'] } },
		placeholder: 'e.g. https://n8n.example.com/webhook/...',
		description: 'A public https address. The HiAPI Trigger node shows one to paste here.',
	},
	{
		displayName:
			'HiAPI calls from the internet and will probably not reach this URL: it is local, not encrypted, or a test URL of n8n, which answers only while the editor listens. The task is bought all the same.',
		name: 'callbackUrlNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { callback: ['url'], callbackUrl: [{ _cnd: { regex: UNREACHABLE_URL } }] } },
	},
];

export const routeOption: INodeProperties = {
	displayName: 'Route',
	name: 'route',
	type: 'string',
	default: '',
	placeholder: 'e.g. ext',
	description: 'The route of the model to use. Routes differ in price and in input fields. Empty means the default route.',
};

export const storageOption: INodeProperties = {
	displayName: 'Storage',
	name: 'storage',
	type: 'options',
	default: 'temp',
	description: 'How long HiAPI keeps the files',
	options: [
		{ name: 'Persistent', value: 'persistent', description: 'Kept until deleted; HiAPI charges for the space' },
		{ name: 'Temporary', value: 'temp', description: 'Kept for about a week, free of charge' },
	],
};

export const idempotencyKeyOption: INodeProperties = {
	displayName: 'Idempotency Key',
	name: 'idempotencyKey',
	type: 'string',
	default: '',
	placeholder: 'e.g. row-42',
	description: 'A text that names this purchase, for example a row ID. HiAPI makes one task per key within about 24 hours, however often the workflow runs. Without this option every item of every execution gets a key of its own.',
};

export const concurrencyOption: INodeProperties = {
	displayName: 'Concurrency',
	name: 'concurrency',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 50 },
	default: 5,
	description: 'How many tasks are submitted at the same time. Waiting takes no place.',
};

export const maximumTasksOption: INodeProperties = {
	displayName: 'Maximum Tasks',
	name: 'maximumTasks',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 100,
	description: 'With more items than this the node stops before it buys anything. 0 means no limit.',
};

export const retryFailedTasksOption: INodeProperties = {
	displayName: 'Retry Failed Tasks',
	name: 'retryFailedTasks',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 3 },
	default: 0,
	description: 'How many times a task that failed for a passing reason, such as a time-out at HiAPI, is replaced by a new one. Each is a purchase of its own.',
};

export const pollIntervalOption: INodeProperties = {
	displayName: 'Poll Interval',
	name: 'pollInterval',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description: 'Least number of seconds between two looks at a task. With 0 the node decides by the age of the task and by how long such tasks usually take.',
};

export const timeoutOption: INodeProperties = {
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 0.1 },
	default: 30,
	description: 'Minutes to wait for a task. A task that takes longer goes on at HiAPI and is billed.',
};

export const onTimeoutOption: INodeProperties = {
	displayName: 'When Time Runs Out',
	name: 'onTimeout',
	type: 'options',
	default: 'fail',
	description: 'What becomes of an item whose task is not finished in time',
	options: [
		{ name: 'Fail', value: 'fail', description: 'The item fails; the text names the task ID' },
		{ name: 'Output Unfinished Task', value: 'output', description: 'The item goes on with the task as it stands and "timedOut" set to true' },
	],
};

export const validateOption: INodeProperties = {
	displayName: 'Validate Before Sending',
	name: 'validate',
	type: 'boolean',
	default: true,
	description: "Whether to compare the input with the fields HiAPI publishes for the model before anything is bought. Switch it off if HiAPI accepts more than it publishes.",
};

export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** The Options collection with the given entries, which the lint wants in alphabetical order. */
export function optionsCollection(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options,
	};
}
