import { createHash, randomUUID } from 'node:crypto';

import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * The random token that n8n 2 makes when an execution begins, stores with it before any node runs, and takes over when
 * the execution is retried; part of the resume URL (`resumeToken`, seen in n8n 2.41.1: `run-execution-data-factory.js`,
 * `get-additional-keys.js`, and `retry` in `execution.service.js`). Older n8n signs the URL instead, which holds the
 * execution's ID, or adds nothing.
 */
function resumeToken(context: IExecuteFunctions): string | undefined {
	try {
		const url: unknown = context.evaluateExpression('{{ $execution.resumeUrl }}', 0);
		return new URL(String(url)).searchParams.get('signature') ?? undefined;
	} catch {
		return undefined;
	}
}

/**
 * What tells this execution from every other one and stays the same when it is retried, also when n8n has kept nothing of
 * what its nodes did, because it was killed or the execution was stopped. Where n8n has no such thing, the execution's ID.
 */
export function executionIdentity(context: IExecuteFunctions): string {
	// n8n's types promise an ID. The MCP Server Trigger runs its tools before there is an execution; each call counts as one.
	const executionId: string | undefined = context.getExecutionId();
	if (executionId === undefined) return `call ${randomUUID()}`;
	const token = resumeToken(context);
	// Whoever has the token can let a waiting execution go on, so only its hash is kept.
	return token === undefined
		? executionId
		: createHash('sha256').update(token, 'utf8').digest('hex');
}
