import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import fc from 'fast-check';

import {
	fullTask,
	mainOutput,
	parseTask,
	simplifyTask,
	taskState,
	toIsoTime,
	type Task,
} from '../../../../nodes/shared/api/task';

const parsed = (value: unknown): Task => {
	const task = parseTask(value);
	if (task === undefined) throw new Error('no task');
	return task;
};

const SUCCESS = {
	taskId: 'tk-hiapi-01HZTQ8BX2N3GM3YFK4Z9D7VQR',
	model: 'happyhorse-1-0',
	status: 'success',
	created: 1777282033,
	completed: 1777282099,
	storage: 'temp',
	output: [
		{
			url: 'https://cdn.hiapi.ai/tasks/x/first_frame.jpg',
			type: 'first_frame',
			expireAt: 1777886899,
		},
		{ url: 'https://cdn.hiapi.ai/tasks/x/video.mp4', type: 'video', expireAt: 1777886899 },
	],
};
const FAIL = {
	taskId: 'tk-2',
	model: 'seedance-2-0',
	status: 'fail',
	created: 1,
	completed: 2,
	error: { code: 'TASK_FAILED', message: 'upstream rejected the prompt' },
};

describe('times', () => {
	test.each([
		[1777282033, '2026-04-27T09:27:13.000Z'],
		[1777282033.5, '2026-04-27T09:27:13.500Z'],
		[1777282033000, '2026-04-27T09:27:13.000Z'],
		['1777282033', '2026-04-27T09:27:13.000Z'],
		[' 1777282033000 ', '2026-04-27T09:27:13.000Z'],
		['2026-04-27T09:27:13Z', '2026-04-27T09:27:13.000Z'],
		[' 2026-04-27T11:27:13.250+02:00 ', '2026-04-27T09:27:13.250Z'],
		['2026-04-27T11:27:13+0200', '2026-04-27T09:27:13.000Z'],
		['2026-04-27T09:27:13', '2026-04-27T09:27:13.000Z'],
		['2026-04-27 09:27:13', '2026-04-27T09:27:13.000Z'],
		['2026-04-27', '2026-04-27T00:00:00.000Z'],
		[1, '1970-01-01T00:00:01.000Z'],
	])('%j is %s', (value, iso) => {
		expect(toIsoTime(value)).toBe(iso);
	});

	test.each([
		0,
		'0',
		-1,
		'-5',
		Number.NaN,
		Number.POSITIVE_INFINITY,
		1e30,
		'',
		'  ',
		'soon',
		'next 5',
		'27.04.2026',
		'2026-13-99',
		'9'.repeat(40),
		null,
		undefined,
		true,
		{},
		[],
	])('%p is no time', (value) => {
		expect(toIsoTime(value)).toBeNull();
	});

	test('in whatever zone n8n runs', () => {
		const script =
			"const { toIsoTime } = require('./nodes/shared/api/task'); console.log(new Date(0).getTimezoneOffset(), toIsoTime('2026-04-27T09:27:13'))";
		const run = spawnSync(process.execPath, ['--require', 'tsx/cjs', '--eval', script], {
			cwd: join(__dirname, '../../../..'),
			env: { ...process.env, TZ: 'Pacific/Auckland' },
			encoding: 'utf8',
		});
		expect(run.stdout.trim()).toBe('-720 2026-04-27T09:27:13.000Z');
	});
});

describe('states', () => {
	test.each(['success', 'SUCCESS', 'succeeded', 'completed'])('%s is a success', (status) => {
		expect(taskState(status)).toBe('success');
	});

	test.each(['fail', 'Fail', 'failed', 'error', 'cancelled', 'canceled', 'timeout'])(
		'%s is a failure',
		(status) => {
			expect(taskState(status)).toBe('fail');
		},
	);

	test.each([
		'queued',
		'handling',
		'archiving',
		'pending',
		'unknown',
		'reviewing',
		'',
		'constructor',
		'not success',
	])('%s is still running', (status) => {
		expect(taskState(status)).toBe('running');
	});
});

describe('reading a task', () => {
	test('a success', () => {
		expect(parsed(SUCCESS)).toEqual({
			taskId: SUCCESS.taskId,
			model: 'happyhorse-1-0',
			status: 'success',
			state: 'success',
			created: 1777282033,
			completed: 1777282099,
			storage: 'temp',
			outputs: [
				{
					url: 'https://cdn.hiapi.ai/tasks/x/first_frame.jpg',
					type: 'first_frame',
					expiresAt: '2026-05-04T09:28:19.000Z',
				},
				{
					url: 'https://cdn.hiapi.ai/tasks/x/video.mp4',
					type: 'video',
					expiresAt: '2026-05-04T09:28:19.000Z',
				},
			],
			source: SUCCESS,
		});
	});

	test('a failure', () => {
		expect(parsed(FAIL)).toMatchObject({
			state: 'fail',
			failure: { code: 'TASK_FAILED', message: 'upstream rejected the prompt' },
			outputs: [],
		});
	});

	test.each([
		[
			{ code: 500, message: 'x' },
			{ code: '500', message: 'x' },
		],
		['out of luck', { code: 'UNKNOWN', message: 'out of luck' }],
		[undefined, { code: 'UNKNOWN', message: 'HiAPI gave no reason' }],
		[null, { code: 'UNKNOWN', message: 'HiAPI gave no reason' }],
		[
			{ code: ' ', message: 7 },
			{ code: 'UNKNOWN', message: 'HiAPI gave no reason' },
		],
	])('the reason %j', (error, failure) => {
		expect(parsed({ ...FAIL, error }).failure).toEqual(failure);
	});

	test('what is not finished has no completion, and a leftover error is no failure', () => {
		const task = parsed({
			taskId: 'tk-1',
			model: 'm',
			status: 'archiving',
			created: 1777282033,
			completed: 0,
			error: { code: 'X' },
		});
		expect(task).toMatchObject({ state: 'running', completed: null });
		expect(task.failure).toBeUndefined();
	});

	test('a callback that leaves nearly everything out', () => {
		expect(parsed({ taskId: ' tk-1 ' })).toMatchObject({
			taskId: 'tk-1',
			model: '',
			status: 'unknown',
			state: 'running',
			created: null,
			completed: null,
			outputs: [],
		});
	});

	test('the route, when there is one', () => {
		expect(parsed({ ...SUCCESS, route: 'pro' }).route).toBe('pro');
		expect(parsed({ ...SUCCESS, route: '' })).not.toHaveProperty('route');
	});

	test('takes an id that is a number as text, in every form', () => {
		const task = parseTask({ taskId: 90216, status: 'success' });
		expect(task?.taskId).toBe('90216');
		expect(task && fullTask(task)).toEqual({ taskId: '90216', status: 'success' });
	});

	test.each([
		null,
		undefined,
		'tk-1',
		7,
		[],
		{},
		{ taskId: '' },
		{ taskId: ' ' },
		{ taskId: Number.NaN },
		{ task_id: 'tk-1' },
		{ id: 'tk-1' },
	])('%j is no task', (value) => {
		expect(parseTask(value)).toBeUndefined();
	});
});

describe('outputs', () => {
	const outputsOf = (output: unknown) => parsed({ ...SUCCESS, output }).outputs;
	const url = 'https://cdn.hiapi.ai/a.png';

	test('malformed ones do not cost the good ones', () => {
		const good = { url, type: 'image', expireAt: 1777886899 };
		expect(
			outputsOf([
				null,
				7,
				{},
				{ url: '' },
				{ url: 7 },
				[],
				'text',
				{ url: 'javascript:alert(1)' },
				{ url: 'file:///etc/passwd' },
				good,
			]),
		).toEqual([{ url, type: 'image', expiresAt: '2026-05-04T09:28:19.000Z' }]);
	});

	test.each([null, undefined, {}, 'https://cdn.hiapi.ai/a.png', 7])(
		'%j instead of a list is an empty one',
		(output) => {
			expect(outputsOf(output)).toEqual([]);
		},
	);

	test('a bare URL is an output of unknown type', () => {
		expect(outputsOf([url])).toEqual([{ url, type: 'file', expiresAt: null }]);
	});

	test.each([0, null, undefined, 'never'])('an expiry of %p is unknown', (expireAt) => {
		expect(outputsOf([{ url, type: 'image', expireAt }])).toEqual([
			{ url, type: 'image', expiresAt: null },
		]);
	});

	test('the main one is not a frame or a thumbnail, unless there is nothing else', () => {
		expect(mainOutput(parsed(SUCCESS))?.type).toBe('video');
		const frame = { url, type: 'last_frame' };
		expect(
			mainOutput(parsed({ ...SUCCESS, output: [frame, { url, type: 'thumbnail' }] }))?.type,
		).toBe('last_frame');
		expect(
			mainOutput(parsed({ ...SUCCESS, output: [frame, { url, type: 'spectrogram' }] }))?.type,
		).toBe('spectrogram');
		expect(mainOutput(parsed({ ...SUCCESS, output: [] }))).toBeUndefined();
	});
});

describe('what the workflow gets', () => {
	test('short', () => {
		expect(simplifyTask(parsed({ ...SUCCESS, route: 'pro' }))).toEqual({
			taskId: SUCCESS.taskId,
			model: 'happyhorse-1-0',
			route: 'pro',
			status: 'success',
			url: 'https://cdn.hiapi.ai/tasks/x/video.mp4',
			outputs: parsed(SUCCESS).outputs,
			createdAt: '2026-04-27T09:27:13.000Z',
			completedAt: '2026-04-27T09:28:19.000Z',
		});
		expect(simplifyTask(parsed(FAIL))).toMatchObject({
			status: 'fail',
			url: null,
			outputs: [],
			failure: { code: 'TASK_FAILED' },
		});
		expect(simplifyTask(parsed({ taskId: 'tk-1' }))).toMatchObject({
			url: null,
			createdAt: null,
			completedAt: null,
		});
	});

	test("whole: HiAPI's object with `error` renamed", () => {
		expect(fullTask(parsed(SUCCESS))).toEqual(SUCCESS);
		const { error, ...rest } = FAIL;
		expect(fullTask(parsed(FAIL))).toEqual({ ...rest, failure: error });
		expect(fullTask(parsed({ ...SUCCESS, error: null }))).toEqual(SUCCESS);
	});

	test('of any reply: never more than ten short fields, never a field that n8n takes for a failed node, never a shared object', () => {
		const any = fc.oneof(fc.string(), fc.double(), fc.jsonValue(), fc.constant(null));
		const field = {
			model: any,
			status: fc.oneof(any, fc.constantFrom('success', 'fail', 'error')),
			created: any,
			completed: any,
			route: any,
			storage: any,
			output: any,
			error: any,
			failure: any,
		};
		fc.assert(
			fc.property(fc.record(field, { requiredKeys: [] }), (fields) => {
				const source = { taskId: 'tk-1', ...fields };
				const before = structuredClone(source);
				const task = parsed(source);
				const short = simplifyTask(task);
				expect(Object.keys(short).length).toBeLessThanOrEqual(10);
				expect(short).not.toHaveProperty('error');
				expect(fullTask(task)).not.toHaveProperty('error');
				for (const output of short.outputs as Array<Record<string, unknown>>)
					output.url = 'changed';
				expect(task.outputs.map(({ url }) => url)).not.toContain('changed');
				expect(source).toEqual(before);
			}),
		);
	});
});
