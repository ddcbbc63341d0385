import type { INodeProperties } from 'n8n-workflow';

function toolDescription(resource: string, operation: string[], text: string): INodeProperties {
	return {
		displayName: 'Tool Description',
		name: 'toolDescription',
		type: 'string',
		typeOptions: { rows: 4 },
		required: true,
		default: text,
		displayOptions: { show: { '@tool': [true], resource: [resource], operation } },
		description:
			'What the AI agent is told about this tool. It decides by this text whether and how often to call it.',
	};
}

/**
 * What an AI agent is told about the node. n8n would make up a short text without a word about money, and an agent that
 * is not content with a picture simply calls again.
 */
export const toolDescriptions: INodeProperties[] = [
	toolDescription(
		'task',
		['create', 'runAndWait'],
		'Generates an image, a video or audio with HiAPI. Every call buys a new task and costs money: call this once for each thing that is wanted, and do not repeat a call whose result you have. The result holds the task ID and, once the task has succeeded, the link to the file in "url"; give that link to the user. If the result says that the task is not finished, do not call this again for the same thing.',
	),
	toolDescription(
		'task',
		['get', 'getAll', 'waitForCompletion'],
		'Reads tasks of HiAPI that were started earlier. Free of charge. The result holds the status of a task and, once it has succeeded, the link to the file in "url".',
	),
	toolDescription(
		'task',
		['downloadOutputs'],
		'Downloads the files of a HiAPI task that has ended into the workflow. Free of charge. Use it when the workflow needs the file itself; to show a result to the user, the link in "url" is enough.',
	),
	toolDescription(
		'storedOutput',
		['getAll'],
		'Reads which files HiAPI keeps for the account, with their IDs. Free of charge.',
	),
	toolDescription(
		'storedOutput',
		['promote'],
		'Makes HiAPI keep a file until it is deleted. HiAPI charges for the space every day, so use this only when the user asks to keep the file.',
	),
	toolDescription(
		'storedOutput',
		['delete'],
		'Deletes a file HiAPI keeps, for good. Use this only when the user asks for exactly this file to be deleted.',
	),
	toolDescription(
		'model',
		['get', 'getAll'],
		'Reads which models HiAPI has, what input fields a model takes and what it costs. Free of charge. Ask this before generating something with a model whose fields are not known.',
	),
];
