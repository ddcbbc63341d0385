import { catalogBaseUrl } from '../../../../nodes/HiApi/models/catalogUrl';

describe('catalogBaseUrl', () => {
	it.each([
		['https://api.hiapi.ai/v1', undefined, 'https://www.hiapi.ai'],
		['https://api.hiapi.ai/v1', '', 'https://www.hiapi.ai'],
		['https://hiapi.example.com/v1', '', undefined],
		['http://127.0.0.1:4010/v1', ' http://127.0.0.1:4011/ ', 'http://127.0.0.1:4011'],
		[
			'https://api.hiapi.ai/v1',
			'https://mirror.example.com/hiapi/',
			'https://mirror.example.com/hiapi',
		],
		['https://api.hiapi.ai/v1', 'ftp://x', undefined],
		['https://api.hiapi.ai/v1', 'none', undefined],
		['https://api.hiapi.ai.evil.example.com/v1', '', undefined],
		['no url', '', undefined],
		['https://api.hiapi.ai/v1', 5, 'https://www.hiapi.ai'],
	])('%s with %j is %s', (apiBaseUrl, setting, expected) => {
		expect(catalogBaseUrl(apiBaseUrl, setting)).toBe(expected);
	});
});
