import fc from 'fast-check';

import { parseResponse, type ReadReply } from '../../../../nodes/shared/api/response';
import { type RequestFailure } from '../../../../nodes/shared/errors/requestFailure';

type Headers = Record<string, string | undefined>;

const read = (status: number, body: unknown, headers: Headers = {}): ReadReply =>
	parseResponse({ status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) });

function failureOf(reply: ReadReply): RequestFailure {
	if (reply.ok) throw new Error(`unexpectedly read ${JSON.stringify(reply.data)}`);
	return reply.failure;
}

const CREATED =
	'{"code":200,"message":"success","data":{"taskId":"tk-hiapi-01HZTQ8BX2N3GM3YFK4Z9D7VQR"}}';

describe('what HiAPI did', () => {
	test('gives the data of a success', () => {
		expect(read(200, CREATED)).toEqual({
			ok: true,
			data: { taskId: 'tk-hiapi-01HZTQ8BX2N3GM3YFK4Z9D7VQR' },
			replayed: false,
		});
	});

	test.each([201, 202, '200'])('takes the stated code %j for a success', (code) => {
		expect(read(200, { code, data: { taskId: 'tk-1' } })).toMatchObject({
			ok: true,
			data: { taskId: 'tk-1' },
		});
	});

	test.each([undefined, null])('does not need a stated code (%p)', (code) => {
		expect(read(200, { code, data: [] })).toMatchObject({ ok: true, data: [] });
	});

	test('ignores a byte order mark and empty error fields', () => {
		expect(read(200, `\uFEFF${CREATED}`)).toMatchObject({ ok: true });
		for (const error of [null, '', {}, [], 0])
			expect(read(200, { code: 200, error, data: {} })).toMatchObject({ ok: true });
	});

	test.each(['true', 'True', 'TRUE', 'true, true'])(
		'knows a replay by the header value %s',
		(value) => {
			expect(read(200, CREATED, { 'idempotent-replay': value })).toMatchObject({ replayed: true });
		},
	);

	test.each([undefined, '', 'false', '1'])('knows no replay by %p', (value) => {
		expect(read(200, CREATED, { 'idempotent-replay': value })).toMatchObject({ replayed: false });
	});

	test('E4: a generation that failed is data, not a failed request', () => {
		const data = {
			taskId: 'tk-1',
			status: 'fail',
			error: { code: 'TASK_FAILED', message: 'upstream rejected the prompt' },
		};
		expect(read(200, { code: 200, message: 'success', data })).toEqual({
			ok: true,
			data,
			replayed: false,
		});
	});
});

describe('E1: {code, message, data, error_code}', () => {
	test.each([
		[400, 'INVALID_REQUEST', "invalid callback.when: only 'final' is supported"],
		[401, undefined, 'nope'],
		[402, undefined, 'insufficient balance'],
		[400, 'MODEL_UNAVAILABLE', 'nope'],
		[409, 'IDEMPOTENCY_KEY_PROCESSING', 'a request with this Idempotency-Key is still in progress'],
		[
			422,
			'IDEMPOTENCY_KEY_MISMATCH',
			'Idempotency-Key was already used with a different request body',
		],
		[503, undefined, 'busy'],
	])('HTTP %i, %p', (status, code, message) => {
		expect(
			failureOf(read(status, { code: status, message, data: null, error_code: code })),
		).toEqual({
			kind: 'answer',
			status,
			code,
			apiMessage: message,
		});
	});

	test('keeps a text with many problems whole', () => {
		const message =
			"invalid input: aspect_ratio: value must be one of '16:9', '9:16', '3:4', '4:3', '4:5', '5:4', '1:1', '9:21', '21:9'; resolution: value must be one of '720p', '1080p'; duration: maximum: got 99, want 15";
		expect(
			failureOf(read(400, { code: 400, data: null, error_code: 'INVALID_REQUEST', message }))
				.apiMessage,
		).toBe(message);
	});

	test('takes text and code from the task when the reply has none', () => {
		const failure = failureOf(
			read(500, { code: 500, data: { error: { code: 'TASK_FAILED', message: 'no' } } }),
		);
		expect(failure).toMatchObject({ status: 500, code: 'TASK_FAILED', apiMessage: 'no' });
	});

	test.each([
		{ code: 409, data: { taskId: 'tk-1' } },
		{ code: 409, data: { task_id: 'tk-1' } },
		{ code: 409, taskId: 'tk-1' },
		{ error: { code: 'idempotency_key_processing', task_id: 'tk-1' } },
	])('finds the task id in %j', (body) => {
		expect(failureOf(read(409, body)).taskId).toBe('tk-1');
	});

	test.each([409, 422])('HTTP %i needs no data', (status) => {
		const failure = failureOf(read(status, { code: status, message: 'x' }));
		expect(failure).toMatchObject({ kind: 'answer', status });
		expect(failure.taskId).toBeUndefined();
	});

	test('a task id as a number is its digits, all of them', () => {
		const data = (text: string) => {
			const reply = read(200, text);
			return reply.ok ? reply.data : undefined;
		};
		expect(data('{"code":200,"data":{"taskId":90216}}')).toEqual({ taskId: '90216' });
		expect(data('{"code":200,"data":{"taskId" : 12345678901234567890 }}')).toEqual({
			taskId: '12345678901234567890',
		});
		expect(data('{"code":200,"data":{"prompt":"\\"taskId\\":7,","taskId":"tk-1"}}')).toEqual({
			prompt: '"taskId":7,',
			taskId: 'tk-1',
		});
	});

	test('keeps a task id that comes along: that task may be running', () => {
		expect(
			failureOf(read(500, { code: 500, message: 'enqueue', data: { taskId: 'tk-1' } })).taskId,
		).toBe('tk-1');
		expect(failureOf(read(200, { code: 0, data: { taskId: 'tk-2' } })).taskId).toBe('tk-2');
	});
});

describe('E2 and E3: {error: {code, message, request_id}}', () => {
	const DENIED = {
		error: {
			code: 'permission_denied',
			message: 'This API key cannot use the selected model.',
			request_id: '20260626…',
			type: 'hiapi_error',
		},
	};

	test.each([401, 403])('HTTP %i', (status) => {
		expect(failureOf(read(status, DENIED))).toEqual({
			kind: 'answer',
			status,
			code: 'permission_denied',
			apiMessage: 'This API key cannot use the selected model.',
			requestId: '20260626…',
		});
	});

	test('HTTP 429 without a text', () => {
		const body = {
			error: { type: 'hiapi_error', code: 'rate_limit_exceeded', request_id: 'req_1' },
		};
		expect(failureOf(read(429, body, { 'retry-after': '7' }))).toEqual({
			kind: 'answer',
			status: 429,
			code: 'rate_limit_exceeded',
			apiMessage: undefined,
			requestId: 'req_1',
			retryAfter: '7',
		});
	});

	test.each([
		['permission_denied', 401],
		['rate_limit_exceeded', 429],
		['model_not_found', 404],
		['invalid_request', 400],
		[429, 429],
		['503', 503],
		['content_policy_violation', undefined],
		['constructor', undefined],
		['__proto__', undefined],
	])('HTTP 200 with the code %p means status %p', (code, status) => {
		expect(failureOf(read(200, { error: { code, message: 'm' } }))).toMatchObject({
			kind: 'answer',
			status,
			code: String(code),
		});
	});

	test('an error next to data is an error', () => {
		expect(failureOf(read(200, { code: 200, data: { tasks: [] }, ...DENIED })).code).toBe(
			'permission_denied',
		);
	});

	test('an error that is only a text', () => {
		expect(failureOf(read(200, { error: 'unauthorized' }))).toMatchObject({
			kind: 'answer',
			status: undefined,
			apiMessage: 'unauthorized',
		});
	});

	test('the type stands in for a missing code, the header for a missing request id', () => {
		const failure = failureOf(
			read(500, { error: { type: 'hiapi_error' } }, { 'x-request-id': 'r-1' }),
		);
		expect(failure).toMatchObject({ code: 'hiapi_error', requestId: 'r-1', status: 500 });
	});
});

describe('E5: a code other than 200 under HTTP 200', () => {
	test.each([
		[{ code: 402, message: 'insufficient balance', data: null }, 402],
		[{ code: '429', message: 'slow down' }, 429],
		[{ code: 1001, error_code: 'INSUFFICIENT_QUOTA' }, 402],
		[{ code: 500, message: 'x', data: { taskId: '' } }, 500],
		[{ code: 0, message: 'x', data: {} }, undefined],
		[{ code: 'FAILED', message: 'x' }, undefined],
		[{ code: 200_000, message: 'x', data: {} }, undefined],
	])('%j means status %p', (body, status) => {
		expect(failureOf(read(200, body))).toMatchObject({ kind: 'answer', status });
	});
});

describe("E6: not HiAPI's form", () => {
	test.each([502, 503, 504, 404])(
		'HTML under HTTP %i keeps the status and is marked as foreign',
		(status) => {
			expect(
				failureOf(read(status, '<html><h1>Bad Gateway</h1></html>', { 'retry-after': '3' })),
			).toEqual({
				kind: 'answer',
				status,
				foreign: true,
				requestId: undefined,
				retryAfter: '3',
			});
		},
	);

	test.each([
		{ error: { code: 403, message: 'Forbidden', status: 'PERMISSION_DENIED' } },
		{ error: { message: 'Forbidden' } },
		{ error: { code: 'AccessDenied' } },
		{ error: 'forbidden' },
		{ code: 'AccessDenied', message: 'Forbidden' },
		{ code: 1020, message: 'Access denied' },
		{ message: 'Forbidden', data: null },
		'Forbidden',
		'',
	])('%j under HTTP 403 is foreign', (body) => {
		expect(failureOf(read(403, body))).toMatchObject({ status: 403, foreign: true });
	});

	test.each([
		{ code: 403, message: 'no' },
		{ code: '403' },
		{ error_code: 'INSUFFICIENT_QUOTA', message: 'no' },
		{ error: { code: 'permission_denied' } },
		{ error: { type: 'hiapi_error' } },
	])("%j under HTTP 403 is HiAPI's own form", (body) => {
		expect(failureOf(read(403, body)).foreign).toBeUndefined();
	});

	test("JSON of another server is foreign, HiAPI's own is not", () => {
		expect(failureOf(read(503, { message: 'Service Unavailable' })).foreign).toBe(true);
		expect(
			failureOf(read(503, { code: 503, message: 'busy', data: null })).foreign,
		).toBeUndefined();
	});

	test.each([
		'',
		'   ',
		'OK',
		'<html>',
		'null',
		'7',
		'[]',
		'{}',
		'{"code":200}',
		CREATED.slice(0, -5),
	])('%j under HTTP 200 is unreadable', (text) => {
		expect(failureOf(read(200, text)).kind).toBe('unreadable');
	});

	test.each([301, 302, 307, 308])('HTTP %i is a redirect, whatever it says', (status) => {
		expect(failureOf(read(status, CREATED))).toMatchObject({ kind: 'redirect', status });
	});
});

test('never throws and never takes a refusal for a success', () => {
	const odd = fc.oneof(fc.constant(null), fc.string(), fc.integer(), fc.jsonValue());
	const body = fc.record(
		{ code: odd, message: odd, data: odd, error: odd, error_code: odd, request_id: odd },
		{ requiredKeys: [] },
	);
	const text = fc.oneof(
		fc.string(),
		body.map((value) => JSON.stringify(value)),
		fc.json(),
	);
	fc.assert(
		fc.property(fc.integer({ min: 200, max: 599 }), text, (status, reply) => {
			const result = parseResponse({ status, headers: {}, text: reply });
			if (status >= 300) expect(result.ok).toBe(false);
			if (!result.ok && status >= 400) expect(result.failure.status).toBe(status);
		}),
		{
			numRuns: 1000,
			examples: [
				[200, '{"code":{"toString":null}}'],
				[500, '{"code":{"toString":null}}'],
				[500, '{"error":{"code":{"valueOf":null}}}'],
			],
		},
	);
});
