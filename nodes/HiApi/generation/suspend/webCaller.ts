import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../../../shared/values';

const WEBHOOK = 'n8n-nodes-base.webhook';
const WAIT = 'n8n-nodes-base.wait';
const FORM_TRIGGER = 'n8n-nodes-base.formTrigger';
const CHAT_TRIGGER = '@n8n/n8n-nodes-langchain.chatTrigger';
const RESPOND = 'n8n-nodes-base.respondToWebhook';
const FORM_PAGE = 'n8n-nodes-base.form';

/** A node that has run before this one. */
export interface Ancestor {
	name: string;
	type: string;
	parameters: IDataObject;
	/** The enabled nodes after it, near and far. */
	followers: Array<{ type: string; hasRun: boolean }>;
}

/**
 * The node whose caller waits for this execution's result: n8n answers with what there is when the execution is suspended,
 * or keeps the connection open until it goes on (`executeWebhook` in n8n's webhook-helpers). A form that has pages of its
 * own waits by itself, and whoever was answered before does not wait.
 *
 * @returns undefined when nobody waits, or it cannot be seen
 */
export function waitingCaller(ancestors: Ancestor[]): string | undefined {
	return ancestors.find(
		(node) =>
			['lastNode', 'responseNode', 'streaming'].includes(responseMode(node)) &&
			!node.followers.some(({ type, hasRun }) => type === RESPOND && hasRun) &&
			!(node.type === FORM_TRIGGER && node.followers.some(({ type }) => type === FORM_PAGE)),
	)?.name;
}

function responseMode({ type, parameters }: Ancestor): string {
	const options = isRecord(parameters.options) ? parameters.options : {};
	switch (type) {
		case WEBHOOK:
		case FORM_TRIGGER:
			return String(parameters.responseMode ?? 'onReceived');
		case WAIT:
			return parameters.resume === 'webhook' || parameters.resume === 'form'
				? String(parameters.responseMode ?? 'onReceived')
				: 'onReceived';
		case CHAT_TRIGGER:
			return String(
				options.responseMode ?? (parameters.availableInChat === true ? 'streaming' : 'lastNode'),
			);
		default:
			return 'onReceived';
	}
}
