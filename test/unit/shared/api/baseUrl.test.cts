import fc from 'fast-check';

import { DEFAULT_BASE_URL, normaliseBaseUrl } from '../../../../nodes/shared/api/baseUrl';
import { PRIVATE_HTTP, PUBLIC_HTTP, REFUSED } from './baseUrls.cts';

const urlOf = (value: unknown) => {
	const result = normaliseBaseUrl(value);
	if (!result.ok) throw new Error(result.problem);
	return result.url;
};

test.each([undefined, null, '', '   ', '\n', 7, {}])("%p means HiAPI's own address", (value) => {
	expect(urlOf(value)).toBe(DEFAULT_BASE_URL);
});

test.each([
	['https://api.hiapi.ai', 'https://api.hiapi.ai/v1'],
	['https://API.HiApi.ai/V1/', 'https://api.hiapi.ai/v1'],
	['https://apidev.hiapi.ai:8443/v1', 'https://apidev.hiapi.ai:8443/v1'],
	['https://gateway.example.com/hiapi', 'https://gateway.example.com/hiapi/v1'],
	['https://gateway.example.com/hiapi/v1', 'https://gateway.example.com/hiapi/v1'],
	['https://gateway.example.com/v1x', 'https://gateway.example.com/v1x/v1'],
	['https://gateway.example.com/apiv1', 'https://gateway.example.com/apiv1/v1'],
	['https://gateway.example.com//v1//', 'https://gateway.example.com/v1'],
	['https://v1', 'https://v1/v1'],
	['https://[2001:db8::1]:8443', 'https://[2001:db8::1]:8443/v1'],
	['https://bücher.example/v1', 'https://xn--bcher-kva.example/v1'],
])('%s is %s', (value, url) => {
	expect(urlOf(value)).toBe(url);
});

test.each(PRIVATE_HTTP)('plain http is fine for %s', (value) => {
	expect(urlOf(value)).toMatch(/^http:\/\/.*\/v1$/);
});

test.each(PUBLIC_HTTP)('plain http is refused for %s', (value) => {
	const result = normaliseBaseUrl(value);
	expect(result).toEqual({ ok: false, problem: expect.stringMatching(/^(must|is not)/) as string });
});

test.each(REFUSED)('%j is refused', (value) => {
	expect(normaliseBaseUrl(value).ok).toBe(false);
});

test.each([
	[
		'http://api.hiapi.ai',
		'must start with https://, because plain http would send the API key unprotected',
	],
	['api.hiapi.ai', 'must start with https://'],
	['https://', 'is not a URL'],
	['https://user:secret@api.hiapi.ai', 'must not hold a user name or password'],
	['https://api.hiapi.ai/v1?x=1', "must not hold a '?' or '#' part"],
])('%s %s', (value, problem) => {
	expect(normaliseBaseUrl(value)).toEqual({ ok: false, problem });
});

// After xn-- not every letter will do.
const label = fc
	.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/)
	.filter((text) => !text.startsWith('xn--'));
const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const port = fc.oneof(
	fc.constant(''),
	fc.integer({ min: 1, max: 65535 }).map((number) => `:${number}`),
);
const segment = fc
	.stringMatching(/^[A-Za-z0-9_~-]{1,8}$/)
	.filter((text) => text.toLowerCase() !== 'v1');
const path = fc
	.array(segment, { maxLength: 3 })
	.map((segments) => segments.map((text) => `/${text}`).join(''));
const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

test('with or without /v1, slashes and spaces it is the same address', () => {
	fc.assert(
		fc.property(
			host,
			port,
			path,
			space,
			space,
			fc.constantFrom('', '/', '//', '/v1', '/v1/', '/V1', '//v1//'),
			(name, at, below, before, after, end) => {
				const expected = `${new URL(`https://${name}${at}`).origin}${below}/v1`;
				expect(urlOf(`${before}https://${name}${at}${below}${end}${after}`)).toBe(expected);
			},
		),
	);
});

test('what comes out goes in again unchanged', () => {
	// A path of slashes and dots only gets shorter each time.
	const webUrl = fc
		.webUrl({ withQueryParameters: true, withFragments: true })
		.filter((url) => !/\/(?:\.|%2e)+(?:\/|$)/i.test(url));
	fc.assert(
		fc.property(fc.oneof(webUrl, fc.string(), fc.constantFrom(...PRIVATE_HTTP)), (value) => {
			const result = normaliseBaseUrl(value);
			if (result.ok) expect(normaliseBaseUrl(result.url)).toEqual(result);
		}),
		{ numRuns: 500 },
	);
});

test('plain http is accepted only for addresses that are private as the network sees them', () => {
	const address = fc.ipV4().map((ip) => ip.split('.').map(Number));
	const spelled = fc
		.tuple(
			address,
			fc.constantFrom('dotted', 'number', 'hexadecimal', 'octal', 'escaped', 'mapped'),
		)
		.map(([bytes, form]) => {
			const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
			const text = {
				dotted: bytes.join('.'),
				number: String(number),
				hexadecimal: `0x${number.toString(16)}`,
				octal: bytes.map((byte) => `0${byte.toString(8)}`).join('.'),
				escaped: bytes.join('%2e'),
				mapped: `[::ffff:${bytes.join('.')}]`,
			}[form];
			return { bytes, text };
		});
	fc.assert(
		fc.property(spelled, ({ bytes: [a, b], text }) => {
			if (!normaliseBaseUrl(`http://${text}`).ok) return;
			expect(
				a === 10 ||
					a === 127 ||
					(a === 192 && b === 168) ||
					(a === 172 && b >= 16 && b < 32) ||
					(a === 169 && b === 254),
			).toBe(true);
		}),
		{ numRuns: 3000 },
	);
});
