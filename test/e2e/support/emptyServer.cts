import type { ExecutionSummary, N8nClient } from '../../../scripts/n8n/client.cts';
import { N8nReplyError } from '../../../scripts/n8n/replyError.cts';
import { until } from './until.cts';

const UNDER_WAY = ['new', 'running', 'waiting'];

interface Listed {
	id: string;
	isArchived?: boolean;
}

interface DataTable {
	id: string;
	projectId: string;
}

/** Takes out of an n8n whatever tests have put into it, so that nothing of them reaches the next ones. */
export async function empty(n8n: N8nClient): Promise<void> {
	const workflows = await list(n8n, '/workflows');
	for (const workflow of workflows) await retire(n8n, workflow);
	await stopAll(n8n);
	for (const { id } of workflows) await until(async () => await isDeleted(n8n, id));
	for (const { id } of await list(n8n, '/credentials'))
		await n8n.rest('DELETE', `/credentials/${id}`);
	for (const { id, projectId } of await dataTables(n8n))
		await n8n.rest('DELETE', `/projects/${projectId}/data-tables/${id}`);
}

async function list(n8n: N8nClient, path: string): Promise<Listed[]> {
	const answer = await n8n.rest<Listed[] | { data: Listed[] }>('GET', path);
	return Array.isArray(answer) ? answer : answer.data;
}

/** n8n deletes only what is in its archive; what goes there is no longer published. */
async function retire(n8n: N8nClient, { id, isArchived }: Listed): Promise<void> {
	if (isArchived) return;
	await n8n.unpublish(id);
	await n8n.rest('POST', `/workflows/${id}/archive`, {});
}

/** Deletes a workflow; false while n8n is still unpublishing it. */
async function isDeleted(n8n: N8nClient, id: string): Promise<boolean> {
	try {
		await n8n.rest('DELETE', `/workflows/${id}`);
		return true;
	} catch (error) {
		if (error instanceof N8nReplyError && error.status === 409) return false;
		throw error;
	}
}

async function stopAll(n8n: N8nClient): Promise<void> {
	const filter = encodeURIComponent(JSON.stringify({ status: UNDER_WAY }));
	const { results } = await n8n.rest<{ results: ExecutionSummary[] }>(
		'GET',
		`/executions?limit=100&filter=${filter}`,
	);
	// one that ends meanwhile cannot be stopped any more
	await Promise.all(
		results.map(async ({ id }) => await n8n.stopExecution(id).catch(() => undefined)),
	);
}

async function dataTables(n8n: N8nClient): Promise<DataTable[]> {
	try {
		return (await n8n.rest<{ data: DataTable[] }>('GET', '/data-tables-global')).data;
	} catch {
		// older n8n has none
		return [];
	}
}
