import { randomUUID } from 'node:crypto';

import type { WorkflowDefinition, WorkflowNode } from '../../../scripts/n8n/client.cts';

/** Names of the nodes in the workflows made here. */
export const START = 'Start';
export const HIAPI = 'HiAPI';
/** What follows the HiAPI node's first and second output. */
export const NEXT = 'Next';
export const FAILED = 'Failed';

/** A model of the simulator that takes a prompt only, and finishes an image. */
export const MODEL = 'gpt-image-2/text-to-image';

type Json = Record<string, unknown>;

/** A node without the trouble of ids and positions. */
export function node(
	name: string,
	type: string,
	parameters: Json = {},
	settings: Json = {},
): WorkflowNode {
	return {
		id: randomUUID(),
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		...settings,
	};
}

/** A HiAPI node with the lab's credential. `settings`: node settings such as `retryOnFail` or `onError`. */
export function hiApiNode(
	credential: { id: string; name: string },
	parameters: Json,
	settings: Json = {},
): WorkflowNode {
	return node(
		HIAPI,
		'n8n-nodes-hiapi.hiApi',
		{ resource: 'task', ...parameters },
		{ credentials: { hiApiApi: credential }, ...settings },
	);
}

/** Parameters of Run and Wait with this prompt (an expression may be given) and these options. */
export function runAndWait(prompt: string, options: Json = {}, more: Json = {}): Json {
	return {
		operation: 'runAndWait',
		model: { __rl: true, mode: 'id', value: MODEL },
		prompt,
		inputMode: 'json',
		input: '{}',
		simplify: true,
		options: { pollInterval: 1, ...options },
		...more,
	};
}

/** Parameters of Create. */
export function create(prompt: string, options: Json = {}, more: Json = {}): Json {
	const { simplify, ...parameters } = runAndWait(prompt, {}, more);
	return { ...parameters, operation: 'create', options };
}

/**
 * Start → HiAPI → Next, with Failed on the error output when the node has one. `items` come out of Start (pinned data, as the
 * editor's "pin" does); run it manually.
 */
export function workflowOf(
	hiApi: WorkflowNode,
	items: Json[] = [{}],
	settings: Json = {},
): WorkflowDefinition {
	const outputs = [[to(NEXT)], ...(hiApi.onError === 'continueErrorOutput' ? [[to(FAILED)]] : [])];
	return {
		name: `${expect.getState().currentTestName ?? 'e2e'}`.slice(0, 120),
		nodes: [
			node(START, 'n8n-nodes-base.manualTrigger'),
			hiApi,
			node(NEXT, 'n8n-nodes-base.noOp'),
			node(FAILED, 'n8n-nodes-base.noOp'),
		],
		connections: { [START]: { main: [[to(hiApi.name)]] }, [hiApi.name]: { main: outputs } },
		pinData: { [START]: items.map((json) => ({ json })) },
		settings,
	};
}

/** The same with a webhook in front instead, so that it runs in production mode; publish it and POST to `/webhook/<path>`. */
export function webhookWorkflowOf(
	hiApi: WorkflowNode,
	path: string,
	settings: Json = {},
): WorkflowDefinition {
	const workflow = workflowOf(hiApi, [], settings);
	const webhook = node(
		START,
		'n8n-nodes-base.webhook',
		{ httpMethod: 'POST', path, responseMode: 'onReceived', options: {} },
		{ typeVersion: 2, webhookId: randomUUID() },
	);
	const { pinData, ...rest } = workflow;
	return { ...rest, nodes: [webhook, ...workflow.nodes.filter(({ name }) => name !== START)] };
}

function to(name: string): { node: string; type: string; index: number } {
	return { node: name, type: 'main', index: 0 };
}
