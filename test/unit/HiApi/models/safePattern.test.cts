import { matchesPattern } from '../../../../nodes/HiApi/models/safePattern';

// of gpt-image-2.5-flare@pro's image_urls (hiapi-gpt-image-2-5-skill, captured 2026-10-05)
const LINKS_ONLY = '^[hH][tT][tT][pP][sS]?://[^\\s/?#]+(?::[0-9]{1,5})?(?:[/?#][^\\s]*)?$';

describe('matchesPattern', () => {
	it.each([
		['^[0-9]{3,5}x[0-9]{3,5}$', '1024x768', true],
		['^[0-9]{3,5}x[0-9]{3,5}$', '1024*768', false],
		['^(auto|[0-9]+)$', 'auto', true],
		['^(auto|[0-9]+)$', 'automatic', false],
		['^tk-[a-z0-9]+$', 'tk-abc', true],
		['^https?://', 'ftp://x', false],
		['^\\+[0-9]+$', '+1', true],
		['^\\d{2}:\\d{2}$', '12:x0', false],
		['^.*a.*b$', 'xaxxb', true],
		['^a(?:bc)?$', 'abc', true],
		[LINKS_ONLY, 'https://example.com:8080/a.png?size=1', true],
		[LINKS_ONLY, 'data:image/png;base64,AAAA', false],
		[LINKS_ONLY, 'asset://x', false],
		[LINKS_ONLY, 'https://example.com/a b', false],
		[LINKS_ONLY, 'https://example.com/a\u00a0b', undefined], // a space to JavaScript only
	])('judges %s on %s: %s', (pattern, text, expected) => {
		expect(matchesPattern(pattern, text)).toBe(expected);
	});

	it.each([
		'^\\S+$', // Go knows fewer spaces
		'(?i)auto', // flags are written differently
		'(?=x)', // unknown to Go
		'^(a+)+$', // for ever
		'^(a|a)*$',
		'^.*a.*b.*c$',
		'a(?:b+)*',
		`^${'a?'.repeat(40)}${'a'.repeat(40)}$`,
		'\\p{Han}', // other tables
		'[[:alpha:]]',
		'(',
		'a'.repeat(400),
	])('does not judge %s', (pattern) => {
		expect(matchesPattern(pattern, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')).toBeUndefined();
	});

	it('judges long texts only where that takes no time', () => {
		expect(matchesPattern(LINKS_ONLY, `https://${'a'.repeat(1900)}`)).toBe(true);
		expect(matchesPattern(LINKS_ONLY, `https://${'a'.repeat(2000)}`)).toBeUndefined();
		expect(matchesPattern('^[a-z]+[0-9]$', 'a'.repeat(20_000))).toBe(false);
		expect(matchesPattern('[a-z]+!', 'a'.repeat(20_000))).toBeUndefined();
		expect(matchesPattern('[a-z]+!', 'a'.repeat(2000))).toBe(false);
	});
});
