import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { createClient } from '../../shared/api/client';
import { toNodeError } from '../../shared/errors/nodeError';
import { toIsoTime } from '../../shared/api/task';
import { listTasks } from '../../shared/api/tasks';
import { systemClock } from '../../shared/clock';

const PAGE_SIZE = 50;
const PAGE_BUDGET_MS = 20_000;

/**
 * Fills the task picker, newest first, a page at a time.
 *
 * @param filter a text that must occur in the task's id, model or status
 * @param paginationToken number of the page to read, from 1
 * @throws NodeApiError or NodeOperationError when the list cannot be read
 */
export async function searchTasks(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	try {
		const page = Number(paginationToken ?? 1);
		const client = await createClient(this, systemClock);
		const result = await listTasks(client, page, PAGE_SIZE, {
			deadlineMs: systemClock.monotonic() + PAGE_BUDGET_MS,
		});
		if (!result.ok) throw result.failure;
		const wanted = (filter ?? '').toLowerCase();
		const results = result.value.tasks
			.filter((task) =>
				`${task.taskId} ${task.model} ${task.status}`.toLowerCase().includes(wanted),
			)
			.map((task) => ({
				name: `${task.model} · ${task.status} · ${toIsoTime(task.created) ?? 'unknown time'}`,
				value: task.taskId,
				description: task.taskId,
			}));
		return {
			results,
			paginationToken: result.value.entries === PAGE_SIZE ? String(page + 1) : undefined,
		};
	} catch (error) {
		throw toNodeError(this.getNode(), error, 0);
	}
}
