import { parseTask } from '../../../../nodes/shared/api/task';
import { isExpired, isFresh } from '../../../../nodes/shared/downloads/downloadProblem';

const NOW = Date.parse('2026-11-21T12:00:00Z');

describe('isExpired', () => {
	const expiresAt = (expireAt: unknown) =>
		parseTask({ taskId: 't', output: [{ url: 'https://a/b', expireAt }] })!.outputs[0];

	test.each<[string, unknown, boolean]>([
		['seconds that have passed', NOW / 1000 - 1, true],
		['seconds to come', NOW / 1000 + 1, false],
		['milliseconds that have passed', NOW - 1, true],
		['milliseconds to come', NOW + 1, false],
		['an ISO text that has passed', '2026-11-21T11:59:59Z', true],
		['an ISO text without a zone', '2026-11-21T12:00:01', false],
		['zero', 0, false],
		['nothing', undefined, false],
		['null', null, false],
		['a text that is no time', 'soon', false],
	])('%s', (_, value, expected) => expect(isExpired(expiresAt(value), NOW)).toBe(expected));

	test('the very moment counts as passed', () =>
		expect(isExpired({ expiresAt: new Date(NOW).toISOString() }, NOW)).toBe(true));
});

describe('isFresh', () => {
	test.each([
		[null, true],
		[NOW / 1000, true],
		[NOW / 1000 - 599, true],
		[NOW / 1000 - 601, false],
		// HiAPI's clock may be ahead of ours.
		[NOW / 1000 + 3600, true],
	])('a task completed at %s', (completed, expected) =>
		expect(isFresh({ completed }, NOW)).toBe(expected),
	);
});
