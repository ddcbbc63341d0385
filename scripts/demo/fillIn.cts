import type { WorkflowDefinition, WorkflowNode } from '../n8n/client.cts';

/** What the demo puts into the examples where a newcomer would have to. */
export interface FillIns {
	/** n8n's own address. */
	address: string;
	/** Where files are written to, instead of the folder that n8n in Docker has. */
	folder: string;
	/** The Telegram user who may write to the bot. */
	telegramUserId: string;
}

const TRIGGER = 'n8n-nodes-hiapi.hiApiTrigger';
const DOCKER_FOLDER = '/home/node/.n8n-files';

/** The production URL of the workflow's HiAPI Trigger; undefined when it has none. */
export function triggerUrl({ nodes }: WorkflowDefinition, address: string): string | undefined {
	const trigger = nodes.find(({ type }) => type === TRIGGER);
	return trigger && `${address}/webhook/${String(trigger.webhookId)}/webhook`;
}

/** The example with callback URL, folder and Telegram user filled in, wherever its nodes ask for them. */
export function fillIn(workflow: WorkflowDefinition, fillIns: FillIns): WorkflowDefinition {
	const callbackUrl = triggerUrl(workflow, fillIns.address);
	const filled = ({ type, parameters }: WorkflowNode): Record<string, unknown> => {
		if (parameters.callback === 'url' && callbackUrl !== undefined)
			return { ...parameters, callbackUrl };
		if (typeof parameters.fileName === 'string')
			return {
				...parameters,
				fileName: parameters.fileName.replace(DOCKER_FOLDER, fillIns.folder),
			};
		if (type === 'n8n-nodes-base.telegramTrigger')
			return { ...parameters, additionalFields: { userIds: fillIns.telegramUserId } };
		return parameters;
	};
	return {
		...workflow,
		nodes: workflow.nodes.map((node) => ({ ...node, parameters: filled(node) })),
	};
}
