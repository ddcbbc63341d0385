import { networkError } from './fakeHiApi.cts';
import { BODY, failureOf, READ, send } from './sending.cts';

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
