import {
	downloadRetryDelay,
	type DownloadProblem,
} from '../../../../nodes/shared/downloads/downloadProblem';
import { wordDownloadProblem } from '../../../../nodes/shared/downloads/downloadWording';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const status = (code: number, retryAfter?: string): DownloadProblem => ({
	kind: 'status',
	status: code,
	retryAfter,
});

const ALL: DownloadProblem[] = [
	...[204, 301, 400, 401, 403, 404, 408, 410, 416, 425, 429, 500, 502, 503, 504].map((code) =>
		status(code),
	),
	{ kind: 'network', code: 'ECONNRESET' },
	{ kind: 'notStored', message: 'ENOSPC: no space left on device' },
	...(
		[
			'stalled',
			'stopped',
			'tooLarge',
			'tooManyRedirects',
			'blocked',
			'notHttp',
			'private',
			'empty',
			'page',
			'text',
		] as const
	).map((kind) => ({ kind })),
];
const nameOf = (problem: DownloadProblem) =>
	problem.kind === 'status' ? String(problem.status) : problem.kind;

describe('downloadRetryDelay', () => {
	const delay = (problem: DownloadProblem, situation = {}) =>
		downloadRetryDelay(problem, {
			isFresh: false,
			mostRetries: 4,
			retriesMade: 0,
			nowMs: NOW,
			random: 0,
			...situation,
		});

	test('asks again for a connection, but not for a certificate that is not accepted', () => {
		const network = (code: string) => delay({ kind: 'network', code, neverSent: true });
		expect(network('ENOTFOUND')).toBeGreaterThan(0);
		expect(network('CERT_HAS_EXPIRED')).toBeUndefined();
		expect(network('SELF_SIGNED_CERT_IN_CHAIN')).toBeUndefined();
	});

	test('asks again for what may pass, and for nothing else', () => {
		const passing = (isFresh: boolean) =>
			ALL.filter((problem) => delay(problem, { isFresh }) !== undefined).map(nameOf);
		const always = [
			'408',
			'425',
			'429',
			'500',
			'502',
			'503',
			'504',
			'network',
			'stalled',
			'empty',
			'page',
			'text',
		];
		expect(passing(false)).toEqual(always);
		expect(passing(true)).toEqual(['403', '404', ...always]);
	});

	test('waits longer each time, and not for ever', () => {
		const delays = [0, 1, 2, 3, 4].map((retriesMade) => delay(status(500), { retriesMade }));
		expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, undefined]);
		expect(delay(status(500), { retriesMade: 2, random: 1 })).toBe(5_000);
	});

	test('a silent server, which costs a minute each time, is asked once more', () => {
		expect([0, 1].map((retriesMade) => delay({ kind: 'stalled' }, { retriesMade }))).toEqual([
			1_000,
			undefined,
		]);
		expect(delay({ kind: 'stalled' }, { mostRetries: 0 })).toBeUndefined();
	});

	test.each([
		['3', 3_000],
		['0', 0],
		['600', 60_000],
		[new Date(NOW + 5_000).toUTCString(), 5_000],
		['soon', 1_000],
	])('does as Retry-After %s says, up to a minute', (retryAfter, expected) =>
		expect(delay(status(429, retryAfter))).toBe(expected),
	);
});

describe('wording', () => {
	const situation = {
		taskId: 'tk-1',
		expiresAt: '2026-11-28T12:00:00.000Z',
		maximumBytes: 2_000_000,
		nowMs: NOW,
	};

	test.each(ALL.map((problem) => [nameOf(problem), problem] as const))(
		'%s: says what happened and how to get on, and names the task',
		(_, problem) => {
			const { message, description } = wordDownloadProblem(problem, situation);
			expect(message).toMatch(/^[A-Zn].{15,}[^.]$/);
			expect(description).toMatch(/.{30,}[.)]$/);
			expect(description).toContain('tk-1');
			expect(`${message} ${description}`).not.toMatch(/\b(error|problem|undefined|null|NaN)\b/i);
		},
	);

	test('a file that may still come is told until when, and that fetching it costs nothing', () => {
		const { description } = wordDownloadProblem(status(500), situation);
		expect(description).toMatch(
			/until 2026-11-28T12:00:00\.000Z.*'Download Outputs'.*free of charge/,
		);
		expect(
			wordDownloadProblem(status(500), { ...situation, expiresAt: null }).description,
		).not.toMatch(/until/);
	});

	test('a 403 is worded as what it may be', () => {
		const { message, description } = wordDownloadProblem(status(403), situation);
		expect(message).toBe('The server of the file refused it (HTTP 403)');
		expect(description).toMatch(/expired.*proxy.*'Get'/);
	});

	test('certificates and proxies are named, with what to set', () => {
		const network = (code: string, neverSent?: boolean): DownloadProblem => ({
			kind: 'network',
			code,
			neverSent,
		});
		const words = (problem: DownloadProblem) => {
			const { message, description } = wordDownloadProblem(problem, situation);
			return `${message}\n${description}`;
		};
		expect(words(network('SELF_SIGNED_CERT_IN_CHAIN', true))).toMatch(
			/certificate.*SELF_SIGNED_CERT_IN_CHAIN.*NODE_EXTRA_CA_CERTS/s,
		);
		expect(words(network('ENOTFOUND', true))).toMatch(/could not be reached.*HTTPS_PROXY/s);
		expect(words(network('ECONNRESET'))).toMatch(/ended before the whole file/);
		expect(words(status(407))).toMatch(/proxy asks for a login.*HTTPS_PROXY/s);
	});

	test('a link whose time has passed is called expired only when the file is missing', () => {
		const late = { ...situation, expiresAt: '2026-11-21T11:59:59.000Z' };
		for (const code of [403, 404, 410])
			expect(wordDownloadProblem(status(code), late).message).toBe(
				'The link of the file expired on 2026-11-21T11:59:59.000Z',
			);
		expect(wordDownloadProblem(status(500), late).message).not.toMatch(/expired/);
		for (const expiresAt of [situation.expiresAt, null])
			expect(wordDownloadProblem(status(404), { ...situation, expiresAt }).message).toBe(
				'The file is not at its link (HTTP 404)',
			);
	});
});
