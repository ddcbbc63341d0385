import { createHmac } from 'node:crypto';

/** What makes one wait of an execution different from every other one. */
export interface WaitIdentity {
	instanceId: string;
	workflowId: string;
	executionId: string;
	nodeId: string;
	nodeName: string;
	runIndex: number;
}

/**
 * The secret part of a wait's callback URL, 32 hexadecimal digits. The same wait gets the same one in every process: n8n 1 in
 * queue mode may run an execution a second time from its start, and only the same URL makes the same request, so that
 * HiAPI knows its key again. Without the key nobody can make it up.
 *
 * @param key a secret of the account
 */
export function suspensionNonce(key: string, wait: WaitIdentity): string {
	const parts = [
		'n8n-nodes-hiapi callback nonce',
		wait.instanceId,
		wait.workflowId,
		wait.executionId,
		wait.nodeId,
		wait.nodeName,
		wait.runIndex,
	];
	return createHmac('sha256', key).update(JSON.stringify(parts), 'utf8').digest('hex').slice(0, 32);
}
