import fc from 'fast-check';

import { parseResponse } from '../../../../nodes/shared/api/response';
import { mayPassLater, type RequestFailure } from '../../../../nodes/shared/errors/requestFailure';
import {
	describeRequestFailure,
	describeTaskFailure,
	HiApiError,
} from '../../../../nodes/shared/errors/apiError';
import type { RequestPurpose } from '../../../../nodes/shared/errors/messages';
import { afterUnknownOutcome, OUTCOME_UNKNOWN } from '../../../../nodes/shared/errors/wayOn';

// n8n's UX guidelines: a message says what happened, without these words.
const UNWELCOME = /\b(error|problem|failure|mistake)s?\b/i;
const DENIES_PURCHASE = /not created|no task was created|nothing was charged|nothing was bought/i;
const PURPOSES: RequestPurpose[] = ['create', 'read', 'list'];
const STATUSES = [400, 401, 402, 403, 404, 408, 409, 413, 415, 422, 425, 429, 500, 502, 503, 504];
const CODES: Array<[string, number | undefined]> = [
	['INVALID_REQUEST', 400],
	['MODEL_UNAVAILABLE', 400],
	['TASK_FAILED', 400],
	['TASK_TIMEOUT', 504],
	['STORAGE_UNAVAILABLE', 503],
	['IDEMPOTENCY_KEY_PROCESSING', 409],
	['IDEMPOTENCY_KEY_MISMATCH', 422],
	['INSUFFICIENT_QUOTA', 403],
	['permission_denied', 401],
	['rate_limit_exceeded', 429],
	['model_not_found', 404],
	['invalid_request', 400],
	['content_policy_violation', undefined],
	['something_new', 418],
	['__proto__', 400],
	['constructor', undefined],
	['toString', 500],
];
const NETWORK = [
	'ECONNRESET',
	'ECONNREFUSED',
	'ENOTFOUND',
	'ECONNABORTED',
	'ETIMEDOUT',
	'ERR_CANCELED',
	'STOPPED',
	'BLOCKED',
	'NO_ANSWER',
	'CERT_HAS_EXPIRED',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'ERR_TLS_CERT_ALTNAME_INVALID',
];

const FAILURES: RequestFailure[] = [
	...STATUSES.map(
		(status): RequestFailure => ({
			kind: 'answer',
			status,
			requestId: 'req-7',
			apiMessage: 'own words of the API',
		}),
	),
	...CODES.map(
		([code, status]): RequestFailure => ({
			kind: 'answer',
			status,
			code,
			requestId: 'req-7',
			apiMessage: 'own words of the API',
		}),
	),
	...NETWORK.map((networkCode): RequestFailure => ({ kind: 'network', networkCode })),
	{ kind: 'network', networkCode: 'ENOTFOUND', neverSent: true },
	...[401, 403, 404, 407].map(
		(status): RequestFailure => ({ kind: 'answer', status, foreign: true }),
	),
	{ kind: 'unreadable', requestId: 'req-7' },
	{ kind: 'redirect', status: 302 },
	{ kind: 'answer', status: 502, foreign: true },
];

describe.each(PURPOSES)('wording while the purpose is to %s', (purpose) => {
	test.each(FAILURES)('%j', (failure) => {
		const described = describeRequestFailure(failure, purpose, 'tk-hiapi-1');
		const text = `${described.message}\n${described.description}`;
		expect(described.message.length).toBeGreaterThan(10);
		expect(described.message.replace('own words of the API', '')).not.toMatch(UNWELCOME);
		expect(described.description).toMatch(/^[A-Z].{20,}/);
		expect(text).not.toMatch(/undefined|null|\[object|NaN| {2}/);
		expect(described.description).toContain('task tk-hiapi-1');
		expect(described.details.taskId).toBe('tk-hiapi-1');
		if (failure.apiMessage !== undefined)
			expect(described.message).toMatch(/: own words of the API$/);
		if (failure.requestId !== undefined) {
			expect(described.description).toContain('request id req-7');
			expect(described.details.requestId).toBe('req-7');
		}
		if (failure.status !== undefined) {
			expect(described.description).toContain(`HTTP ${failure.status}`);
			expect(described.details.httpStatus).toBe(failure.status);
		}
		if (failure.code !== undefined) {
			expect(described.description).toContain(`code ${failure.code}`);
			expect(described.details.code).toBe(failure.code);
		}
		if (failure.networkCode !== undefined)
			expect(described.description).toContain(failure.networkCode);
	});
});

// Triggers and the operations that only read have none of the parameters that buying has.
test.each(PURPOSES.filter((purpose) => purpose !== 'create'))(
	'to %s, the way on names the credential only',
	(purpose) => {
		for (const failure of FAILURES) {
			const { description } = describeRequestFailure(failure, purpose);
			const named = [...description.matchAll(/'([A-Z][^']*)'/g)].map(([, label]) => label);
			expect(['API Key', 'Base URL', 'HiAPI API']).toEqual(expect.arrayContaining(named));
			expect(description).not.toMatch(/\b(option|execution|model)\b/);
		}
	},
);

test('statuses and codes with a meaning of their own have words of their own', () => {
	const words = new Set(
		[400, 401, 402, 403, 404, 409, 413, 415, 422, 429, 503].map(
			(status) => describeRequestFailure({ kind: 'answer', status }, 'create').message,
		),
	);
	expect(words.size).toBe(11);
	const message = (failure: Partial<RequestFailure>) =>
		describeRequestFailure({ kind: 'answer', ...failure }, 'create').message;
	expect(message({ status: 400, code: 'MODEL_UNAVAILABLE' })).toBe(
		message({ status: 404, code: 'model_not_found' }),
	);
	expect(message({ status: 409 })).toBe(
		message({ code: 'IDEMPOTENCY_KEY_PROCESSING', status: 409 }),
	);
	expect(message({ status: 422 })).toBe(message({ code: 'IDEMPOTENCY_KEY_MISMATCH', status: 422 }));
	expect(message({ status: 403, code: 'INSUFFICIENT_QUOTA' })).toBe(message({ status: 402 }));
});

describe('money', () => {
	test.each([
		{ status: 402 },
		{ status: 402, code: 'INSUFFICIENT_QUOTA' },
		{ status: 403, code: 'INSUFFICIENT_QUOTA' },
	])('%j says that nothing was bought', (failure) => {
		const { description } = describeRequestFailure({ kind: 'answer', ...failure }, 'create');
		expect(description).toContain('No task was created and nothing was charged.');
	});

	test.each(FAILURES)(
		'%j after a lost answer denies no purchase and says how to retry safely',
		(failure) => {
			const { message, description } = describeRequestFailure(
				{ ...failure, outcomeUnknown: true },
				'create',
			);
			expect(`${message} ${description}`.replace(OUTCOME_UNKNOWN, '')).not.toMatch(DENIES_PURCHASE);
			expect(description.split(OUTCOME_UNKNOWN)).toHaveLength(2);
			expect(description).toContain(afterUnknownOutcome('retry'));
			expect(description.replace(OUTCOME_UNKNOWN, '')).not.toMatch(/run this again|try again/i);
		},
	);

	test.each([
		...[408, 409, 425, 500, 502, 504].map((status): RequestFailure => ({ kind: 'answer', status })),
		{ kind: 'network', networkCode: 'ECONNRESET' } as const,
		{ kind: 'unreadable' } as const,
		{ kind: 'redirect', status: 303 } as const,
		...[400, 401, 403, 404, 429, 503].map(
			(status): RequestFailure => ({ kind: 'answer', status, foreign: true }),
		),
	])('%j leaves a create open by itself', (failure) => {
		expect(describeRequestFailure(failure, 'create').description).toContain(OUTCOME_UNKNOWN);
		expect(describeRequestFailure(failure, 'read').description).not.toContain(OUTCOME_UNKNOWN);
		expect(
			describeRequestFailure({ ...failure, outcomeUnknown: true }, 'list').description,
		).not.toContain(OUTCOME_UNKNOWN);
	});

	test.each([
		['ECONNREFUSED', true],
		['ENOTFOUND', true],
		['DEPTH_ZERO_SELF_SIGNED_CERT', true],
		['CERT_HAS_EXPIRED', true],
		['BLOCKED', true],
	])(
		'%s: no byte was sent, so nothing was created, and the item says so',
		(networkCode, neverSent) => {
			const { description } = describeRequestFailure(
				{ kind: 'network', networkCode, neverSent },
				'create',
			);
			expect(description).toContain('No task was created and nothing was charged.');
			expect(description).not.toContain(OUTCOME_UNKNOWN);
		},
	);

	test('a proxy that asks for a login has passed nothing on', () => {
		const { message, description } = describeRequestFailure(
			{ kind: 'answer', status: 407, foreign: true },
			'create',
		);
		expect(message).toMatch(/proxy/i);
		expect(description).toContain('No task was created and nothing was charged.');
		expect(description).toMatch(/HTTPS_PROXY.*NO_PROXY/);
	});

	test.each(['errorOutput', 'continue', 'notSaved', 'tool'] as const)(
		'%s: the way on names no Retry that does not exist',
		(wayOn) => {
			const { description } = describeRequestFailure(
				{ kind: 'network', networkCode: 'ECONNRESET' },
				'create',
				undefined,
				wayOn,
			);
			expect(description).toContain(afterUnknownOutcome(wayOn));
			expect(description).not.toMatch(/Use Retry/);
		},
	);

	test('a sub-workflow: its own Retry, and that of the workflow that calls it', () => {
		const network = { kind: 'network', networkCode: 'ECONNRESET' } as const;
		const { description } = describeRequestFailure(network, 'create', undefined, 'called');
		expect(description).toMatch(
			/Retry on this execution of the sub-workflow.*workflow that calls it/,
		);
	});

	test('a request stopped before it was sent leaves nothing open', () => {
		const { description } = describeRequestFailure(
			{ kind: 'network', networkCode: 'STOPPED', outcomeUnknown: false },
			'create',
		);
		expect(description).not.toContain(OUTCOME_UNKNOWN);
	});

	test('a refused create that names a task names it too', () => {
		const { description, details } = describeRequestFailure(
			{ kind: 'answer', status: 500, taskId: 'tk-9' },
			'create',
		);
		expect(description).toContain('task tk-9');
		expect(description).toContain(OUTCOME_UNKNOWN);
		expect(details.taskId).toBe('tk-9');
	});
});

describe('what lies between n8n and HiAPI', () => {
	const words = (failure: Partial<RequestFailure>, purpose: RequestPurpose = 'read') => {
		const { message, description } = describeRequestFailure(
			{ kind: 'answer', ...failure },
			purpose,
		);
		return { message, description };
	};

	test.each(PURPOSES)('a page of a proxy is not blamed on the account (%s)', (purpose) => {
		for (const status of [401, 402, 403, 404, 407]) {
			const { message, description } = words({ status, foreign: true }, purpose);
			expect(message).toMatch(/proxy|server other than HiAPI/);
			expect(description).toMatch(/proxy.*NO_PROXY/);
			expect(`${message} ${description}`).not.toMatch(/API key|account|balance|task ID/i);
		}
	});

	test.each([
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'SELF_SIGNED_CERT_IN_CHAIN',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	])('%s: the certificate and what to set', (networkCode) => {
		const { message, description } = words({ kind: 'network', networkCode, neverSent: true });
		expect(message).toMatch(/certificate/);
		expect(description).toMatch(/NODE_EXTRA_CA_CERTS/);
		expect(description).toContain(networkCode);
	});

	test.each([
		['CERT_HAS_EXPIRED', /expired/],
		['CERT_NOT_YET_VALID', /not valid yet/],
		['ERR_TLS_CERT_ALTNAME_INVALID', /another server/],
	])('%s', (networkCode, says) => {
		expect(words({ kind: 'network', networkCode }).message).toMatch(says);
	});
});

describe('a task that ended without a result', () => {
	test.each([...CODES.map(([code]) => code), 'UNKNOWN'])('%s', (code) => {
		const failure = describeTaskFailure('tk-1', code, 'upstream rejected the prompt');
		expect(failure).toBeInstanceOf(HiApiError);
		expect(failure.message).toBe('HiAPI could not complete the task: upstream rejected the prompt');
		expect(failure.description).toMatch(/^[A-Z].{20,}/);
		expect(failure.description).toContain(`code ${code}, task tk-1`);
		expect(failure.description).not.toMatch(/undefined|\[object/);
		const retryable = ['TASK_TIMEOUT', 'STORAGE_UNAVAILABLE', 'rate_limit_exceeded'].includes(code);
		expect(failure.details).toEqual({ taskId: 'tk-1', code, retryable });
	});
});

describe('whether running the same again later can help', () => {
	test.each(PURPOSES)('every failed request says it, to %s', (purpose) => {
		for (const failure of FAILURES) {
			const { details } = describeRequestFailure(failure, purpose);
			expect(details.retryable).toBe(mayPassLater(failure));
		}
	});

	test('a refused create that names a task can be sent again with its key; a read cannot', () => {
		const failure: RequestFailure = { kind: 'answer', status: 402, taskId: 'tk-9' };
		const says = (purpose: RequestPurpose) =>
			describeRequestFailure(failure, purpose).details.retryable;
		expect(PURPOSES.map(says)).toEqual([true, false, false]);
	});

	test('what was found here has to be changed first, unless it says otherwise', () => {
		expect(new HiApiError("'Model' is empty", 'Select one.').details.retryable).toBe(false);
		const later = new HiApiError('Not now', 'Later.', { taskId: 'tk-1', retryable: true });
		expect(later.details).toEqual({ taskId: 'tk-1', retryable: true });
	});
});

test('no key and no file content of a reply reaches the screen or the log', () => {
	const key = 'sk-3f9c0a7be1d24c5f8a90';
	const content = 'R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==';
	const text = `Incorrect API key provided: ${key}; 'data:image/gif;base64,${content}' is not valid uri`;
	const bodies = [
		{ code: 400, message: text, error_code: 'INVALID_REQUEST', data: null },
		{ error: { code: 'invalid_request', message: text } },
		{ error: text },
	];
	fc.assert(
		fc.property(
			fc.constantFrom(...bodies),
			fc.constantFrom(200, 400, 401, 500),
			fc.constantFrom(...PURPOSES),
			(body, status, purpose) => {
				const reply = parseResponse({ status, headers: {}, text: JSON.stringify(body) });
				if (reply.ok) throw new Error('read as a success');
				const failure = describeRequestFailure(reply.failure, purpose);
				const everything = JSON.stringify([
					failure.message,
					failure.description,
					failure.details,
					failure.request,
					failure.stack,
				]);
				expect(everything).toContain('Incorrect API key provided');
				expect(everything).not.toContain(key.slice(3));
				expect(everything).not.toContain(content.slice(0, 20));
			},
		),
	);
	expect(describeTaskFailure('tk-1', 'TASK_FAILED', text).message).not.toContain(key.slice(3));
});
