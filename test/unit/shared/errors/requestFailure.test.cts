import {
	isOutcomeUnknown,
	isOwnTask,
	mayPassLater,
	mayPassWithNewTask,
	outcomeOf,
	type RequestFailure,
} from '../../../../nodes/shared/errors/requestFailure';

const answer = (
	status: number | undefined,
	more: Partial<RequestFailure> = {},
): RequestFailure => ({ kind: 'answer', status, ...more });
const network = (networkCode: string): RequestFailure => ({ kind: 'network', networkCode });
const UNREADABLE: RequestFailure = { kind: 'unreadable' };

describe('whether the task may exist', () => {
	test.each([408, 409, 425, 500, 502, 504, 505, 520, 599])('after HTTP %i it may', (status) => {
		expect(isOutcomeUnknown(answer(status))).toBe(true);
	});

	test.each([400, 401, 402, 403, 404, 405, 413, 415, 422, 429, 501, 503])(
		"after HTTP %i in HiAPI's form it does not",
		(status) => {
			expect(isOutcomeUnknown(answer(status))).toBe(false);
		},
	);

	test.each([500, 501, 502, 503, 504])('after HTTP %i of a server in between it may', (status) => {
		expect(isOutcomeUnknown(answer(status, { foreign: true }))).toBe(true);
	});

	test.each([400, 401, 402, 403, 404, 413, 422, 429])(
		'after HTTP %i of a server in between it may, and the key stays',
		(status) => {
			expect(isOutcomeUnknown(answer(status, { foreign: true }))).toBe(true);
			expect(outcomeOf({ ...answer(status, { foreign: true }), outcomeUnknown: true })).toBe(
				'unknown',
			);
		},
	);

	test('a proxy that asks for a login passed nothing on; the key stays all the same', () => {
		const failure = answer(407, { foreign: true });
		expect(isOutcomeUnknown(failure)).toBe(false);
		expect(outcomeOf({ ...failure, outcomeUnknown: false })).toBe('unknown');
	});

	test.each([400, 401, 402, 403, 404, 413])(
		"HiAPI's own HTTP %i uses the key up, if no earlier try is open",
		(status) => {
			expect(outcomeOf({ ...answer(status), outcomeUnknown: false })).toBe('refused');
			expect(outcomeOf({ ...answer(status), outcomeUnknown: true })).toBe('unknown');
			expect(outcomeOf(answer(status))).toBe('unknown');
		},
	);

	test.each([429, 503])("HiAPI's own HTTP %i leaves the key unused", (status) => {
		expect(outcomeOf({ ...answer(status), outcomeUnknown: false })).toBe('keyUnused');
		expect(outcomeOf({ ...answer(status), outcomeUnknown: true })).toBe('unknown');
	});

	test.each(['ECONNREFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED', 'BLOCKED'])(
		'HiAPI never saw the key of a request that ended with %s',
		(code) => {
			const failure = { ...network(code), neverSent: true, outcomeUnknown: false };
			expect(outcomeOf(failure)).toBe('keyUnused');
		},
	);

	test('a key that was used for something else stays', () => {
		expect(outcomeOf({ ...answer(422), outcomeUnknown: false })).toBe('unknown');
	});

	test('a 409 with a task names our own task, unless the key was used for something else', () => {
		expect(isOwnTask(answer(409, { taskId: 'tk-1' }))).toBe(true);
		expect(isOwnTask(answer(409))).toBe(false);
		expect(isOwnTask(answer(500, { taskId: 'tk-1' }))).toBe(false);
		expect(isOwnTask(answer(409, { taskId: 'tk-1', code: 'IDEMPOTENCY_KEY_MISMATCH' }))).toBe(
			false,
		);
	});

	test('a refusal that names no status, or names a task, leaves it open', () => {
		expect(isOutcomeUnknown(answer(undefined, { code: 'content_policy_violation' }))).toBe(true);
		expect(isOutcomeUnknown(answer(402, { taskId: 'tk-1' }))).toBe(true);
	});

	test.each(['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED', 'EPIPE', 'NO_ANSWER'])(
		'a connection lost by %s leaves it open',
		(code) => {
			expect(isOutcomeUnknown(network(code))).toBe(true);
		},
	);

	test.each([301, 302, 303, 307, 308])('a redirect by HTTP %i leaves it open', (status) => {
		expect(isOutcomeUnknown({ kind: 'redirect', status })).toBe(true);
	});

	test('an unreadable reply leaves it open; an address that cannot be reached does not', () => {
		expect(isOutcomeUnknown(UNREADABLE)).toBe(true);
		expect(isOutcomeUnknown(network('ERR_INVALID_URL'))).toBe(false);
		expect(isOutcomeUnknown(network('BLOCKED'))).toBe(false);
		expect(isOutcomeUnknown({ ...network('ECONNREFUSED'), neverSent: true })).toBe(false);
	});
});

test('only failures that may pass are worth a new task', () => {
	for (const code of ['TASK_TIMEOUT', 'STORAGE_UNAVAILABLE'])
		expect(mayPassWithNewTask(code)).toBe(true);
	for (const code of [
		'TASK_FAILED',
		'INVALID_REQUEST',
		'MODEL_UNAVAILABLE',
		'INSUFFICIENT_QUOTA',
		'UNKNOWN',
		'',
		undefined,
	]) {
		expect(mayPassWithNewTask(code)).toBe(false);
	}
});

describe('whether the same can help later', () => {
	test.each([408, 409, 425, 429, 500, 502, 503, 504, 520])('after HTTP %i it can', (status) => {
		expect(mayPassLater(answer(status))).toBe(true);
	});

	test.each([400, 401, 402, 403, 404, 405, 413, 415, 422, 501])(
		'after HTTP %i something has to change first',
		(status) => {
			expect(mayPassLater(answer(status))).toBe(false);
		},
	);

	test.each([401, 403, 404, 407])('a server in between that answers %i stays', (status) => {
		expect(mayPassLater(answer(status, { foreign: true, outcomeUnknown: true }))).toBe(false);
	});

	test.each(['ECONNRESET', 'ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'STOPPED', 'NO_ANSWER'])(
		'after %s it can',
		(code) => {
			expect(mayPassLater(network(code))).toBe(true);
		},
	);

	test.each(['BLOCKED', 'ERR_INVALID_URL', 'CERT_HAS_EXPIRED', 'SELF_SIGNED_CERT_IN_CHAIN'])(
		'after %s n8n or its network has to be changed first',
		(code) => {
			expect(mayPassLater(network(code))).toBe(false);
		},
	);

	test('a reply of another form may pass, an address that leads elsewhere stays', () => {
		expect(mayPassLater(UNREADABLE)).toBe(true);
		expect(mayPassLater({ kind: 'redirect', status: 302 })).toBe(false);
	});

	test('no without a status may pass, unless the key was used for something else', () => {
		expect(mayPassLater(answer(undefined))).toBe(true);
		expect(mayPassLater(answer(undefined, { code: 'IDEMPOTENCY_KEY_MISMATCH' }))).toBe(false);
	});
});
