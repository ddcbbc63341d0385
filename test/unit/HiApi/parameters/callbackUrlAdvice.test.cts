import fc from 'fast-check';

import { describeCallbackUrl } from '../../../../nodes/HiApi/parameters/callbackUrlAdvice';

const PUBLIC = 'https://n8n.example.com/webhook/6f1c/webhook';

describe('addresses without any objection', () => {
	test.each([
		PUBLIC,
		`  ${PUBLIC}\n`,
		'HTTPS://N8N.EXAMPLE.COM/webhook/x',
		'https://n8n.example.com:8443/webhook/x?token=1',
		'https://8.8.8.8/webhook/x',
		'https://172.15.0.1/',
		'https://172.32.0.1/',
		'https://100.63.255.255/',
		'https://100.128.0.0/',
		'https://[2606:4700::1111]/webhook/x',
		'https://[::ffff:8.8.8.8]/webhook/x',
		'https://localhost.example.com/',
		'https://mylocal.com/',
		'https://example.com/webhook-tests/',
	])('%s', (url) => {
		expect(describeCallbackUrl(url)).toEqual({});
	});
});

describe('refused, because HiAPI would', () => {
	test.each([
		'',
		' ',
		'n8n.example.com/webhook',
		'/webhook/x',
		'ftp://example.com/x',
		'javascript:alert(1)',
		'https://',
		'http://a b/',
		'={{ $json.url }}',
	])('%j', (url) => {
		const advice = describeCallbackUrl(url);
		expect(advice.severity).toBe('refuse');
		expect(advice.problem).toContain('http');
		expect(advice.description).toContain('https://');
	});
});

describe('warned about, because HiAPI cannot reach it', () => {
	test.each([
		'http://localhost:5678/webhook/x',
		'https://LOCALHOST/x',
		'https://n8n.localhost/x',
		'https://localhost./x',
		'https://n8n/webhook/x',
		'https://nas.local/x',
		'https://n8n.lan/x',
		'https://n8n.prod.internal/x',
		'https://router.home.arpa/x',
		'https://127.0.0.1/x',
		'https://2130706433/x',
		'https://0x7f.1/x',
		'https://0.0.0.0/x',
		'https://10.1.2.3/x',
		'https://172.16.0.1/x',
		'https://172.31.255.255/x',
		'https://192.168.1.10:5678/x',
		'https://169.254.169.254/x',
		'https://100.64.0.1/x',
		'https://198.19.0.1/x',
		'https://224.0.0.1/x',
		'https://255.255.255.255/x',
		'https://[::1]:5678/x',
		'https://[::]/x',
		'https://[fd12:3456::1]/x',
		'https://[fc00::]/x',
		'https://[fe80::1]/x',
		'https://[ff02::1]/x',
		'https://[2001:db8::1]/x',
		'https://[::ffff:192.168.0.1]/x',
		'https://[::ffff:10.0.0.1]/x',
	])('%s', (url) => {
		const advice = describeCallbackUrl(url);
		expect(advice.severity).toBe('warn');
		expect(advice.problem).toContain('cannot reach');
		expect(advice.description).toContain('WEBHOOK_URL');
	});
});

test('n8n’s test URL is warned about', () => {
	const advice = describeCallbackUrl('https://n8n.example.com/webhook-test/6f1c/webhook');
	expect(advice.severity).toBe('warn');
	expect(advice.problem).toContain('test URL');
	expect(advice.description).toContain('production URL');
});

test('plain http is warned about', () => {
	const advice = describeCallbackUrl('http://n8n.example.com/webhook/6f1c/webhook');
	expect(advice.severity).toBe('warn');
	expect(advice.description).toContain('https://');
});

test('what matters most is said first', () => {
	expect(describeCallbackUrl('http://localhost:5678/webhook-test/x').problem).toContain(
		'cannot reach',
	);
	expect(describeCallbackUrl('http://n8n.example.com/webhook-test/x').problem).toContain(
		'test URL',
	);
});

describe('where the API is in the same private network, as a simulator is', () => {
	test.each([
		'http://127.0.0.1:5678/webhook/x',
		'https://n8n/webhook/x',
		'http://n8n.example.com/x',
	])('nothing is wrong with %s', (url) => {
		expect(describeCallbackUrl(url).severity).toBe('warn');
		expect(describeCallbackUrl(url, true)).toEqual({});
	});

	test('a test URL and what is no address are still told', () => {
		expect(describeCallbackUrl('http://127.0.0.1:5678/webhook-test/x', true).problem).toContain(
			'test URL',
		);
		expect(describeCallbackUrl('n8n/webhook', true).severity).toBe('refuse');
	});
});

test('no text makes it throw, and every private IPv4 address is found in every spelling', () => {
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string(),
				fc.webUrl(),
				fc.ipV6().map((ip) => `https://[${ip}]/`),
			),
			(url) => {
				expect([undefined, 'warn', 'refuse']).toContain(describeCallbackUrl(url).severity);
			},
		),
		{ numRuns: 5_000 },
	);
	fc.assert(
		fc.property(fc.constantFrom(10, 127), fc.nat(255), fc.nat(255), fc.nat(255), (a, b, c, d) => {
			const hosts = [
				`${a}.${b}.${c}.${d}`,
				String(((a * 256 + b) * 256 + c) * 256 + d),
				`[::ffff:${a}.${b}.${c}.${d}]`,
			];
			for (const host of hosts)
				expect(describeCallbackUrl(`https://${host}/`).severity).toBe('warn');
		}),
	);
});
