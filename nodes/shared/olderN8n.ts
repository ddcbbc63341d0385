import type { IExecuteFunctions } from 'n8n-workflow';

/*
 * What older n8n, or an AI agent that runs its tools inside itself, do not offer a node although n8n's types promise it.
 */

type Offered<Name extends 'addExecutionHints' | 'getNode' | 'isToolExecution'> = Pick<
	IExecuteFunctions,
	'getNode'
> &
	Partial<Pick<IExecuteFunctions, Name>>;

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
