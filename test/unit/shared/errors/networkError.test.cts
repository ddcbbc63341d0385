import { networkError } from '../api/fakeHiApi.cts';
import { BODY, CREATE, failureOf, READ, send } from '../api/sending.cts';

describe('what the network says', () => {
	const codeOf = async (error: unknown) =>
		failureOf(await send([() => Promise.reject(error as Error)], { ...READ }, { budgetMs: 0 }))
			.networkCode;

	test.each(['ECONNRESET', 'ECONNREFUSED', 'ENOTFOUND', 'ECONNABORTED', 'ERR_CANCELED'])(
		'%s is found in all wrappings',
		async (code) => {
			expect(await codeOf(networkError(code))).toBe(code);
		},
	);

	test.each([
		['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1', true],
		['ENOTFOUND', 'getaddrinfo ENOTFOUND api.hiapi.ai', true],
		['EAI_AGAIN', 'getaddrinfo EAI_AGAIN api.hiapi.ai', true],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate', true],
		['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain', true],
		['CERT_HAS_EXPIRED', 'certificate has expired', true],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'altnames', true],
		[
			'ECONNRESET',
			'Client network socket disconnected before secure TLS connection was established',
			true,
		],
		['EPROTO', 'write EPROTO 80:error:0A00010B:SSL routines:wrong version number', true],
		['ECONNRESET', 'socket hang up', false],
		['ECONNABORTED', 'timeout of 60000ms exceeded', false],
		['ETIMEDOUT', 'read ETIMEDOUT', false],
		['EPROTO', 'read EPROTO', false],
	])('%s (%s): that nothing was sent is %p', async (code, message, neverSent) => {
		const failure = failureOf(
			await send([{ error: networkError(code, message) }], CREATE, { budgetMs: 0 }),
		);
		expect(failure).toMatchObject({ networkCode: code, outcomeUnknown: !neverSent });
		expect(failure.neverSent === true).toBe(neverSent);
	});

	test('a connection that was never made sent nothing, whatever ended it', async () => {
		const inner = Object.assign(new Error('connect ETIMEDOUT'), {
			code: 'ETIMEDOUT',
			syscall: 'connect',
		});
		const error = new Error('wrapped', { cause: inner });
		expect(failureOf(await send([{ error }], CREATE, { budgetMs: 0 })).neverSent).toBe(true);
	});

	test("n8n's protection of private networks is known and not asked again", async () => {
		const sent = await send([
			{
				error: networkError(
					undefined,
					'The request was blocked because it resolves to a restricted IP address',
				),
			},
		]);
		expect(failureOf(sent)).toMatchObject({ networkCode: 'BLOCKED', outcomeUnknown: false });
		expect(sent.api.requests).toHaveLength(1);
	});

	test('a lost connection is never taken for that protection, whatever the host is called', async () => {
		expect(
			failureOf(
				await send([
					{
						error: networkError(
							'ECONNRESET',
							'read ECONNRESET from not-allowed.example.com, blocked',
						),
					},
				]),
			),
		).toMatchObject({
			networkCode: 'ECONNRESET',
			outcomeUnknown: true,
		});
	});

	test.each([undefined, null, 'text', 7, {}, new Error('odd')])(
		'%p thrown counts as no answer',
		async (thrown) => {
			expect(await codeOf(thrown)).toBe('NO_ANSWER');
		},
	);

	test('a cause that names itself does not keep us for ever', async () => {
		const error: Error & { cause?: unknown } = new Error('round');
		error.cause = error;
		expect(await codeOf(error)).toBe('NO_ANSWER');
	});

	test('only codes are kept: neither key nor prompt gets out', async () => {
		const error = Object.assign(
			networkError('ECONNRESET', `POST failed: Bearer sk-secret-key-0001 ${BODY}`),
			{ config: { data: BODY } },
		);
		expect(JSON.stringify(failureOf(await send([{ error }])))).not.toMatch(/sk-|lake/);
	});
});
