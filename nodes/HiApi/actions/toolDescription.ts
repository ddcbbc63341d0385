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

/** n8n keeps no other signs of a node's name (`nodeNameToToolName` of n8n-workflow): 生成图片 and 生成视频 would both be called `_`. */
const toolNameNotice: INodeProperties = {
	displayName:
		'An AI agent knows this tool by the name of the node. Only Latin letters, digits, _ and - count in it, so give every tool a name of its own in these, such as <b>Make_Image</b>.',
	name: 'toolNameNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { '@tool': [true] } },
};

const CHARGED =
	'Every call creates a new task and costs money: call this once for each thing that is wanted, and do not repeat a call whose result you have. The result holds the task ID and, once the task has succeeded, the link to the file in "url"; give that link to the user. If the result says that the task is not finished, do not call this again for the same thing.';

const GENERATES: Record<string, string> = {
	'image/generate': 'Generates an image from a text with HiAPI.',
	'image/edit': 'Changes an image as a text says, with HiAPI.',
	'image/removeBackground': 'Cuts out what is in front of an image, with HiAPI.',
	'video/generate': 'Generates a video from a text with HiAPI.',
	'video/animateImage': 'Generates a video that begins with an image, with HiAPI.',
	'video/generateFromReferences': 'Generates a video of what reference images show, with HiAPI.',
	'audio/generateSpeech': 'Has a text spoken by HiAPI.',
	'audio/generateMusic': 'Generates music or a song from a description with HiAPI.',
};

/**
 * What an AI agent is told about the node. n8n would make up a short text without a word about money, and an agent that
 * is not content with a picture simply calls again.
 */
export const toolDescriptions: INodeProperties[] = [
	toolNameNotice,
	...Object.entries(GENERATES).map(([path, what]) => {
		const [resource, operation] = path.split('/');
		return toolDescription(resource, [operation], `${what} ${CHARGED}`);
	}),
	toolDescription(
		'task',
		['create', 'runAndWait'],
		`Generates an image, a video or audio with HiAPI. ${CHARGED}`,
	),
	toolDescription(
		'task',
		['get', 'getAll', 'waitForCompletion'],
		'Reads tasks of HiAPI that were started earlier. Free of charge. The result holds the status of a task and, once it has succeeded, the link to the file in "url".',
	),
	toolDescription(
		'task',
		['estimateCost'],
		'Tells what a task of HiAPI will cost in US dollars, without creating it. Free of charge. Call this with the same model and input before you generate something that may be expensive, such as a video or many images. Ask the user first when "estimatedCostUsd" is more than they allowed you to spend, or when there is only a "reason" because the cost is not known.',
	),
	toolDescription(
		'task',
		['downloadOutputs'],
		'Gives the links to the files of a HiAPI task that has ended. Free of charge. Give the link in "url" to the user; further files are in "outputs".',
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
