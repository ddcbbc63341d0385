import { randomUUID } from 'node:crypto';

import type { WorkflowDefinition, WorkflowNode } from '../../scripts/n8n/client.cts';
import {
	create,
	HIAPI,
	hiApiNode,
	NEXT,
	node,
	runAndWait,
	START,
} from '../e2e/support/workflows.cts';
import type { WorkflowName } from './ledger.cts';
import type { Way } from './schedule.cts';

interface Credential {
	id: string;
	name: string;
}

/** An item is one order: `{ id, prompt }`. */
const REFERENCE = { reference: '={{ $json.id }}' };
const PROMPT = '={{ $json.prompt }}';
const OWN_OUTPUT = { onError: 'continueErrorOutput' };
const SPLIT = 'Split';
const FAILED = 'Failed';
const AGAIN = 'Again';

/** How often the polling trigger looks. n8n takes minutes only, but several of them. */
const POLL_TIMES = Array.from({ length: 6 }, (_, index) => ({
	mode: 'custom',
	cronExpression: `${index * 10} * * * * *`,
}));

/** The webhook path of a way of ordering. */
export const pathOf = (way: Way): string => `chaos-${way}`;

/** Workflows of every kind, by name. `callbackUrl`: where tasks of `created` report their end. */
export function chaosWorkflows(
	credential: Credential,
	triggerId: string,
	address: string,
): Record<WorkflowName, WorkflowDefinition> {
	const callbackUrl = `${address}/webhook/${triggerId}/webhook`;
	const retrying = { retryOnFail: true, maxTries: 2, waitBetweenTries: 500 };
	const ordering: Record<Way, WorkflowNode> = {
		keyed: hiApiNode(
			credential,
			runAndWait(PROMPT, { ...REFERENCE, idempotencyKey: '=key-{{ $json.id }}' }),
			retrying,
		),
		polled: hiApiNode(credential, runAndWait(PROMPT, REFERENCE), OWN_OUTPUT),
		suspended: hiApiNode(
			credential,
			runAndWait(PROMPT, { ...REFERENCE, grace: 0, suspensionLimit: 2 }, { waitBy: 'callback' }),
			OWN_OUTPUT,
		),
		created: hiApiNode(
			credential,
			create(PROMPT, REFERENCE, { callback: 'url', callbackUrl }),
			OWN_OUTPUT,
		),
	};
	const trigger = node(
		'HiAPI Trigger',
		'n8n-nodes-hiapi.hiApiTrigger',
		{ events: ['task.success', 'task.fail'], downloadOutputs: true },
		{ typeVersion: 2, webhookId: triggerId, credentials: { hiApiApi: credential } },
	);
	const pollingTrigger = node(
		'HiAPI Polling Trigger',
		'n8n-nodes-hiapi.hiApiPollingTrigger',
		{ pollTimes: { item: POLL_TIMES }, events: ['task.success', 'task.fail'] },
		{ credentials: { hiApiApi: credential } },
	);
	return {
		keyed: orderWorkflow('keyed', ordering.keyed),
		polled: orderWorkflow('polled', ordering.polled),
		suspended: orderWorkflow('suspended', ordering.suspended),
		created: orderWorkflow('created', ordering.created),
		trigger: chain('trigger', [trigger, node(NEXT, 'n8n-nodes-base.noOp')]),
		pollingTrigger: chain('pollingTrigger', [pollingTrigger, node(NEXT, 'n8n-nodes-base.noOp')]),
	};
}

/**
 * Webhook → one item per order → HiAPI → Next, with Failed on the error output. From there, items whose purchase is uncertain go back
 * into HiAPI, a few times (docs/troubleshooting.md, No usable answer).
 */
function orderWorkflow(way: Way, hiApi: WorkflowNode): WorkflowDefinition {
	const webhook = node(
		START,
		'n8n-nodes-base.webhook',
		{ httpMethod: 'POST', path: pathOf(way), responseMode: 'onReceived', options: {} },
		{ typeVersion: 2, webhookId: randomUUID() },
	);
	const split = node(SPLIT, 'n8n-nodes-base.splitOut', {
		fieldToSplitOut: 'body.orders',
		options: {},
	});
	const workflow = chain(way, [webhook, split, hiApi, node(NEXT, 'n8n-nodes-base.noOp')]);
	if (hiApi.onError === undefined) return workflow;
	const again = node(
		AGAIN,
		'n8n-nodes-base.if',
		{
			conditions: {
				options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
				conditions: [
					{
						id: 'uncertain',
						leftValue: '={{ $json.details?.taskId === undefined && $runIndex < 3 }}',
						rightValue: '',
						operator: { type: 'boolean', operation: 'true', singleValue: true },
					},
				],
				combinator: 'and',
			},
			options: {},
		},
		{ typeVersion: 2.2 },
	);
	workflow.nodes.push(node(FAILED, 'n8n-nodes-base.noOp'), again);
	workflow.connections[HIAPI].main.push([{ node: FAILED, type: 'main', index: 0 }]);
	workflow.connections[FAILED] = { main: [[{ node: AGAIN, type: 'main', index: 0 }]] };
	workflow.connections[AGAIN] = { main: [[{ node: HIAPI, type: 'main', index: 0 }], []] };
	return workflow;
}

function chain(name: string, nodes: WorkflowNode[]): WorkflowDefinition {
	const connections = Object.fromEntries(
		nodes
			.slice(1)
			.map((next, index) => [
				nodes[index].name,
				{ main: [[{ node: next.name, type: 'main', index: 0 }]] },
			]),
	);
	return { name, nodes, connections };
}
