import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { toErrorItem, toFailure, toNodeError } from '../../../../nodes/shared/errors/nodeError';
import { describeRequestFailure, HiApiError } from '../../../../nodes/shared/errors/apiError';
import { NODE } from '../../HiApi/generation/create/fakeExecution.cts';

const refused = describeRequestFailure(
	{
		kind: 'answer',
		status: 429,
		code: 'rate_limit_exceeded',
		requestId: 'r-1',
		apiMessage: 'slow down',
	},
	'read',
	'tk-1',
);
const found = new HiApiError("'Model' is empty", 'Select one.', {
	taskId: 'tk-2',
	runningTaskIds: ['tk-2'],
});

describe("n8n's error", () => {
	test('is NodeApiError for what HiAPI or the network said', () => {
		const error = toNodeError(NODE, refused, 3);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error).toMatchObject({
			message: "HiAPI's rate limit was reached: slow down",
			description: refused.description,
			httpCode: '429',
		});
		expect(error.context).toMatchObject({
			itemIndex: 3,
			taskId: 'tk-1',
			code: 'rate_limit_exceeded',
			httpStatus: 429,
			requestId: 'r-1',
		});
	});

	test('is NodeOperationError for what was found here', () => {
		const error = toNodeError(NODE, found, 0);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({ message: "'Model' is empty", description: 'Select one.' });
		expect(error.context).toMatchObject({ itemIndex: 0, taskId: 'tk-2', runningTaskIds: ['tk-2'] });
	});

	// n8n replaces messages that contain one of these (n8n-workflow, node.error.ts) by sentences of its own.
	test.each([
		'ECONNREFUSED',
		'ECONNRESET',
		'ENOTFOUND',
		'ETIMEDOUT',
		'ERRADDRINUSE',
		'EADDRNOTAVAIL',
		'ECONNABORTED',
		'EHOSTUNREACH',
		'EAI_AGAIN',
		'ENOENT',
		'EISDIR',
		'ENOTDIR',
		'EACCES',
		'EEXIST',
		'EPERM',
		'GETADDRINFO',
	])('says the same as the error item when the message contains %s', (code) => {
		for (const failure of [
			new HiApiError(`n8n could not keep the file: ${code}: /x`, 'Check the disk space.'),
			describeRequestFailure(
				{
					kind: 'answer',
					status: 400,
					code: 'INVALID_REQUEST',
					apiMessage: `image_urls: could not be fetched: ${code.toLowerCase()} x.test`,
				},
				'create',
			),
			describeRequestFailure({ kind: 'network', networkCode: code }, 'create'),
		]) {
			const error = toNodeError(NODE, failure, 0);
			const { json } = toErrorItem(failure, 0);
			expect(error.message).toBe(json.error);
			expect(error.description).toBe((json.details as { description: string }).description);
		}
	});

	test('is kept when it is one already: wrapping would lose the item it names', () => {
		const error = new NodeOperationError(NODE, 'expression went wrong', { itemIndex: 7 });
		expect(toNodeError(NODE, error, 0)).toBe(error);
		expect(error.context).toMatchObject({ itemIndex: 7, retryable: false });
	});

	test.each([new Error('odd'), new TypeError('odd'), 'odd'])('is made of %p too', (thrown) => {
		const error = toNodeError(NODE, thrown, 1);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toBe('odd');
		expect(error.context.itemIndex).toBe(1);
	});
});

describe('the failure inside', () => {
	test('of a failure is that failure', () => {
		expect(toFailure(found)).toBe(found);
	});

	test('of an error of n8n keeps its words', () => {
		const error = new NodeOperationError(NODE, 'expression went wrong', {
			description: 'look at it',
		});
		expect(toFailure(error)).toMatchObject({
			message: 'expression went wrong',
			description: 'look at it',
		});
	});

	test.each([undefined, null])('of %p is one too', (thrown) => {
		expect(toFailure(thrown)).toBeInstanceOf(HiApiError);
	});
});

test('an error item has no key that would send it down the success branch', () => {
	for (const failure of [refused, found]) {
		const { json, pairedItem } = toErrorItem(failure, 4);
		expect(
			Object.keys(json).filter((key) => !['error', 'message', 'details'].includes(key)),
		).toEqual([]);
		expect(json.error).toBe(failure.message);
		expect(json.details).toEqual({ ...failure.details, description: failure.description });
		expect(pairedItem).toEqual({ item: 4 });
		expect(JSON.parse(JSON.stringify(json))).toEqual(json);
	}
});
