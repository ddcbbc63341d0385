import { Readable } from 'node:stream';

import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { openFile } from '../../../../nodes/shared/downloads/openFile';
import { USER_AGENT } from '../../../../nodes/shared/userAgent';

interface Answer {
	statusCode: number;
	headers?: Record<string, string>;
}

/** n8n's request helper, answering with these, then for ever with the last. */
function fake(answers: Array<Answer | Error>) {
	const requests: IHttpRequestOptions[] = [];
	const bodies: Readable[] = [];
	const httpRequest = async (options: IHttpRequestOptions) => {
		const answer = answers[Math.min(requests.length, answers.length - 1)];
		requests.push(options);
		if (answer instanceof Error) throw answer;
		const body = Readable.from([Buffer.from('x')]);
		bodies.push(body);
		return await Promise.resolve({ headers: {}, ...answer, body });
	};
	const open = async (url: string, allowPrivate = false) =>
		await openFile(
			{ helpers: { httpRequest } } as unknown as IExecuteFunctions,
			url,
			allowPrivate,
			new AbortController().signal,
		);
	return { open, requests, bodies };
}

const URL = 'https://cdn.hiapi.ai/tasks/tk-1/0.png';
const redirect = (location?: string, statusCode = 302): Answer => ({
	statusCode,
	headers: location === undefined ? {} : { location },
});

test('asks for a stream, with nothing of ours in the request and no redirect followed behind our back', async () => {
	const { open, requests } = fake([{ statusCode: 200, headers: { 'content-type': 'image/png' } }]);
	expect(await open(URL)).toMatchObject({
		ok: true,
		file: { url: URL, headers: { 'content-type': 'image/png' } },
	});
	expect(requests).toEqual([
		{
			method: 'GET',
			url: URL,
			headers: { Accept: '*/*', 'User-Agent': USER_AGENT },
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			timeout: expect.any(Number) as number,
			abortSignal: expect.any(AbortSignal) as AbortSignal,
		},
	]);
	// n8n's own limit of five minutes would cut large files.
	expect(requests[0].timeout).toBeGreaterThan(3_600_000);
});

test.each([301, 302, 303, 307, 308])(
	'follows %i, relative ones too, and leaves no answer open',
	async (statusCode) => {
		const { open, requests, bodies } = fake([
			redirect('/b', statusCode),
			redirect('https://other.example/c', statusCode),
			{ statusCode: 200 },
		]);
		expect(await open(URL)).toMatchObject({ ok: true, file: { url: 'https://other.example/c' } });
		expect(requests.map(({ url }) => url)).toEqual([
			URL,
			'https://cdn.hiapi.ai/b',
			'https://other.example/c',
		]);
		expect(bodies.map(({ destroyed }) => destroyed)).toEqual([true, true, false]);
	},
);

test.each([
	['http://169.254.169.254/latest/meta-data', 'private'],
	['https://localhost/x', 'private'],
	['//10.0.0.1/x', 'private'],
	['file:///etc/passwd', 'notHttp'],
	['javascript:alert(1)', 'notHttp'],
])('a redirect to %s is not followed', async (location, kind) => {
	const { open, requests, bodies } = fake([redirect(location)]);
	expect(await open(URL)).toEqual({ ok: false, problem: { kind } });
	expect(requests).toHaveLength(1);
	expect(bodies[0].destroyed).toBe(true);
});

test('a private address is not asked at all, unless the API is on one', async () => {
	const { open, requests } = fake([{ statusCode: 200 }]);
	expect(await open('http://192.168.1.2/0.png')).toEqual({
		ok: false,
		problem: { kind: 'private' },
	});
	expect(requests).toHaveLength(0);
	expect(await open('http://192.168.1.2/0.png', true)).toMatchObject({ ok: true });
});

test('redirects end after five', async () => {
	const { open, requests } = fake([redirect('/again')]);
	expect(await open(URL)).toEqual({ ok: false, problem: { kind: 'tooManyRedirects' } });
	expect(requests).toHaveLength(6);
});

test.each<[Answer, object]>([
	[
		{ statusCode: 503, headers: { 'retry-after': '7' } },
		{ kind: 'status', status: 503, retryAfter: '7' },
	],
	[{ statusCode: 404 }, { kind: 'status', status: 404 }],
	[{ statusCode: 206 }, { kind: 'status', status: 206 }],
	[{ statusCode: 204 }, { kind: 'empty' }],
	[redirect(), { kind: 'status', status: 302 }],
])('%j is no file, and is not left open', async (answer, problem) => {
	const { open, bodies } = fake([answer]);
	expect(await open(URL)).toEqual({ ok: false, problem });
	expect(bodies[0].destroyed).toBe(true);
});

test('a stream that breaks with nobody listening does not end the process', async () => {
	const { open, bodies } = fake([{ statusCode: 404 }]);
	await open(URL);
	expect(() => bodies[0].emit('error', new Error('ECONNRESET'))).not.toThrow();
});

test.each<[Error, object]>([
	[
		Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
		{ kind: 'network', code: 'ECONNREFUSED', neverSent: true },
	],
	[
		Object.assign(new Error('wrapped'), { cause: { code: 'ENOTFOUND' } }),
		{ kind: 'network', code: 'ENOTFOUND', neverSent: true },
	],
	[new Error('something'), { kind: 'network', code: 'NO_ANSWER' }],
	[new Error('The host resolves to a restricted IP address'), { kind: 'blocked' }],
])('%s', async (error, problem) =>
	expect(await fake([error]).open(URL)).toEqual({ ok: false, problem }),
);
