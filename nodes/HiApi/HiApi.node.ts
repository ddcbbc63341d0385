import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { toErrorItem, toFailure, toNodeError } from '../shared/errors/nodeError';
import { RESUME_WEBHOOKS } from './n8n/suspension';
import { checkOneAccount } from './parameters/account';
import { searchModels } from './methods/searchModels';
import { searchStoredOutputs } from './methods/searchStoredOutputs';
import { searchTasks } from './methods/searchTasks';
import { getFileFields } from './methods/fileFields';
import { getModelInputFields } from './methods/modelInputFields';
import {
	getAspectRatios,
	getDurations,
	getResolutions,
	searchVoices,
} from './methods/usualSettings';
import { audioResource } from './actions/audio';
import { imageResource } from './actions/image';
import { modelResource } from './actions/model';
import { findOperation, type Resource } from './actions/operations';
import { storedOutputResource } from './actions/storedOutput';
import { taskResource } from './actions/task';
import { videoResource } from './actions/video';
import { receiveResume } from './n8n/receiveResume';
import { toolDescriptions } from './actions/toolDescription';

const resources: Record<string, Resource> = {
	image: imageResource,
	video: videoResource,
	audio: audioResource,
	task: taskResource,
	model: modelResource,
	storedOutput: storedOutputResource,
};

/** `generate: image · GPT Image 2`: what comes out, and which model makes it, as far as its ID tells. */
const SUBTITLE =
	'={{ ($parameter["operation"].replace("getAll", "getMany") + ": " + $parameter["resource"]).replace(/([A-Z])/g, " $1").toLowerCase() + (typeof $parameter["model"] === "string" && $parameter["model"] !== "" ? " · " + $parameter["model"].replace(/[/](text|image|reference)-to-[a-z]+/, "").replace(/^.*[/]/, "").replace(/[-@]+/g, " ").replace(/\\b[a-z]/g, (letter) => letter.toUpperCase()).replace(/\\b(Gpt|Tts)\\b/g, (word) => word.toUpperCase()) : "") }}';

export class HiApi implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'HiAPI',
		name: 'hiApi',
		icon: { light: 'file:hiapi.svg', dark: 'file:hiapi.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: SUBTITLE,
		description: 'Generate images, videos and audio with HiAPI',
		defaults: { name: 'HiAPI' },
		usableAsTool: true,
		// Read by n8n's AI workflow builder.
		builderHint: {
			searchHint:
				"Generates images, videos, speech and music. Each item costs money once; a retry is not charged again. It waits for the result and outputs the file as binary field 'data' and its link as 'url', so no Wait node or polling loop is needed after it.",
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-hiapi.hiApiTrigger',
					relationHint: 'Starts a workflow when a task is finished, where n8n has a public address',
				},
				{
					nodeType: 'n8n-nodes-hiapi.hiApiPollingTrigger',
					relationHint: 'Starts a workflow when a task is finished, without a public address',
				},
			],
		},
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'hiApiApi', required: true }],
		webhooks: RESUME_WEBHOOKS,
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				default: 'image',
				options: [
					{ name: 'Audio', value: 'audio' },
					{ name: 'Image', value: 'image' },
					{ name: 'Model', value: 'model' },
					{ name: 'Stored Output', value: 'storedOutput' },
					{ name: 'Task', value: 'task' },
					{ name: 'Video', value: 'video' },
				],
			},
			...toolDescriptions,
			...Object.values(resources).flatMap(({ properties }) => properties),
		],
	};

	methods = {
		listSearch: { searchModels, searchStoredOutputs, searchTasks, searchVoices },
		loadOptions: { getAspectRatios, getDurations, getFileFields, getResolutions },
		resourceMapping: { getModelInputFields },
	};

	/** Called by n8n when HiAPI calls back for a suspended execution. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveResume(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		try {
			const resource = this.getNodeParameter('resource', 0);
			// n8n leaves the operation out where it does not know the resource.
			const run = findOperation(resources, resource, this.getNodeParameter('operation', 0, ''));
			// The model catalogue is public: nobody's key is used.
			if (resource !== 'model') await checkOneAccount(this);
			return [await run(this)];
		} catch (error) {
			if (!this.continueOnFail()) throw toNodeError(this.getNode(), error, 0);
			// Thrown, n8n would send the incoming items down the success branch as if they were results.
			return [this.getInputData().map((_, itemIndex) => toErrorItem(toFailure(error), itemIndex))];
		}
	}
}
