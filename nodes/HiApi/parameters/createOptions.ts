import type { INodeProperties } from 'n8n-workflow';

/** Entries of Options about what is bought, and how. */
export const concurrencyOption: INodeProperties = {
	displayName: 'Concurrency',
	name: 'concurrency',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 50 },
	default: 5,
	description:
		'How many tasks are sent to HiAPI at the same time. Those that are only waited for do not count.',
};

export const idempotencyKeyOption: INodeProperties = {
	displayName: 'Idempotency Key',
	name: 'idempotencyKey',
	type: 'string',
	default: '',
	placeholder: 'e.g. row-42',
	description:
		'A text that names this purchase, for example a row ID. HiAPI makes one task per key within about 24 hours, however often the workflow runs. Without this option every item of every execution gets a key of its own.',
};

export const maximumCostOption: INodeProperties = {
	displayName: 'Maximum Cost (USD)',
	name: 'maximumCost',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 4 },
	default: 5,
	description:
		"What all items of a run may cost together by HiAPI's price list, retries of failed tasks included. Above it, or where a price is not known, the node stops before it buys anything. Without this option there is no limit.",
};

export const maximumTasksOption: INodeProperties = {
	displayName: 'Maximum Tasks',
	name: 'maximumTasks',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 100,
	description:
		'With more items than this the node stops before it buys anything. 0 means no limit.',
};

export const retryFailedTasksOption: INodeProperties = {
	displayName: 'Retry Failed Tasks',
	name: 'retryFailedTasks',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 3 },
	default: 0,
	description:
		'How many times a task that failed for a passing reason, such as a timeout at HiAPI, is replaced by a new one. Each new one is bought anew.',
};

export const storageOption: INodeProperties = {
	displayName: 'Storage',
	name: 'storage',
	type: 'options',
	default: 'temp',
	description: 'How long HiAPI keeps the files',
	options: [
		{
			name: 'Persistent',
			value: 'persistent',
			description: 'Kept until deleted; HiAPI charges for the space',
		},
		{ name: 'Temporary', value: 'temp', description: 'Kept for about a week, free of charge' },
	],
};

export const validateOption: INodeProperties = {
	displayName: 'Validate Before Sending',
	name: 'validate',
	type: 'boolean',
	default: true,
	description:
		'Whether to compare the input with the fields HiAPI publishes for the model before anything is bought. Turn off if HiAPI accepts more than it publishes.',
};
