import { idText, isRecord } from '../values';
import type { HiApiClient, RequestBudget } from './client';
import { describeRequestFailure, type HiApiError } from '../errors/apiError';
import { isOwnTask } from '../errors/requestFailure';
import type { WayOn } from '../errors/wayOn';
import { parseTask, type Task } from './task';

export type ApiResult<T> = { ok: true; value: T } | { ok: false; failure: HiApiError };

/** A page of the account's tasks, newest first. */
export interface TaskPage {
	tasks: Task[];
	/** How many tasks the account has, when HiAPI said so. */
	total?: number;
	/** How many entries the page held, readable or not. */
	entries: number;
}

/**
 * Creates a task, which costs money: `POST /v1/tasks` (docs.hiapi.ai/async-api/create). A reply without a task id counts as no answer,
 * whatever its status: the official SDK takes it for success and then polls nothing. A 409 that names a task means the
 * task of this very key, made by a try whose answer was lost.
 *
 * @param wayOn what the failure advises where nobody knows whether the task was created
 */
export async function createTask(
	client: HiApiClient,
	body: string,
	idempotencyKey: string,
	budget: RequestBudget,
	wayOn?: WayOn,
): Promise<ApiResult<{ taskId: string; replayed: boolean }>> {
	const isExpected = (data: unknown) => taskIdOf(data) !== undefined;
	const reply = await client.send(
		{ method: 'POST', path: '/tasks', body, idempotencyKey, isExpected },
		budget,
	);
	if (reply.ok)
		return {
			ok: true,
			value: { taskId: taskIdOf(reply.data) as string, replayed: reply.replayed },
		};
	const { failure } = reply;
	if (isOwnTask(failure))
		return { ok: true, value: { taskId: failure.taskId as string, replayed: true } };
	return { ok: false, failure: describeRequestFailure(failure, 'create', undefined, wayOn) };
}

/** Reads one task: `GET /v1/tasks/{taskId}` (docs.hiapi.ai/async-api/detail). */
export async function getTask(
	client: HiApiClient,
	taskId: string,
	budget: RequestBudget,
): Promise<ApiResult<Task>> {
	const isExpected = (data: unknown) => parseTask(data) !== undefined;
	const reply = await client.send(
		{ method: 'GET', path: `/tasks/${pathSegment(taskId)}`, isExpected },
		budget,
	);
	if (!reply.ok)
		return { ok: false, failure: describeRequestFailure(reply.failure, 'read', taskId) };
	return { ok: true, value: parseTask(reply.data) as Task };
}

/**
 * Reads one page of tasks: `GET /v1/tasks` (docs.hiapi.ai/async-api/list). `page` counts from 1, `size` is 1 to 100;
 * both are always sent, because HiAPI replaces what it does not like by its defaults without a word.
 */
export async function listTasks(
	client: HiApiClient,
	page: number,
	size: number,
	budget: RequestBudget,
): Promise<ApiResult<TaskPage>> {
	const isExpected = (data: unknown) => taskListOf(data) !== undefined;
	const reply = await client.send(
		{ method: 'GET', path: '/tasks', query: { page, size }, isExpected },
		budget,
	);
	if (!reply.ok) return { ok: false, failure: describeRequestFailure(reply.failure, 'list') };
	const list = taskListOf(reply.data) as unknown[];
	const total =
		isRecord(reply.data) && typeof reply.data.total === 'number' ? reply.data.total : undefined;
	return {
		ok: true,
		value: {
			tasks: list.map(parseTask).filter((task) => task !== undefined),
			total,
			entries: list.length,
		},
	};
}

/** A task id as part of a path. Halves of characters, which cannot be encoded, become the replacement character. */
function pathSegment(taskId: string): string {
	return encodeURIComponent(Buffer.from(taskId, 'utf8').toString('utf8'));
}

function taskIdOf(data: unknown): string | undefined {
	return isRecord(data) ? idText(data.taskId) : undefined;
}

/** `tasks` is HiAPI's name of the list; the others are those its SDKs also accept (hiapi-python `models.py`). */
function taskListOf(data: unknown): unknown[] | undefined {
	const page = isRecord(data) ? data : {};
	return [page.tasks, data, page.items, page.list, page.data, page.records].find((candidate) =>
		Array.isArray(candidate),
	) as unknown[] | undefined;
}
