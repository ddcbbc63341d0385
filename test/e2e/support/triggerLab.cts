import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import {
	hasEnded,
	type Execution,
	type Workflow,
	type WorkflowDefinition,
} from '../../../scripts/n8n/client.cts';
import { itemsOf, type Item } from '../../../scripts/n8n/runData.cts';
import { signCallback } from '../../../simulator/index.cts';
import type { Lab } from './lab.cts';
import { NEXT, node } from './workflows.cts';

export const TRIGGER = 'HiAPI Trigger';
/** What follows NEXT, with the task id looked up at the trigger. */
export const PAIRED = 'Paired';

type Json = Record<string, unknown>;

/** A published workflow HiAPI Trigger → NEXT → PAIRED. */
export interface Listener {
	workflow: Workflow;
	/** The production URL. */
	url: string;
	testUrl: string;
}

/** One answer to a request. */
export interface Answer {
	/** 0 when the connection ended without an answer. */
	status: number;
	text: string;
	milliseconds: number;
}

/** HiAPI Trigger → NEXT → PAIRED. `between`: a node that takes the place between the trigger and NEXT. */
export function triggerWorkflow(
	credential: { id: string; name: string } | undefined,
	parameters: Json = {},
	between?: WorkflowDefinition['nodes'][0],
): WorkflowDefinition {
	const trigger = node(
		TRIGGER,
		'n8n-nodes-hiapi.hiApiTrigger',
		{ events: ['task.success', 'task.fail'], ...parameters },
		{
			typeVersion: 2,
			webhookId: randomUUID(),
			...(credential && { credentials: { hiApiApi: credential } }),
		},
	);
	const taskId = `={{ $('${TRIGGER}').item.json.taskId }}`;
	const paired = node(
		PAIRED,
		'n8n-nodes-base.set',
		{
			assignments: { assignments: [{ id: 'a', name: 'taskId', type: 'string', value: taskId }] },
			options: {},
		},
		{ typeVersion: 3.4 },
	);
	const nodes = [trigger, ...(between ? [between] : []), node(NEXT, 'n8n-nodes-base.noOp'), paired];
	const connections = Object.fromEntries(
		nodes
			.slice(1)
			.map(({ name }, index) => [
				nodes[index].name,
				{ main: [[{ node: name, type: 'main', index: 0 }]] },
			]),
	);
	return {
		name: `${expect.getState().currentTestName ?? 'trigger'}`.slice(0, 120),
		nodes,
		connections,
	};
}

/** Creates and publishes a workflow that starts with a HiAPI Trigger. */
export async function listen(
	lab: Lab,
	parameters: Json = {},
	credential: { id: string; name: string } | undefined = lab.credential,
): Promise<Listener> {
	return listenerOf(lab, await lab.publish(triggerWorkflow(credential, parameters)));
}

/** The URLs of a workflow's HiAPI Trigger. */
export function listenerOf(lab: Lab, workflow: Workflow): Listener {
	const trigger = workflow.nodes.find(({ name }) => name === TRIGGER);
	const path = `${String(trigger?.webhookId)}/webhook`;
	return {
		workflow,
		url: `${lab.server.address}/webhook/${path}`,
		testUrl: `${lab.server.address}/webhook-test/${path}`,
	};
}

/** A callback's body for a task that nobody bought. */
export function callback(fields: Json = {}): string {
	const completed = Math.floor(Date.now() / 1000);
	return JSON.stringify({
		taskId: `tk-hiapi-${randomUUID()}`,
		model: 'seedance-2-0',
		status: 'success',
		created: completed - 60,
		completed,
		output: [
			{
				url: 'https://cdn.hiapi.ai/tasks/x/video.mp4',
				type: 'video',
				expireAt: completed + 604_800,
			},
		],
		...fields,
	});
}

export const taskIdOf = (body: string): string => (JSON.parse(body) as { taskId: string }).taskId;

/** Headers of a callback signed now. */
export function signature(
	lab: Lab,
	body: string | Buffer,
	secret = lab.simulator.webhookSecret,
	offsetSeconds = 0,
): Record<string, string> {
	return signCallback(secret, body, Math.floor(Date.now() / 1000) + offsetSeconds).headers;
}

/** Sends a request as it is, over a connection of its own, and never follows redirects. */
export async function post(
	url: string,
	body: string | Buffer,
	headers: Record<string, string> = {},
): Promise<Answer> {
	const started = Date.now();
	return await new Promise((resolve) => {
		const end = (status: number, text: string) =>
			resolve({ status, text, milliseconds: Date.now() - started });
		const outgoing = request(url, {
			method: 'POST',
			agent: false,
			headers: { ...headers, 'content-length': Buffer.byteLength(body) },
		});
		outgoing.on('error', (error) => end(0, error.message));
		outgoing.on('response', (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('end', () =>
				end(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')),
			);
			response.on('error', (error) => end(0, error.message));
		});
		outgoing.end(body);
	});
}

/** Sends a callback signed now. */
export async function deliver(
	lab: Lab,
	{ url }: Listener,
	body: string,
	secret?: string,
): Promise<Answer> {
	return await post(url, body, signature(lab, body, secret));
}

/** All executions of a listener, with data, once none of them is under way. */
export async function settledExecutions(
	lab: Lab,
	{ workflow }: Listener,
	withinMilliseconds = 60_000,
): Promise<Execution[]> {
	const deadline = Date.now() + withinMilliseconds;
	for (;;) {
		const executions = await lab.n8n.executions(workflow.id);
		if (executions.every(hasEnded)) {
			const complete: Execution[] = [];
			for (const { id } of executions) complete.push(await lab.n8n.execution(id));
			return complete;
		}
		if (Date.now() > deadline)
			throw new Error(
				`Executions of ${workflow.id} are still under way: ${JSON.stringify(executions)}`,
			);
		await sleep(100);
	}
}

/** What arrived at NEXT over all executions, oldest first, and how many executions there were. */
export async function arrivals(
	lab: Lab,
	listener: Listener,
): Promise<{ items: Item[]; taskIds: string[]; executions: Execution[] }> {
	const executions = (await settledExecutions(lab, listener)).reverse();
	const items = executions.flatMap(({ data }) => itemsOf(data, NEXT));
	return { items, taskIds: items.map(({ json }) => String(json.taskId)), executions };
}

/** Waits until this many items have arrived at NEXT; fails when more do or time runs out. */
export async function untilArrived(
	lab: Lab,
	listener: Listener,
	count: number,
	withinMilliseconds = 60_000,
) {
	const deadline = Date.now() + withinMilliseconds;
	for (;;) {
		const seen = await arrivals(lab, listener);
		if (seen.items.length === count) return seen;
		if (seen.items.length > count || Date.now() > deadline) {
			throw new Error(
				`${seen.items.length} items arrived instead of ${count}: ${JSON.stringify(seen.executions.map(({ status, mode }) => ({ status, mode })))}`,
			);
		}
		await sleep(100);
	}
}
