import type { IDataObject } from 'n8n-workflow';

import { idText, isRecord, trimmedOrUndefined } from '../values';

/** Where a task stands for us; HiAPI's own status is an open list of words (hiapi-python `models.py`). */
export type TaskState = 'running' | 'success' | 'fail';

/** One produced file. `expiresAt` is ISO 8601 in UTC, null when HiAPI did not say. */
export interface TaskOutput {
	url: string;
	type: string;
	expiresAt: string | null;
}

/** Why a task ended without a result, in HiAPI's words. */
export interface TaskFailure {
	code: string;
	message: string;
}

/** A HiAPI task as read from any reply or callback. Times are Unix seconds. */
export interface Task {
	taskId: string;
	model: string;
	status: string;
	state: TaskState;
	created: number | null;
	/** null while the task is not finished (HiAPI sends 0). */
	completed: number | null;
	route?: string;
	storage?: string;
	outputs: TaskOutput[];
	failure?: TaskFailure;
	/** The task object exactly as HiAPI sent it. */
	source: IDataObject;
}

const SUCCESS_STATUSES = new Set(['success', 'succeeded', 'completed']);
const FAIL_STATUSES = new Set(['fail', 'failed', 'error', 'cancelled', 'canceled', 'timeout']);
const SECONDARY_OUTPUT_TYPES = new Set(['first_frame', 'last_frame', 'thumbnail']);
// Numbers this large are milliseconds: as seconds they would lie beyond the year 33000.
const SMALLEST_MILLISECONDS = 1e12;

/**
 * The state behind a status word. Unknown words count as running, because HiAPI may add statuses before the end
 * (docs.hiapi.ai/async-api/detail; hiapi-python keeps the field an open string for that reason).
 */
export function taskState(status: string): TaskState {
	const word = status.toLowerCase();
	if (SUCCESS_STATUSES.has(word)) return 'success';
	return FAIL_STATUSES.has(word) ? 'fail' : 'running';
}

/** Milliseconds since 1970 of an ISO text; without a zone it is UTC, as all of HiAPI's times are. NaN for other texts. */
function parseIsoTime(text: string): number {
	// Date.parse alone would make a date out of almost anything with a digit in it.
	if (!/^\d{4}-\d\d-\d\d/.test(text)) return Number.NaN;
	const hasZone = /^\d{4}-\d\d-\d\d$|(Z|[+-]\d\d:?\d\d)$/i.test(text);
	return Date.parse(hasZone ? text : `${text}Z`);
}

/**
 * A point in time as ISO 8601 (UTC) from whatever HiAPI sent: Unix seconds, milliseconds (numbers from 1e12), digits
 * in a string, or an ISO string. null for 0, missing and unreadable values.
 */
export function toIsoTime(value: unknown): string | null {
	let time: number;
	const text = typeof value === 'string' ? value.trim() : '';
	if (typeof value === 'string' && !/^\d+(\.\d+)?$/.test(text)) {
		time = parseIsoTime(text);
	} else {
		const number = typeof value === 'string' ? Number(text) : value;
		if (typeof number !== 'number' || number <= 0) return null;
		time = number >= SMALLEST_MILLISECONDS ? number : number * 1000;
	}
	const date = new Date(time);
	return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function toUnixSeconds(value: unknown): number | null {
	const iso = toIsoTime(value);
	return iso === null ? null : Math.floor(Date.parse(iso) / 1000);
}

function parseOutput(value: unknown): TaskOutput | undefined {
	const url = trimmedOrUndefined(isRecord(value) ? value.url : value);
	if (url === undefined || !/^https?:\/\//i.test(url)) return undefined;
	const item = isRecord(value) ? value : {};
	return {
		url,
		type: trimmedOrUndefined(item.type) ?? 'file',
		expiresAt: toIsoTime(item.expireAt),
	};
}

function parseFailure(value: unknown): TaskFailure {
	const failure = isRecord(value) ? value : {};
	return {
		code:
			typeof failure.code === 'number'
				? String(failure.code)
				: (trimmedOrUndefined(failure.code) ?? 'UNKNOWN'),
		message:
			trimmedOrUndefined(failure.message) ?? trimmedOrUndefined(value) ?? 'HiAPI gave no reason',
	};
}

/**
 * Reads a task object (shape: docs.hiapi.ai/async-api/detail). Only `taskId` is indispensable: callbacks may leave
 * fields out, and malformed outputs are skipped rather than losing the good ones.
 *
 * @returns undefined when the value is not an object with a `taskId`, which may also be a number
 */
export function parseTask(value: unknown): Task | undefined {
	if (!isRecord(value)) return undefined;
	const taskId = idText(value.taskId);
	if (taskId === undefined) return undefined;
	const status = trimmedOrUndefined(value.status) ?? 'unknown';
	const state = taskState(status);
	const route = trimmedOrUndefined(value.route);
	const storage = trimmedOrUndefined(value.storage);
	const outputs = Array.isArray(value.output) ? value.output : [];
	return {
		taskId,
		model: trimmedOrUndefined(value.model) ?? '',
		status,
		state,
		created: toUnixSeconds(value.created),
		completed: toUnixSeconds(value.completed),
		...(route !== undefined && { route }),
		...(storage !== undefined && { storage }),
		outputs: outputs.map(parseOutput).filter((output) => output !== undefined),
		...(state === 'fail' && { failure: parseFailure(value.error) }),
		source: value as IDataObject,
	};
}

/** Whether an output comes along with the result: a frame or a thumbnail. */
export function isSecondaryOutput(type: string): boolean {
	return SECONDARY_OUTPUT_TYPES.has(type);
}

/** The output people mean by "the result": the first that is not a frame or a thumbnail, else the first of all. */
export function mainOutput(task: Task): TaskOutput | undefined {
	return task.outputs.find((output) => !isSecondaryOutput(output.type)) ?? task.outputs[0];
}

/** The short form for workflows and AI agents: at most ten fields, dates ISO 8601 in UTC. */
export function simplifyTask(task: Task): IDataObject {
	return {
		taskId: task.taskId,
		model: task.model,
		...(task.route !== undefined && { route: task.route }),
		status: task.status,
		url: mainOutput(task)?.url ?? null,
		outputs: task.outputs.map((output) => ({ ...output })),
		createdAt: toIsoTime(task.created),
		completedAt: toIsoTime(task.completed),
		...(task.failure && { failure: { ...task.failure } }),
	};
}

/**
 * HiAPI's own task object with `error` renamed `failure`: n8n takes a top-level `error` for a failed node and, with
 * Retry On Fail, would run the node, and create a task, again.
 */
export function fullTask(task: Task): IDataObject {
	const { error, ...rest }: IDataObject = { ...task.source, taskId: task.taskId };
	return error === undefined || error === null ? rest : { ...rest, failure: error };
}
