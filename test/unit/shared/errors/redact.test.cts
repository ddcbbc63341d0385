import { redact } from '../../../../nodes/shared/errors/redact';

test('leaves an ordinary text as it is', () => {
	const text = "invalid input: duration: maximum: got 99, want 15; 'ask-me' and data: are fine";
	expect(redact(text)).toBe(text);
});

test.each(['sk-abcdefghijklmnop0123456789', 'hi-sk-live_ABCDEF-123', 'SK-ABCDEFGH'])(
	'never shows the key %s',
	(key) => {
		const shown = redact(`Incorrect API key provided: ${key}. Sent as "Bearer ${key}"`);
		expect(shown).toContain('Incorrect API key provided: ');
		expect(shown).not.toContain(key.slice(-6));
	},
);

test('never shows what follows Bearer, whatever its form', () => {
	expect(redact('got Authorization: Bearer 0123-opaque')).toBe('got Authorization: Bearer …');
});

test('leaves out the content of a refused data URI', () => {
	const content = 'iVBORw0KGgoAAAANSUhEUg'.repeat(5000);
	expect(
		redact(`invalid input: image_urls/0: 'data:image/png;base64,${content}' is not valid uri`),
	).not.toContain('iVBOR');
	expect(redact("'data:image/png;charset=x;base64,AAAA' is not valid uri")).toBe(
		"'data:image/png;charset=x;base64,…' is not valid uri",
	);
});

test('cuts long texts, and quickly', () => {
	const started = Date.now();
	for (const long of [
		'a'.repeat(5e6),
		'data:'.repeat(1e6),
		`data:${'a'.repeat(5e6)}`,
		'sk-'.repeat(1e6),
		'Bearer '.repeat(1e6),
	]) {
		expect(redact(long).length).toBeLessThanOrEqual(1001);
	}
	expect(Date.now() - started).toBeLessThan(20_000);
});
