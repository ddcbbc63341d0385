import type { IBinaryData, IExecuteFunctions, IWorkflowSettings } from 'n8n-workflow';

/*
 * What older n8n, or an AI agent that runs its tools inside itself, do not offer a node although n8n's types promise it.
 */

type Offered<
	Name extends 'addExecutionHints' | 'getNode' | 'getWorkflowSettings' | 'isToolExecution',
> = Pick<IExecuteFunctions, 'getNode'> & Partial<Pick<IExecuteFunctions, Name>>;

/** Shows a line in the output pane, where n8n has a place for it: a result must not get lost with a remark about it. */
export function showHint(
	context: Offered<'addExecutionHints'>,
	message: string,
	type: 'info' | 'warning',
): void {
	context.addExecutionHints?.({ message, type, location: 'outputPane' });
}

/**
 * Whether an AI agent runs the node inside itself: it takes the first output for the result and never comes back. Where
 * n8n does not say, every tool is run so.
 */
export function isInlineTool(context: Offered<'isToolExecution'>): boolean {
	if (context.isToolExecution === undefined) return context.getNode().type.endsWith('Tool');
	return context.isToolExecution();
}

/** Whether `n8n execute` runs the workflow: its process ends when the execution does, or is suspended. */
export function isCommandLine(context: Partial<Pick<IExecuteFunctions, 'getMode'>>): boolean {
	return context.getMode?.() === 'cli';
}

/**
 * Whether an AI agent or the MCP Server Trigger uses the node as a tool. Its items carry no files, and its answer is text:
 * n8n drops the files of a tool's result (`mapResult` in n8n-core), or keeps them where no expression finds them.
 */
export function isTool(context: Offered<'isToolExecution'>): boolean {
	return context.getNode().type.endsWith('Tool') || isInlineTool(context);
}

/** Where n8n moves an item's files to in workflows that have JSON and files combined (`BINARY_IN_JSON_PROPERTY` of n8n-workflow 2). */
export const COMBINED_FILES = '_files';

/** Whether the workflow's items have their files in the JSON (setting `binaryMode`). */
export function isCombined(
	context: Partial<Pick<IExecuteFunctions, 'getWorkflowSettings'>>,
): boolean {
	return context.getWorkflowSettings?.().binaryMode === 'combined';
}

/**
 * What other nodes call a file of the output: its binary field, or its path in the JSON where the workflow's setting
 * `binaryMode` is `combined`. n8n leaves files in memory where they are.
 */
export function pathOfFile(
	context: Partial<Pick<IExecuteFunctions, 'getWorkflowSettings'>>,
	field: string,
	{ id }: Pick<IBinaryData, 'id'>,
): string {
	return id !== undefined && isCombined(context) ? `${COMBINED_FILES}.${field}` : field;
}

/** The settings of the workflow, empty where n8n does not tell. */
export function workflowSettings(context: Offered<'getWorkflowSettings'>): IWorkflowSettings {
	return context.getWorkflowSettings?.() ?? {};
}
