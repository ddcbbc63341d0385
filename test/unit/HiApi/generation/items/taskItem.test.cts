import {
	waitResultToJson,
	type WaitResultSettings,
} from '../../../../../nodes/HiApi/generation/items/taskItem';
import { describeRequestFailure } from '../../../../../nodes/shared/errors/apiError';
import { parseTask, type Task } from '../../../../../nodes/shared/api/task';

const settings = (more: Partial<WaitResultSettings> = {}): WaitResultSettings => ({
	timeoutMs: 1_800_000,
	outputUnfinished: false,
	simplify: true,
	...more,
});
const task = (more: Record<string, unknown> = {}): Task =>
	parseTask({
		taskId: 'tk-1',
		model: 'm',
		status: 'success',
		created: 1,
		completed: 2,
		output: [{ url: 'https://x/a.png', type: 'image' }],
		...more,
	}) as Task;

test('a success is shown short or whole', () => {
	const finished = { kind: 'finished', task: task(), waitedMs: 1 } as const;
	expect(waitResultToJson(finished, 'tk-1', settings())).toMatchObject({
		ok: true,
		value: { taskId: 'tk-1', url: 'https://x/a.png' },
	});
	expect(waitResultToJson(finished, 'tk-1', settings({ simplify: false }))).toMatchObject({
		ok: true,
		value: { output: [{ url: 'https://x/a.png' }], completed: 2 },
	});
});

test("a failed task is a failure with HiAPI's reason, code and the task id", () => {
	const failed = {
		kind: 'finished',
		task: task({ status: 'fail', error: { code: 'TASK_FAILED', message: 'rejected' } }),
		waitedMs: 1,
	} as const;
	expect(waitResultToJson(failed, 'tk-1', settings())).toMatchObject({
		ok: false,
		failure: {
			message: 'HiAPI could not complete the task: rejected',
			details: { taskId: 'tk-1', code: 'TASK_FAILED' },
		},
	});
});

describe.each([
	['time ran out', { kind: 'timedOut', task: task({ status: 'handling' }) }],
	['time ran out before any answer', { kind: 'timedOut' }],
	['waiting was stopped', { kind: 'stopped' }],
	[
		'the task could not be read',
		{
			kind: 'failed',
			failure: describeRequestFailure({ kind: 'answer', status: 401 }, 'read', 'tk-1'),
		},
	],
] as const)('%s', (_, result) => {
	test('the failure names the task as one that goes on', () => {
		const outcome = waitResultToJson(result, 'tk-1', settings());
		if (outcome.ok) throw new Error('unexpected success');
		const { message, description, details } = outcome.failure;
		expect(details).toMatchObject({ taskId: 'tk-1', runningTaskIds: ['tk-1'] });
		expect(`${message} ${description}`).toContain('tk-1');
		expect(message).not.toMatch(/\b(error|problem|failure|mistake)\b/i);
	});
});

test('stop and time-out say that the task is billed and how to go on', () => {
	// n8n offers Retry for executions that failed, not for those that were stopped.
	for (const [kind, words] of [
		['timedOut', /bill.*Retry on this execution.*Wait for Completion/s],
		['stopped', /billed\. Use the operation 'Wait for Completion'/],
	] as const) {
		const outcome = waitResultToJson({ kind }, 'tk-1', settings());
		expect(outcome).toMatchObject({
			ok: false,
			failure: {
				description: expect.stringMatching(words) as string,
				details: { retryable: true },
			},
		});
	}
});

test.each([
	[30_000, '0.5 minutes'],
	[60_000, '1 minute'],
	[1_800_000, '30 minutes'],
	[600, '0.01 minutes'],
])('after %i ms it says %s', (timeoutMs, text) => {
	const outcome = waitResultToJson({ kind: 'timedOut' }, 'tk-1', settings({ timeoutMs }));
	expect(outcome).toMatchObject({
		ok: false,
		failure: { message: `Task tk-1 was not finished after ${text}` },
	});
});

describe('the unfinished task as output', () => {
	test('as last seen', () => {
		const outcome = waitResultToJson(
			{ kind: 'timedOut', task: task({ status: 'handling', completed: 0, output: undefined }) },
			'tk-1',
			settings({ outputUnfinished: true }),
		);
		expect(outcome).toMatchObject({
			ok: true,
			value: { taskId: 'tk-1', status: 'handling', url: null, completedAt: null, timedOut: true },
		});
	});

	test('never seen', () => {
		const outcome = waitResultToJson(
			{ kind: 'timedOut' },
			'tk-1',
			settings({ outputUnfinished: true, model: 'm' }),
		);
		expect(outcome).toEqual({
			ok: true,
			value: { taskId: 'tk-1', model: 'm', status: 'unknown', timedOut: true },
		});
	});

	test('a stop is a failure all the same', () => {
		expect(
			waitResultToJson({ kind: 'stopped' }, 'tk-1', settings({ outputUnfinished: true })).ok,
		).toBe(false);
	});
});
