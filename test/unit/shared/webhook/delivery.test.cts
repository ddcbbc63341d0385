import fc from 'fast-check';

import { parseTask, type Task } from '../../../../nodes/shared/api/task';
import {
	decideDelivery,
	decideTask,
	readDelivery,
} from '../../../../nodes/shared/webhook/callback';
import type { Subscription } from '../../../../nodes/shared/taskFilter';
import { FAILURE, SUCCESS } from './vectors.cts';

const all: Subscription = { events: ['task.success', 'task.fail'], models: [], routes: [] };
const decide = (body: string | Uint8Array, subscription = all) =>
	decideDelivery(typeof body === 'string' ? Buffer.from(body) : body, subscription);

describe('what starts a workflow', () => {
	test.each([
		[SUCCESS, 'task.success'],
		[FAILURE, 'task.fail'],
	] as const)('%s', (vector, event) => {
		expect(decide(vector.body)).toMatchObject({
			action: 'start',
			status: 200,
			event,
			task: { taskId: 'tk-hiapi-01HZTQ8BX2N3GM3YFK4Z9D7VQR', source: JSON.parse(vector.body) },
		});
	});

	test('non-ASCII text arrives intact', () => {
		expect(decide(FAILURE.body)).toMatchObject({
			task: { failure: { message: '画面被拒绝 – blocked' } },
		});
	});

	test.each([
		['wrapped in data', `{"data":${SUCCESS.body}}`],
		['wrapped as in a reply', `{"code":200,"message":"success","data":${SUCCESS.body}}`],
		['with a byte order mark', `\uFEFF${SUCCESS.body}`],
		['with white space around it', `\r\n ${SUCCESS.body}\n`],
		['beside data that is no task', `{"data":{"note":1},${SUCCESS.body.slice(1)}`],
		[
			'with nothing but id and status',
			'{"taskId":"tk-hiapi-01HZTQ8BX2N3GM3YFK4Z9D7VQR","status":"success"}',
		],
	])('a task %s', (_name, body) => {
		expect(decide(body)).toMatchObject({
			action: 'start',
			task: { taskId: 'tk-hiapi-01HZTQ8BX2N3GM3YFK4Z9D7VQR' },
		});
	});
});

describe('what is answered with success and starts nothing', () => {
	test.each([
		['queued', '{"taskId":"t","status":"queued"}', all, 'unfinished'],
		['no status', '{"taskId":"t"}', all, 'unfinished'],
		['an unwanted event', FAILURE.body, { ...all, events: ['task.success'] }, 'event'],
		['an unwanted model', SUCCESS.body, { ...all, models: ['seedance-*'] }, 'model'],
		['an unwanted route', SUCCESS.body, { ...all, routes: ['pro'] }, 'route'],
	])('%s', (_name, body, subscription, reason) => {
		expect(decide(body, subscription)).toMatchObject({ action: 'ignore', status: 200, reason });
	});

	test('an unfinished task, however it was learnt of', () => {
		const task = parseTask({ taskId: 't', status: 'handling' }) as Task;
		expect(decideTask(task, all)).toEqual({
			action: 'ignore',
			status: 200,
			task,
			reason: 'unfinished',
		});
	});
});

describe('what is refused as malformed', () => {
	test.each([
		['nothing', '', 'notJson'],
		['half a body', SUCCESS.body.slice(0, 50), 'notJson'],
		['two bodies', SUCCESS.body + SUCCESS.body, 'notJson'],
		['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]), 'notJson'],
		['a form', 'taskId=t&status=success', 'notJson'],
		['a list', `[${SUCCESS.body}]`, 'notAnObject'],
		['null', 'null', 'notAnObject'],
		['a string', '"tk-1"', 'notAnObject'],
		['a number', '1', 'notAnObject'],
		['an empty object', '{}', 'noTaskId'],
		['data that is null', '{"data":null}', 'noTaskId'],
		['an empty id', '{"taskId":" ","status":"success"}', 'noTaskId'],
		['another spelling of the id', '{"task_id":"t","status":"success"}', 'noTaskId'],
		['an id without end', `{"taskId":"${'t'.repeat(256)}","status":"success"}`, 'noTaskId'],
	])('%s', (_name, body, reason) => {
		expect(decide(body)).toEqual({ action: 'refuse', status: 400, reason });
	});
});

test('an id of 255 characters is read', () => {
	expect(readDelivery(Buffer.from(`{"taskId":"${'t'.repeat(255)}"}`))).toMatchObject({ ok: true });
});

test('no bytes and no JSON make it throw', () => {
	const wild = fc.oneof(
		fc.uint8Array(),
		fc.json().map((json) => Buffer.from(json)),
		fc
			.anything()
			.map((value) =>
				Buffer.from(
					JSON.stringify({ taskId: 't', status: 'success', output: value, error: value }) ?? '',
				),
			),
		fc
			.record({
				taskId: fc.anything(),
				status: fc.anything(),
				model: fc.anything(),
				route: fc.anything(),
			})
			.map((task) => Buffer.from(JSON.stringify(task))),
	);
	fc.assert(
		fc.property(wild, (body) => {
			expect([200, 400]).toContain(
				decide(body, { ...all, models: ['*a*'], routes: ['pro'] }).status,
			);
		}),
		{ numRuns: 20_000 },
	);
});
