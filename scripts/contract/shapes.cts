import Ajv, { type ErrorObject, type Schema } from 'ajv';

import { isRecord, trimmedOrUndefined } from '../../nodes/shared/values';
import type { Answer } from './freeRequest.cts';

/** What is different from the documented form, one sentence each; empty when nothing is. */
export type Differences = string[];

/** What a value is, in few words and without its content. */
export function kindOf(value: unknown): string {
	if (value === undefined) return 'nothing';
	if (value === null) return 'null';
	return Array.isArray(value) ? `a list of ${value.length}` : typeof value;
}

// Unix seconds of the years 2001 to 2286: neither milliseconds nor a small counter.
const SECONDS = { type: 'integer', minimum: 1e9, exclusiveMaximum: 1e10 };
const TEXT = { type: 'string' };

const OUTPUT = {
	type: 'object',
	required: ['url', 'type'],
	properties: {
		url: { type: 'string', pattern: '^https?://' },
		type: TEXT,
		expireAt: {
			if: { type: 'integer', not: { const: 0 } },
			then: SECONDS,
			else: { enum: [null, 0] },
		},
	},
};

const when = (statuses: string[], then: object) => ({
	if: { type: 'object', required: ['status'], properties: { status: { enum: statuses } } },
	then,
});

/** A task as docs.hiapi.ai/async-api/detail shows it. */
const TASK = {
	type: 'object',
	required: ['taskId', 'model', 'status', 'created'],
	properties: {
		taskId: { type: 'string', pattern: '\\S' },
		model: TEXT,
		status: { enum: ['queued', 'handling', 'archiving', 'success', 'fail'] },
		created: SECONDS,
		storage: { enum: ['temp', 'persistent'] },
	},
	allOf: [
		when(['success'], {
			required: ['completed', 'output'],
			properties: { completed: SECONDS, output: { type: 'array', items: OUTPUT } },
		}),
		when(['fail'], {
			required: ['completed', 'error'],
			properties: {
				completed: SECONDS,
				error: {
					type: 'object',
					required: ['code', 'message'],
					properties: { code: TEXT, message: TEXT },
				},
			},
		}),
		when(['queued', 'handling', 'archiving'], {
			required: ['completed'],
			properties: { completed: { const: 0 } },
		}),
	],
};

/** A page of the list (docs.hiapi.ai/async-api/list), as large as asked for. */
const pageOf = (size: number) => ({
	type: 'object',
	required: ['page', 'size', 'total', 'tasks'],
	properties: {
		page: { const: 1 },
		size: { const: size },
		total: { type: 'integer' },
		tasks: { type: 'array', maxItems: size, items: TASK },
	},
});

/** `{code: 200, message, data}` under HTTP 200 (docs.hiapi.ai/async-api/create). */
const SUCCESS = {
	type: 'object',
	required: ['code', 'message', 'data'],
	properties: { code: { const: 200 }, message: TEXT, error: false },
};

/** `{code, message, data: null}` with `code` repeating the HTTP status, or the gateway's `{error: {code, message?, type}}`. */
const refusal = (status: number) => ({
	type: 'object',
	if: { required: ['error'], properties: { error: { type: 'object' } } },
	then: { properties: { error: { required: ['code'], properties: { code: TEXT } } } },
	else: {
		required: ['code', 'message'],
		properties: { code: { const: status }, message: TEXT, data: { type: 'null' } },
	},
});

const ajv = new Ajv({ allErrors: true, strictRequired: false, strictTypes: false });

/** `/tasks/3/created` becomes `tasks[].created`: the same fault of many tasks is said once. */
function sentenceOf({ instancePath, message, params }: ErrorObject): string {
	const place = instancePath.slice(1).replace(/\/\d+/g, '[]').replaceAll('/', '.');
	const allowed = (params.allowedValues ?? params.allowedValue) as unknown;
	const values = allowed === undefined ? '' : `: ${JSON.stringify(allowed)}`;
	return `${place || 'the answer'} ${message}${values}`;
}

/** Names fields and what they should be, never what they hold. */
function differencesFrom(schema: Schema, value: unknown): Differences {
	const validate = ajv.compile(schema);
	if (validate(value)) return [];
	const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
	return [...new Set(errors.map(sentenceOf))];
}

export function successDifferences({ status, body }: Answer): Differences {
	return status === 200
		? differencesFrom(SUCCESS, body)
		: [`HTTP 200 was expected, HTTP ${status} came`];
}

export function refusalDifferences({ status, body }: Answer, expected: number[]): Differences {
	if (isRecord(body) && isRecord(body.data) && trimmedOrUndefined(body.data.taskId))
		return ['HiAPI MADE A TASK where it should have refused: do not run this check again'];
	return expected.includes(status)
		? differencesFrom(refusal(status), body)
		: [`HTTP ${expected.join(' or ')} was expected, HTTP ${status} came`];
}

export const taskDifferences = (task: unknown): Differences => differencesFrom(TASK, task);

export function pageDifferences(data: unknown, size: number): Differences {
	const differences = differencesFrom(pageOf(size), data);
	if (differences.length > 0) return differences;
	const created = (data as { tasks: Array<{ created: number }> }).tasks.map((task) => task.created);
	const isSorted = created.every((time, index) => index === 0 || time <= created[index - 1]);
	return isSorted ? [] : ['the tasks are not newest first'];
}
