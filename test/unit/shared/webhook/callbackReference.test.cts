import { withReference } from '../../../../nodes/shared/webhook/callback';

const HOOK = 'https://n8n.example.com/webhook/1f/webhook';

it.each([
	[HOOK, 'row-42', `${HOOK}?reference=row-42`],
	[`${HOOK}?a=1`, 'row 1', `${HOOK}?a=1&reference=row%201`],
	[`${HOOK}?`, 'x', `${HOOK}?reference=x`],
	[`${HOOK}?a=1&`, 'x', `${HOOK}?a=1&reference=x`],
	[`${HOOK}#part`, 'x', `${HOOK}?reference=x`],
	[
		'https://n8n.example.com/base/webhook-test/1f',
		'x',
		'https://n8n.example.com/base/webhook-test/1f?reference=x',
	],
])('%s carries %s as %s', (url, reference, expected) => {
	expect(withReference(url, reference)).toBe(expected);
});

it.each(['Größe & Farbe #3', 'a=b&c=d', '画像/1?', '%41+ ', '🎨'])(
	'%s comes back as it was',
	(text) => {
		const url = new URL(withReference(`${HOOK}?q=%C3%A4%20b`, text));
		expect(url.searchParams.get('reference')).toBe(text);
		expect(url.search.startsWith('?q=%C3%A4%20b&')).toBe(true);
	},
);

it.each([
	['https://example.com/hooks/hiapi?token=1'],
	[`${HOOK}?reference=mine`],
	['https://example.com/webhooks/1'],
])('leaves %s alone', (url) => {
	expect(withReference(url, 'x')).toBe(url);
});
