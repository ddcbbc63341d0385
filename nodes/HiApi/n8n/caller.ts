import { createHash } from 'node:crypto';

import type { IExecuteFunctions } from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../../shared/api/client';
import type { Caller } from '../generation/ports/ports';
import { isRecord, trimmedOrUndefined } from '../../shared/values';

/**
 * The session of the MCP client that calls this tool; undefined when nobody of that kind calls, or nothing tells which
 * one. The MCP Server Trigger gives its tools the request as the item their expressions see: from version 2.1 on with
 * headers, before only the message (seen in n8n 2.41.1, `McpTrigger.node.js` and `webhook-context.js`).
 */
function mcpSession(context: IExecuteFunctions): string | undefined {
	let given: unknown;
	try {
		given = context.evaluateExpression('{{ $json }}', 0);
	} catch {
		return undefined;
	}
	if (!isRecord(given) || !isRecord(given.body) || !isRecord(given.headers)) return undefined;
	if (given.body.jsonrpc !== '2.0' || given.body.method !== 'tools/call') return undefined;
	return trimmedOrUndefined(given.headers['mcp-session-id']);
}

function kindOf(
	context: IExecuteFunctions,
	session: string | undefined,
): Caller['kind'] | undefined {
	if (session !== undefined) return 'client';
	if (context.getMode() === 'integrated') return 'workflow';
	// n8n's types promise an ID. The MCP Server Trigger runs its tools before there is an execution.
	const executionId: string | undefined = context.getExecutionId();
	return executionId === undefined ? 'anyClient' : undefined;
}

/**
 * Who asks for what this run creates, when n8n keeps no memory for them from one time to the next: a client of an MCP
 * server, or the workflow that calls this one. undefined for everybody else.
 */
export async function callerOf(context: IExecuteFunctions): Promise<Caller | undefined> {
	const { id, name, type } = context.getNode();
	const session = type.endsWith('Tool') ? mcpSession(context) : undefined;
	const kind = kindOf(context, session);
	if (kind === undefined) return undefined;
	const { apiKey, baseUrl } = await context.getCredentials(CREDENTIAL_TYPE);
	const parts = [context.getWorkflow().id, id, name, apiKey, baseUrl, session];
	return {
		kind,
		// A hash, so that no key lies about in memory.
		id: createHash('sha256').update(JSON.stringify(parts), 'utf8').digest('hex'),
	};
}
