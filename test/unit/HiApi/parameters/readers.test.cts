import type { IDataObject } from 'n8n-workflow';

import {
	checkMaximumTasks,
	readConcurrency,
	readMaximumCost,
	readMostRetries,
} from '../../../../nodes/HiApi/parameters/createOptions';
import { requiredText } from '../../../../nodes/HiApi/parameters/readers';
import { readTaskId } from '../../../../nodes/HiApi/parameters/taskId';
import { readWaitSettings } from '../../../../nodes/HiApi/parameters/waitOptions';
import { HiApiError } from '../../../../nodes/shared/errors/apiError';
import { readNumber } from '../../../../nodes/shared/readNumber';
import { fakeExecution } from '../generation/create/fakeExecution.cts';

const withOptions = (options: IDataObject, count = 1) =>
	fakeExecution({ items: Array.from({ length: count }, () => ({ options })) });

describe('a required text', () => {
	const read = (value: unknown) =>
		requiredText(
			fakeExecution({ items: [{ model: value as string }] }),
			'model',
			'Model',
			0,
			'Select one.',
		);

	test.each([
		[' m ', 'm'],
		[7, '7'],
		[0, '0'],
	])('%j is %j', (value, text) => {
		expect(read(value)).toBe(text);
	});

	test.each(['', ' ', null, undefined, true, {}, []])(
		'%j is empty, and the person is told which and what to do',
		(value) => {
			expect(() => read(value)).toThrow(HiApiError);
			expect(() => read(value)).toThrow("'Model' is empty");
		},
	);
});

describe('a number under Options', () => {
	const read = (value: unknown, range = {}) =>
		readNumber(
			{ displayName: 'Timeout', name: 'timeout', type: 'number', default: 30 },
			value === undefined ? {} : { timeout: value as number },
			range,
		);

	test.each([
		[undefined, 30],
		[null, 30],
		[7, 7],
		['7', 7],
		[' 0.5 ', 0.5],
	])('%j is %d', (value, number) => {
		expect(read(value)).toBe(number);
	});

	test.each(['', ' ', 'soon', '7 min', Number.NaN, Number.POSITIVE_INFINITY, true, {}, []])(
		'%j is none',
		(value) => {
			expect(() => read(value)).toThrow("'Timeout' is not a number");
		},
	);

	test.each([
		[{ least: 1 }, 0, "'Timeout' is not a number at least 1"],
		[{ above: 0 }, 0, "'Timeout' is not a number greater than 0"],
		[{ least: 0, most: 3 }, 4, "'Timeout' is not a number at least 0 and at most 3"],
	])('%j refuses %d and says why', (range, value, message) => {
		expect(() => read(value, range)).toThrow(message);
	});
});

test('waiting: seconds and minutes become milliseconds, defaults are 30 minutes and no least interval', () => {
	expect(readWaitSettings(fakeExecution(), 0)).toEqual({
		leastIntervalMs: 0,
		timeoutMs: 1_800_000,
		outputUnfinished: false,
		simplify: true,
	});
	const context = fakeExecution({
		items: [{ simplify: false, options: { pollInterval: 3, timeout: 0.5, onTimeout: 'output' } }],
	});
	expect(readWaitSettings(context, 0)).toEqual({
		leastIntervalMs: 3000,
		timeoutMs: 30_000,
		outputUnfinished: true,
		simplify: false,
	});
});

test.each([
	{ timeout: 0 },
	{ timeout: -1 },
	{ pollInterval: -1 },
	{ timeout: 'long' },
	{ pollInterval: 'often' },
])('waiting with %j is refused', (options) => {
	expect(() => readWaitSettings(withOptions(options), 0)).toThrow(HiApiError);
});

test.each([
	[{}, 0],
	[{ retryFailedTasks: 3 }, 3],
	[{ retryFailedTasks: 1.9 }, 1],
])('retries of %j are %i', (options, retries) => {
	expect(readMostRetries(withOptions(options), 0)).toBe(retries);
});

test.each([-1, 4, 1000, 'all'])(
	'retries of %p are refused: each one costs money',
	(retryFailedTasks) => {
		expect(() => readMostRetries(withOptions({ retryFailedTasks }), 0)).toThrow(
			"'Retry Failed Tasks'",
		);
	},
);

test.each([
	[{}, 5],
	[{ concurrency: 50 }, 50],
	[{ concurrency: 2.7 }, 2],
])('concurrency of %j is %i', (options, concurrency) => {
	expect(readConcurrency(withOptions(options))).toBe(concurrency);
});

test.each([0, -1, 0.5, Number.NaN])(
	'a concurrency of %p, which would wait for ever, is refused',
	(concurrency) => {
		expect(() => readConcurrency(withOptions({ concurrency }))).toThrow("'Concurrency'");
	},
);

describe('Maximum Tasks', () => {
	const check =
		(count: number, options: IDataObject = {}) =>
		() =>
			checkMaximumTasks(withOptions(options, count));

	test('is 100 unless set otherwise', () => {
		expect(check(100)).not.toThrow();
		expect(check(101)).toThrow("101 items came in, and 'Maximum Tasks' allows 100");
		expect(check(101, { maximumTasks: 101 })).not.toThrow();
		expect(check(2, { maximumTasks: 1 })).toThrow("'Maximum Tasks' allows 1");
	});

	test('0 means no limit, anything that is no number stops the node', () => {
		expect(check(5000, { maximumTasks: 0 })).not.toThrow();
		for (const maximumTasks of [-1, 'many', ''])
			expect(check(1, { maximumTasks })).toThrow(HiApiError);
	});

	test('no items, nothing to check', () => {
		expect(check(0, { maximumTasks: -1 })).not.toThrow();
	});
});

describe('Maximum Cost (USD)', () => {
	test.each([
		[5, 5],
		['2.5', 2.5],
		[0.0001, 0.0001],
	])('%j allows $%d', (maximumCost, usd) => {
		expect(readMaximumCost(withOptions({ maximumCost }))).toBe(usd);
	});

	test('is no limit unless it is there', () => {
		expect(readMaximumCost(withOptions({}))).toBeUndefined();
		expect(readMaximumCost(withOptions({}, 0))).toBeUndefined();
	});

	test.each([0, -1, '', ' ', 'much', null, undefined, Number.NaN, Infinity, true, {}, []])(
		'%j is no limit, and does not lift one',
		(maximumCost) => {
			const context = withOptions({ maximumCost: maximumCost as never });
			expect(() => readMaximumCost(context)).toThrow(/'Maximum Cost \(USD\)' is not a number/);
		},
	);
});

test('a task id is trimmed text', () => {
	expect(readTaskId(fakeExecution({ items: [{ taskId: ' tk-1\n' }] }), 0)).toBe('tk-1');
	expect(() => readTaskId(fakeExecution({ items: [{ taskId: '' }] }), 0)).toThrow(
		"'Task' is empty",
	);
});
