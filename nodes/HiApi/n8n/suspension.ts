import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeTypeDescription,
	IPairedItemData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { NODE_CONTEXT } from '../../shared/stored';
import { isRecord } from '../../shared/values';
import type { ResumeAddress } from '../generation/suspend/chooseWaiting';
import type { WaitIdentity } from '../generation/suspend/resumeNonce';
import {
	readSuspension,
	writeSuspension,
	type Suspension,
} from '../generation/suspend/suspensionState';
import { runIndexOf } from './runIndex';

/*
 * Everything that relies on how n8n suspends and resumes an execution. Seen in n8n 2.41: `waiting-webhooks.js` (server),
 * `handleWaitingState` and `handleDisabledNode` of `workflow-execute.js` (n8n-core).
 *
 * - A call to the resume URL runs webhook(). If it returns `workflowData`, that is the node's output and the execution
 *   goes on; the node does not run again. If not, the execution stays suspended, and nothing is saved.
 * - When time runs out, the node's input items, as execute() left them, become its output.
 * - The node's context is stored with the execution, and expressions can read it where webhook() has no other way.
 */

/** Lets n8n's resume URL, with the node's id behind it, call the node's webhook(). */
export const RESUME_WEBHOOKS: INodeTypeDescription['webhooks'] = [
	{
		name: 'default',
		httpMethod: 'POST',
		// n8n then answers once it has resumed the execution, and with the text the node gives it.
		responseMode: 'onReceived',
		responseData: '',
		path: '={{ $nodeId }}',
		isFullPath: true,
		restartWebhook: true,
	},
];

const FIELD = NODE_CONTEXT.suspension;
const NONCE = 'nonce';

interface Memory {
	/** By the index of the runs that have sent it. */
	addresses: Record<string, ResumeAddress>;
	suspension?: string;
}

function existingMemory(context: IExecuteFunctions): Memory | undefined {
	const known: unknown = context.getContext('node')[FIELD];
	return isRecord(known) && isRecord(known.addresses) ? (known as unknown as Memory) : undefined;
}

function memoryOf(context: IExecuteFunctions): Memory {
	const known = existingMemory(context);
	if (known !== undefined) return known;
	const memory: Memory = { addresses: {} };
	context.getContext('node')[FIELD] = memory as unknown as IDataObject;
	return memory;
}

/** n8n's URL that resumes this execution at this node; undefined when there is none, as in an execution n8n does not store. */
function resumeUrl(context: IExecuteFunctions, nonce: string): string | undefined {
	const text: unknown = context.evaluateExpression('{{ $execution.resumeUrl }}', 0);
	if (typeof text !== 'string' || !URL.canParse(text)) return undefined;
	const url = new URL(text);
	url.pathname += `/${encodeURIComponent(context.getNode().id)}`;
	url.searchParams.set(NONCE, nonce);
	return url.href;
}

/**
 * The URL to give HiAPI for this run. A second try of the run and a loop's next round get the same one, and a retry from the list
 * of executions gets that of the first execution: requests stay the same byte for byte, so that nothing is created twice.
 *
 * @returns undefined when n8n offers no such URL
 */
export function resumeAddress(
	context: IExecuteFunctions,
	makeNonce: (wait: WaitIdentity) => string,
): ResumeAddress | undefined {
	const known = sentAddress(context);
	if (known !== undefined) return known;
	const nonce = makeNonce(waitOf(context));
	const url = resumeUrl(context, nonce);
	return url === undefined ? undefined : { executionId: context.getExecutionId(), url, nonce };
}

function waitOf(context: IExecuteFunctions): WaitIdentity {
	const { id, name } = context.getNode();
	return {
		instanceId: context.getInstanceId(),
		workflowId: context.getWorkflow().id ?? '',
		executionId: context.getExecutionId(),
		nodeId: id,
		nodeName: name,
	};
}

/** The URL that an earlier try of this run has given HiAPI. */
export function knownAddress(context: IExecuteFunctions): ResumeAddress | undefined {
	return existingMemory(context)?.addresses[runIndexOf(context)];
}

/** The URL that an earlier try or round, or the execution this one is a retry of, has given HiAPI. */
export function sentAddress(context: IExecuteFunctions): ResumeAddress | undefined {
	const [first] = Object.values(existingMemory(context)?.addresses ?? {});
	return knownAddress(context) ?? first;
}

/** Keeps the URL with the execution. Call before the first request that carries it. */
export function rememberAddress(context: IExecuteFunctions, address: ResumeAddress): void {
	memoryOf(context).addresses[runIndexOf(context)] = address;
}

/**
 * Suspends the execution. execute() has to return right after it, without touching its input again.
 *
 * @param onTimeout the items the node ends with when nothing resumes the execution in time, paired with its input items
 * @param untilMs in milliseconds since 1970; n8n checks about once a minute
 */
export async function suspendExecution(
	context: IExecuteFunctions,
	suspension: Suspension,
	onTimeout: INodeExecutionData[],
	untilMs: number,
): Promise<void> {
	memoryOf(context).suspension = writeSuspension(suspension);
	const items = context.getInputData();
	const sources = items.map(({ pairedItem }) => pairedItem);
	for (const [index, { json, pairedItem }] of onTimeout.entries()) {
		const source = sources[(pairedItem as IPairedItemData).item];
		const item = (items[index] ??= { json });
		Object.assign(item, { json, pairedItem: source });
		delete item.binary;
	}
	await context.putExecutionToWait(new Date(untilMs));
}

/** The suspension that execute() has left, seen from webhook(). */
export function suspensionOf(context: IWebhookFunctions): Suspension | undefined {
	// Braces in the name would end the expression.
	const node = JSON.stringify(context.getNode().name).replace(/[{}]/g, (brace) =>
		brace === '{' ? '\\u007b' : '\\u007d',
	);
	return readSuspension(
		context.evaluateExpression(`{{ $node[${node}].context.${FIELD}?.suspension }}`),
	);
}

/** The nonce of the URL that was called. */
export function calledNonce(context: IWebhookFunctions): unknown {
	return (context.getQueryData() as IDataObject)[NONCE];
}

/** webhook()'s answer that resumes the execution with these items; n8n sends failed ones to the error output, if there is one. */
export function resumeWith(items: INodeExecutionData[]): IWebhookResponseData {
	return { workflowData: [items], webhookResponse: { message: 'Resumed' } };
}

/** webhook()'s answer that is a success for the sender and leaves the execution suspended. */
export function stayWaiting(message: string): IWebhookResponseData {
	return { webhookResponse: { message } };
}
