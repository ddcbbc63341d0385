import { createHmac } from 'node:crypto';

/** What makes the waits of one node in one execution different from all others. */
export interface WaitIdentity {
	instanceId: string;
	workflowId: string;
	executionId: string;
	nodeId: string;
	nodeName: string;
}

/**
 * The secret part of a wait's callback URL, 32 hexadecimal digits. Only the same URL makes the same request, so that HiAPI knows its
 * key again. So it is the same in every process, as n8n 1 in queue mode may run an execution a second time from its start, and
 * in every round of a loop, as an item whose task is uncertain may be led back into the node. Without the key nobody can
 * make it up.
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
	];
	return createHmac('sha256', key).update(JSON.stringify(parts), 'utf8').digest('hex').slice(0, 32);
}
