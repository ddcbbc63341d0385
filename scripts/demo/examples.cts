import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { WorkflowDefinition, WorkflowNode } from '../n8n/client.cts';

export const HIAPI_NODE = 'n8n-nodes-hiapi.hiApi';

/** A workflow of the folder examples/. */
export interface Example {
	/** File name without its ending, e.g. `run-and-wait-image`. */
	name: string;
	title: string;
	workflow: WorkflowDefinition;
	/** What one run buys: one entry per HiAPI node that creates tasks. `input` is JSON on one line. */
	purchases: Array<{ model: string; input: string; prompt: string }>;
}

/** All workflows of the folder, by name. */
export function readExamples(folder: string): Example[] {
	return readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.sort()
		.map((file) => {
			const workflow = JSON.parse(readFileSync(join(folder, file), 'utf8')) as WorkflowDefinition;
			return {
				name: file.replace(/\.json$/, ''),
				title: workflow.name,
				workflow,
				purchases: purchasesOf(workflow),
			};
		});
}

/** Whether a node of the package creates tasks, which cost money. */
export function buysTasks({ parameters: { resource, operation } }: WorkflowNode): boolean {
	return resource === 'task'
		? ['create', 'runAndWait'].includes(String(operation))
		: ['image', 'video', 'audio'].includes(String(resource));
}

function purchasesOf(workflow: WorkflowDefinition): Example['purchases'] {
	const prompt = workflow.nodes
		.flatMap(
			({ parameters }) =>
				(parameters.assignments as { assignments?: Array<{ name: string; value: string }> })
					?.assignments ?? [],
		)
		.find(({ name }) => name === 'prompt')?.value;
	return workflow.nodes
		.filter((node) => node.type === HIAPI_NODE && buysTasks(node))
		.map(({ parameters }) => ({
			model: (parameters.model as { value: string }).value,
			input: inputOf(parameters),
			prompt: prompt ?? String(parameters.prompt),
		}));
}

function inputOf({ inputMode, fields, input }: Record<string, unknown>): string {
	return JSON.stringify(
		inputMode === 'json'
			? JSON.parse(String(input ?? '{}'))
			: ((fields as { value?: unknown })?.value ?? {}),
	);
}

/** The workflow with every node of the package using this credential. */
export function withCredential(
	workflow: WorkflowDefinition,
	credential: { id: string; name: string },
): WorkflowDefinition {
	return withCredentials(workflow, { hiApiApi: credential });
}

/** The workflow with these credentials, by their type. Of a type that is not given, nodes keep the placeholder. */
export function withCredentials(
	workflow: WorkflowDefinition,
	credentials: Record<string, { id: string; name: string }>,
): WorkflowDefinition {
	return {
		...workflow,
		nodes: workflow.nodes.map((node) => {
			if (node.credentials === undefined) return node;
			const chosen = Object.entries(node.credentials).map(
				([type, placeholder]) => [type, credentials[type] ?? placeholder] as const,
			);
			return { ...node, credentials: Object.fromEntries(chosen) };
		}),
	};
}
