import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { toNodeError } from '../shared/errors/nodeError';
import { triggerOnSubtitle } from '../shared/triggerFields';
import { downloadFound } from './deliver';
import { pollForTasks } from './poll';
import { pollingTriggerProperties } from './settings';
import { fetchTestEvent } from './testEvent';

export class HiApiPollingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'HiAPI Polling Trigger',
		name: 'hiApiPollingTrigger',
		icon: { light: 'file:../HiApi/hiapi.svg', dark: 'file:../HiApi/hiapi.dark.svg' },
		group: ['trigger'],
		version: [1],
		subtitle: triggerOnSubtitle,
		description:
			'Starts the workflow when HiAPI tasks have succeeded or failed, without a public URL',
		defaults: { name: 'HiAPI Polling Trigger' },
		eventTriggerDescription: '',
		activationMessage: 'From now on, tasks of the HiAPI account that finish start this workflow.',
		// n8n adds the parameter 'Poll Times'.
		polling: true,
		// Read by n8n's AI workflow builder.
		builderHint: {
			searchHint:
				'Starts with every finished task of the HiAPI account, each once. Within one workflow, let the HiAPI node wait instead.',
		},
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'hiApiApi', required: true }],
		properties: pollingTriggerProperties,
	};

	/** The tasks that finished since the last poll. */
	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		try {
			const items = await pollForTasks(this);
			return items.length === 0 ? null : [items];
		} catch (error) {
			throw toNodeError(this.getNode(), error, 0);
		}
	}

	/** What poll() found, with its files; in the editor, where n8n does not call poll(), the latest finished tasks. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		try {
			const found = this.getMode() === 'manual' ? await fetchTestEvent(this) : this.getInputData();
			return [await downloadFound(this, found)];
		} catch (error) {
			throw toNodeError(this.getNode(), error, 0);
		}
	}
}
