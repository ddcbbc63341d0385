import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { triggerOnSubtitle } from '../shared/triggerFields';
import { deliverTasks } from './deliver';
import { triggerProperties } from './properties';
import { receiveCallback } from './receive';

export class HiApiTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'HiAPI Trigger',
		name: 'hiApiTrigger',
		icon: { light: 'file:../HiApi/hiapi.svg', dark: 'file:../HiApi/hiapi.dark.svg' },
		group: ['trigger'],
		// n8n evaluates an expression for every call of a webhook node of version 1, and reads less of version 2.
		version: [2],
		subtitle: triggerOnSubtitle,
		// In its nodes panel, n8n shows this text for the trigger and the node HiAPI together.
		description:
			'Generate images, videos and audio with HiAPI, and start the workflow when they are ready',
		defaults: { name: 'HiAPI Trigger' },
		eventTriggerDescription: 'Waiting for HiAPI to call the test URL',
		activationMessage:
			"HiAPI can now call the production URL. Use it as 'Callback URL' of your tasks.",
		// Read by n8n's AI workflow builder.
		builderHint: {
			searchHint:
				"Only for tasks whose 'Callback URL' is this trigger's production URL. Within one workflow, let the HiAPI node wait instead.",
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-hiapi.hiApiPollingTrigger',
					relationHint: 'Does the same where n8n has no public address',
				},
			],
		},
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'hiApiApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				// n8n then answers once the run is stored, and with the text the node gives it.
				responseMode: 'onReceived',
				responseData: '',
				path: 'webhook',
			},
		],
		triggerPanel: {
			header: 'Wait for HiAPI to call back',
			executionsHelp: {
				inactive:
					"Webhooks have two modes: test and production.<br><br><b>While you build your workflow</b>, use the <b>test URL</b> as 'Callback URL' of one task, click 'Execute step' first, and the result appears here when the task has ended.<br><br><b>To run it for real</b>, publish the workflow and use the <b>production URL</b>; those runs appear in the list of executions, not here. Both URLs must be reachable from the internet; without a public address, use the <b>HiAPI Polling Trigger</b>.",
				active:
					"<b>This workflow is published</b>: tasks with the <b>production URL</b> as 'Callback URL' start it, and the runs appear in the <a data-key='executions'>list of executions</a>, not here.<br><br><b>To try a change</b>, click 'Execute step' and use the <b>test URL</b> for one task. Both URLs must be reachable from the internet.",
			},
			activationHint: {
				inactive:
					'Publish this workflow to let the production URL answer. Until then, HiAPI calls it in vain.',
				active:
					"This workflow is published: tasks with the production URL as 'Callback URL' start it, and the runs appear in the list of executions.",
			},
		},
		properties: triggerProperties,
	};

	// HiAPI keeps no list of callback URLs: each task names its own, so there is nothing to set up or take down there.
	webhookMethods = {
		default: {
			checkExists: async (): Promise<boolean> => true,
			create: async (): Promise<boolean> => true,
			delete: async (): Promise<boolean> => true,
		},
	};

	/** Says who may start the workflow and answers at once. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveCallback(this);
	}

	/** Does what takes time, after the sender has its answer; in queue mode on a worker. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await deliverTasks(this);
	}
}
