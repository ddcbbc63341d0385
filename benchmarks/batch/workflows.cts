import { randomUUID } from 'node:crypto';

import type { WorkflowDefinition, WorkflowNode } from '../../scripts/n8n/client.cts';
import { promptOf } from './workload.cts';

/** Names of the first and the last node of every workflow made here. */
export const START = 'Start';
export const DONE = 'Done';

/** Simulated seconds the loop waits between two looks. Templates wait 5 to 60 s; this is the quickest of them. */
const LOOP_INTERVAL = 5;

export interface Credential {
	id: string;
	name: string;
}

type Json = Record<string, unknown>;
type Link = [from: string, to: string, output?: number];

function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: Json = {},
	credentials?: WorkflowNode['credentials'],
): WorkflowNode {
	return {
		id: randomUUID(),
		name,
		type: type.includes('.') ? type : `n8n-nodes-base.${type}`,
		typeVersion,
		position: [0, 0],
		parameters,
		...(credentials && { credentials }),
	};
}

/** Start, with `count` items pinned to it, the given nodes, and Done. */
function workflow(
	name: string,
	count: number,
	nodes: WorkflowNode[],
	links: Link[],
): WorkflowDefinition {
	const connections: WorkflowDefinition['connections'] = {};
	for (const [from, to, output = 0] of links) {
		const outputs = ((connections[from] ??= { main: [] }).main ??= []);
		while (outputs.length <= output) outputs.push([]);
		outputs[output]?.push({ node: to, type: 'main', index: 0 });
	}
	const items = Array.from({ length: count }, (_, index) => ({
		json: { prompt: promptOf(index) },
	}));
	return {
		name,
		nodes: [node(START, 'manualTrigger', 1), ...nodes, node(DONE, 'noOp', 1)],
		connections,
		pinData: { [START]: items },
	};
}

/** Run and Wait as it is set after a new node was put into a workflow, but without files: the rivals fetch none either. */
export const OUR_PARAMETERS = {
	resource: 'task',
	operation: 'runAndWait',
	model: { __rl: true, mode: 'id', value: 'any-model' },
	prompt: '={{ $json.prompt }}',
	inputMode: 'json',
	input: '{}',
	downloadOutputs: false,
	options: { maximumTasks: 0 },
};

/** Start → HiAPI: Run and Wait → Done. */
export function ourWorkflow(count: number, credential: Credential): WorkflowDefinition {
	const hiApi = node('HiAPI', 'n8n-nodes-hiapi.hiApi', 1, OUR_PARAMETERS, { hiApiApi: credential });
	return workflow(
		'ours',
		count,
		[hiApi],
		[
			[START, 'HiAPI'],
			['HiAPI', DONE],
		],
	);
}

/** The four nodes of the loop: create, wait, look, finished? The HTTP Request nodes authenticate with a Header Auth credential. */
function loopNodes(baseUrl: string, scale: number, credential: Credential): WorkflowNode[] {
	const authentication = {
		authentication: 'genericCredentialType',
		genericAuthType: 'httpHeaderAuth',
	};
	const credentials = { httpHeaderAuth: credential };
	const condition = {
		id: randomUUID(),
		leftValue: "={{ ['success', 'fail'].includes($json.data.status) }}",
		rightValue: '',
		operator: { type: 'boolean', operation: 'true', singleValue: true },
	};
	const body = "={{ JSON.stringify({ model: 'any-model', input: { prompt: $json.prompt } }) }}";
	return [
		node(
			'Create',
			'httpRequest',
			4.2,
			{
				...authentication,
				method: 'POST',
				url: `${baseUrl}/tasks`,
				sendBody: true,
				specifyBody: 'json',
				jsonBody: body,
				options: {},
			},
			credentials,
		),
		node('Wait', 'wait', 1.1, {
			resume: 'timeInterval',
			amount: LOOP_INTERVAL / scale,
			unit: 'seconds',
		}),
		node(
			'Look',
			'httpRequest',
			4.2,
			{
				...authentication,
				method: 'GET',
				url: `=${baseUrl}/tasks/{{ $json.data.taskId }}`,
				options: {},
			},
			credentials,
		),
		node('Finished?', 'if', 2.2, {
			conditions: {
				options: { caseSensitive: true, typeValidation: 'strict', version: 2 },
				combinator: 'and',
				conditions: [condition],
			},
			options: {},
		}),
	];
}

const LOOP: Link[] = [
	['Create', 'Wait'],
	['Wait', 'Look'],
	['Look', 'Finished?'],
	['Finished?', 'Wait', 1],
];

/** Start → Loop Over Items → Create → Wait → Look → Finished? → (no: Wait, yes: next item) → Done: what templates show. */
export function loopOverItems(
	count: number,
	baseUrl: string,
	scale: number,
	credential: Credential,
): WorkflowDefinition {
	const each = node('Loop Over Items', 'splitInBatches', 3, { options: {} });
	const links: Link[] = [
		[START, each.name],
		[each.name, 'Create', 1],
		...LOOP,
		['Finished?', each.name],
		[each.name, DONE],
	];
	return workflow(
		'loop over items',
		count,
		[each, ...loopNodes(baseUrl, scale, credential)],
		links,
	);
}

/** The same without Loop Over Items: all items go round together, the finished ones leave. */
export function loopAllTogether(
	count: number,
	baseUrl: string,
	scale: number,
	credential: Credential,
): WorkflowDefinition {
	return workflow('all together', count, loopNodes(baseUrl, scale, credential), [
		[START, 'Create'],
		...LOOP,
		['Finished?', DONE],
	]);
}
