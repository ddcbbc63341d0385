import { isRecord, trimmedOrUndefined } from '../../../nodes/shared/values';

test.each([{}, { a: 1 }, Object.create(null), new Date(0)])('%p is an object', (value) => {
	expect(isRecord(value)).toBe(true);
});

test.each([null, undefined, [], 'text', 0, true, () => ({})])('%p is no object', (value) => {
	expect(isRecord(value)).toBe(false);
});

test.each([
	['a', 'a'],
	[' a b\n', 'a b'],
	['0', '0'],
])('%j is the text %j', (value, text) => {
	expect(trimmedOrUndefined(value)).toBe(text);
});

test.each(['', ' ', '\n\t', '\u00A0', 0, 7, true, null, undefined, {}, [], ['a']])(
	'%p is no text',
	(value) => {
		expect(trimmedOrUndefined(value)).toBeUndefined();
	},
);
