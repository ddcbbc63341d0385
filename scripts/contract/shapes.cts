import { isRecord, nonEmptyText, type UnknownRecord } from '../../nodes/shared/values';
import type { Answer } from './freeRequest.cts';

/** What is different from the documented form, one sentence each; empty when nothing is. */
export type Differences = string[];

const KNOWN_STATUSES = ['queued', 'handling', 'archiving', 'success', 'fail'];
// Unix seconds of the years 2001 to 2286: neither milliseconds nor a small counter.
const isSeconds = (value: unknown) =>
	Number.isInteger(value) && Number(value) >= 1e9 && Number(value) < 1e10;

/** What a value is, in few words and without its content. */
export function kindOf(value: unknown): string {
	if (value === undefined) return 'nothing';
	if (value === null) return 'null';
	return Array.isArray(value) ? `a list of ${value.length}` : typeof value;
}

/** `{code: 200, message, data}` under HTTP 200 (docs.hiapi.ai/async-api/create). */
export function successDifferences({ status, body }: Answer): Differences {
	if (status !== 200) return [`HTTP 200 was expected, HTTP ${status} came`];
	if (!isRecord(body)) return [`a JSON object was expected, ${kindOf(body)} came`];
	return [
		...(body.code === 200 ? [] : [`'code' is ${JSON.stringify(body.code)}, not 200`]),
		...(typeof body.message === 'string'
			? []
			: [`'message' is ${kindOf(body.message)}, not a text`]),
		...(body.data === undefined ? ["'data' is missing"] : []),
		...(body.error === undefined ? [] : ["there is an 'error' in a success"]),
	];
}

/**
 * One of the two documented refusals: `{code, message, data: null}` with `code` repeating the HTTP status, or the gateway's
 * `{error: {code, message?, type}}`.
 */
export function refusalDifferences({ status, body }: Answer, expected: number[]): Differences {
	if (isRecord(body) && isRecord(body.data) && nonEmptyText(body.data.taskId))
		return ['HiAPI MADE A TASK where it should have refused: do not run this check again'];
	if (!expected.includes(status))
		return [`HTTP ${expected.join(' or ')} was expected, HTTP ${status} came`];
	if (!isRecord(body)) return [`a JSON object was expected, ${kindOf(body)} came`];
	if (isRecord(body.error))
		return typeof body.error.code === 'string'
			? []
			: [`'error.code' is ${kindOf(body.error.code)}, not a text`];
	return [
		...(body.code === status ? [] : [`'code' is ${JSON.stringify(body.code)}, not ${status}`]),
		...(typeof body.message === 'string'
			? []
			: [`'message' is ${kindOf(body.message)}, not a text`]),
		...(body.data === null || body.data === undefined
			? []
			: [`'data' is ${kindOf(body.data)}, not null`]),
	];
}

function outputDifferences(output: unknown): Differences {
	if (!isRecord(output)) return [`an output is ${kindOf(output)}, not an object`];
	return [
		...(typeof output.url === 'string' && /^https?:\/\//.test(output.url)
			? []
			: ["an output's 'url' is no web address"]),
		...(typeof output.type === 'string'
			? []
			: [`an output's 'type' is ${kindOf(output.type)}, not a text`]),
		...([undefined, null, 0].includes(output.expireAt as null) || isSeconds(output.expireAt)
			? []
			: ["an output's 'expireAt' is not in Unix seconds"]),
	];
}

function endDifferences(task: UnknownRecord): Differences {
	if (task.status === 'success')
		return Array.isArray(task.output)
			? task.output.flatMap(outputDifferences)
			: [`'output' of a success is ${kindOf(task.output)}, not a list`];
	if (task.status !== 'fail')
		return task.completed === 0
			? []
			: [`'completed' of a running task is ${JSON.stringify(task.completed)}, not 0`];
	const { error } = task;
	return isRecord(error) && typeof error.code === 'string' && typeof error.message === 'string'
		? []
		: ["'error' of a failed task is not {code, message}"];
}

/** A task as docs.hiapi.ai/async-api/detail shows it. The differences name fields, never the content of a task. */
export function taskDifferences(task: unknown): Differences {
	if (!isRecord(task)) return [`a task is ${kindOf(task)}, not an object`];
	const ended = task.status === 'success' || task.status === 'fail';
	return [
		...(nonEmptyText(task.taskId) === undefined ? ["'taskId' is not a text"] : []),
		...(typeof task.model === 'string' ? [] : [`'model' is ${kindOf(task.model)}, not a text`]),
		...(KNOWN_STATUSES.includes(String(task.status))
			? []
			: [`'status' is ${JSON.stringify(task.status)}, a word this package does not know`]),
		...(isSeconds(task.created) ? [] : [`'created' is ${kindOf(task.created)}, not Unix seconds`]),
		...(ended && !isSeconds(task.completed)
			? [`'completed' is ${kindOf(task.completed)}, not Unix seconds`]
			: []),
		...(task.storage === undefined || ['temp', 'persistent'].includes(String(task.storage))
			? []
			: [`'storage' is ${JSON.stringify(task.storage)}`]),
		...endDifferences(task),
	];
}

/** A page of the list (docs.hiapi.ai/async-api/list): as large as asked for, newest first. */
export function pageDifferences(data: unknown, size: number): Differences {
	if (!isRecord(data)) return [`'data' is ${kindOf(data)}, not an object`];
	const { tasks } = data;
	if (!Array.isArray(tasks)) return [`'data.tasks' is ${kindOf(tasks)}, not a list`];
	const created = tasks.map((task) => (isRecord(task) ? Number(task.created) : NaN));
	return [
		...(data.page === 1 ? [] : [`'data.page' is ${JSON.stringify(data.page)}, not 1`]),
		...(data.size === size
			? []
			: [`'data.size' is ${JSON.stringify(data.size)}, not the ${size} asked for`]),
		...(Number.isInteger(data.total)
			? []
			: [`'data.total' is ${kindOf(data.total)}, not a number`]),
		...(tasks.length <= size ? [] : [`${tasks.length} tasks came, and ${size} were asked for`]),
		...(created.every((time, index) => index === 0 || time <= created[index - 1])
			? []
			: ['the tasks are not newest first']),
		...new Set(tasks.flatMap(taskDifferences)),
	];
}
