import type { IDataObject, IExecuteFunctions, NodeTypeAndVersion } from 'n8n-workflow';

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

/** The same for the execution a node runs in. A retry has no caller any more. */
export function callerOf(context: IExecuteFunctions): string | undefined {
	// Older n8n, and agents that run their tools inside themselves, do not offer all of this.
	const { getMode, getParentNodes, getExecuteData } = context as Partial<IExecuteFunctions>;
	if (getParentNodes === undefined || getMode?.call(context) === 'retry') return undefined;
	// A tool has no nodes before it but those before its agent.
	const previous = getExecuteData?.call(context)?.source?.main?.[0]?.previousNode;
	const names = new Set([context.getNode().name, ...(previous === undefined ? [] : [previous])]);
	const before = [...names].flatMap((name) =>
		context.getParentNodes(name, { includeNodeParameters: true }),
	);
	const ancestors = new Map(
		before.filter((node) => hasRun(context, node)).map((node) => [node.name, node]),
	);
	return waitingCaller(
		[...ancestors.values()].map(({ name, type, parameters }) => ({
			name,
			type,
			parameters: (parameters ?? {}) as IDataObject,
			followers: context
				.getChildNodes(name)
				.filter(({ disabled }) => !disabled)
				.map((follower) => ({ type: follower.type, hasRun: hasRun(context, follower) })),
		})),
	);
}

function hasRun(context: IExecuteFunctions, { name, disabled }: NodeTypeAndVersion): boolean {
	if (disabled) return false;
	const node = context.getWorkflowDataProxy(0).$ as (name: string) => { isExecuted?: boolean };
	return node(name).isExecuted === true;
}
