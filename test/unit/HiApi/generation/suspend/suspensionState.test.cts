import * as fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { parseTask, type Task } from '../../../../../nodes/shared/api/task';
import {
	hasNonce,
	itemsOnTimeout,
	itemsWhileWaiting,
	pendingTasks,
	progressOf,
	readSuspension,
	settle,
	writeSuspension,
	type PendingTask,
	type Suspension,
} from '../../../../../nodes/HiApi/generation/suspend/suspensionState';

const task = (taskId: string, status: string, model = 'm'): Task =>
	parseTask({ taskId, status, model })!;
const known = (...tasks: Task[]) => new Map(tasks.map((one) => [one.taskId, one]));
const pending = (taskId: string, more: Partial<PendingTask> = {}): PendingTask => ({
	taskId,
	model: 'm',
	createdMs: 1,
	simplify: true,
	...more,
});
const NONCE = 'n'.repeat(32);
type Content = { json: IDataObject } | { pending: PendingTask };
const suspension = (...contents: Content[]): Suspension => ({
	nonce: NONCE,
	runIndex: 0,
	places: contents.map((content, itemIndex) => ({ itemIndex, ...content })),
});
const show = ({ taskId, status }: Task) => ({ taskId, shown: status });

describe('keeping it', () => {
	test('what was written is read again', () => {
		const original = suspension(
			{ json: { a: [1, { b: null }] } },
			{ pending: pending('t1', { replayed: true, asksPersistent: true }) },
		);
		expect(readSuspension(writeSuspension(original))).toEqual(original);
	});

	test.each([
		undefined,
		null,
		7,
		{},
		'',
		'{',
		'null',
		'[]',
		'{"nonce":"x"}',
		'{"nonce":"","places":[]}',
		'{"nonce":"x","places":[{}]}',
		'{"nonce":"x","places":[{"itemIndex":0,"pending":{}}]}',
		'{"nonce":"x","places":[{"json":{}}]}',
		'{"nonce":"x","places":[null]}',
	])('%p is none', (text) => expect(readSuspension(text)).toBeUndefined());

	test('never throws, whatever the text', () => {
		fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readSuspension(text)));
	});
});

describe('the nonce', () => {
	test.each([
		[NONCE, true],
		[`${NONCE}n`, false],
		[NONCE.slice(1), false],
		['m'.repeat(32), false],
		['', false],
		[undefined, false],
		[[NONCE], false],
		[{ toString: () => NONCE }, false],
	])('%p fits: %p', (claimed, fits) => expect(hasNonce(suspension(), claimed)).toBe(fits));
});

describe('settling', () => {
	const mixed = suspension(
		{ pending: pending('b') },
		{ json: { done: 1 } },
		{ pending: pending('a') },
		{ pending: pending('b') },
	);

	test('a task two items share is asked for once', () => {
		expect(
			pendingTasks(mixed)
				.map(({ taskId }) => taskId)
				.sort(),
		).toEqual(['a', 'b']);
	});

	test('all items in order once every task has ended, failed ones too', () => {
		expect(settle(mixed, known(task('a', 'success'), task('b', 'fail')), show)).toEqual([
			{ taskId: 'b', shown: 'fail' },
			{ done: 1 },
			{ taskId: 'a', shown: 'success' },
			{ taskId: 'b', shown: 'fail' },
		]);
	});

	test.each([
		[known(task('a', 'success'))],
		[known(task('a', 'success'), task('b', 'handling'))],
		[known(task('a', 'success'), task('b', 'a word of tomorrow'))],
		[known()],
	])('nothing while a task may be running: %#', (tasks) =>
		expect(settle(mixed, tasks, show)).toBeUndefined(),
	);

	test('any set of tasks gives either nothing or one item per place, in order', () => {
		const statuses = fc.constantFrom('queued', 'handling', 'success', 'fail', undefined);
		fc.assert(
			fc.property(fc.array(statuses, { minLength: 1, maxLength: 30 }), (all) => {
				const places = all.map((_, index) => ({ pending: pending(`t${index}`) }));
				const tasks = known(
					...all.flatMap((status, index) =>
						status === undefined ? [] : [task(`t${index}`, status)],
					),
				);
				const items = settle(suspension(...places), tasks, show);
				const finished = all.every((status) => status === 'success' || status === 'fail');
				expect(items?.map(({ taskId }) => taskId)).toEqual(
					finished ? all.map((_, index) => `t${index}`) : undefined,
				);
				const { ended, running, unknown } = progressOf(suspension(...places), tasks);
				expect(ended.length + running.length + unknown.length).toBe(all.length);
				expect(unknown.length).toBe(all.filter((status) => status === undefined).length);
			}),
		);
	});
});

describe('what stands for items', () => {
	const parked = suspension(
		{ json: { taskId: 'x', url: 'u' } },
		{ json: { error: 'no', details: { taskId: 'f' } } },
		{ pending: pending('a', { replayed: true }) },
		{ pending: pending('b') },
	);
	const seen = known(task('a', 'handling', 'm@pro'));

	const late = { timedOut: true, timeoutHint: 'why' };
	test('when time runs out: what is done as it is, the rest marked', () => {
		expect(itemsOnTimeout(parked, seen, 'why')).toEqual([
			{ taskId: 'x', url: 'u' },
			{ error: 'no', details: { taskId: 'f' } },
			{ taskId: 'a', model: 'm@pro', status: 'handling', replayed: true, ...late },
			{ taskId: 'b', model: 'm', status: 'unknown', ...late },
		]);
	});

	test('while it waits: nothing says time-out, and nothing says error, which would run the node again', () => {
		const items = itemsWhileWaiting(parked, seen);
		const placeholder = {
			suspended: true,
			message: expect.stringMatching(/^This is not the result\./) as string,
		};
		expect(items).toEqual([
			{ taskId: 'x', url: 'u' },
			{ failure: 'no', details: { taskId: 'f' } },
			{ taskId: 'a', model: 'm@pro', status: 'handling', replayed: true, ...placeholder },
			{ taskId: 'b', model: 'm', status: 'unknown', ...placeholder },
		]);
	});
});
