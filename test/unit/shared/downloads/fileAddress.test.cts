import { checkAddress } from '../../../../nodes/shared/downloads/fileAddress';

describe('checkAddress', () => {
	const PRIVATE = [
		'http://localhost/a',
		'http://127.0.0.1:8080/a',
		'https://10.1.2.3/a',
		'http://192.168.0.10/a',
		'http://172.20.0.1/a',
		'http://169.254.169.254/latest/meta-data',
		'http://2130706433/',
		'http://0x7f.1/',
		'http://[::1]/',
		'http://[::ffff:10.0.0.1]/',
		'http://[fd00::1]/',
		'http://metadata/',
		'http://metadata.google.internal/',
		'http://redis.local./',
		'http://0.0.0.0/',
	];

	test.each(PRIVATE)('%s is refused unless the API is in a private network too', (address) => {
		expect(checkAddress(address, undefined, false)).toEqual({ ok: false, reason: 'private' });
		expect(checkAddress(address, 'https://cdn.hiapi.ai/x', false)).toEqual({
			ok: false,
			reason: 'private',
		});
		expect(checkAddress(address, undefined, true)).toMatchObject({ ok: true });
	});

	test.each([
		'ftp://cdn.hiapi.ai/a',
		'file:///etc/passwd',
		'data:text/plain,x',
		'javascript:alert(1)',
		'/relative',
		'http://',
		'',
	])('%s is no address of the web', (address) => {
		expect(checkAddress(address, undefined, true)).toEqual({ ok: false, reason: 'notHttp' });
	});

	test('a redirect is judged where it leads', () => {
		expect(checkAddress('/b?c=1', 'https://cdn.hiapi.ai/a/x', false)).toEqual({
			ok: true,
			url: 'https://cdn.hiapi.ai/b?c=1',
		});
		expect(checkAddress('//127.0.0.1/b', 'https://cdn.hiapi.ai/a', false)).toEqual({
			ok: false,
			reason: 'private',
		});
		expect(checkAddress('file:///etc/passwd', 'https://cdn.hiapi.ai/a', false)).toEqual({
			ok: false,
			reason: 'notHttp',
		});
		expect(checkAddress('https://other.example/b', 'https://cdn.hiapi.ai/a', false)).toEqual({
			ok: true,
			url: 'https://other.example/b',
		});
	});
});
