import type { IDataObject } from 'n8n-workflow';

import { outcomeHint } from '../../../../../nodes/HiApi/actions/task/outcomeHint';

const items = (...jsons: IDataObject[]) =>
	jsons.map((json, item) => ({ json, pairedItem: { item } }));
const good = { status: 'success' };
const bad = { error: 'No' };

test.each([
	[items(good), undefined],
	[items(good, good), '2 of 2 succeeded.'],
	[items(good, bad, good, bad), '2 of 4 succeeded, 2 failed (items 1, 3).'],
	[
		items(bad, { timedOut: true }),
		'0 of 2 succeeded, 1 failed (item 0), 1 not finished in time (item 1).',
	],
])('case %#', (given, hint) => {
	expect(outcomeHint(given)).toBe(hint);
});

test('an item with several failed variations is named once, and a long list is cut', () => {
	const twice = [0, 0].map((item) => ({ json: bad, pairedItem: { item } }));
	expect(outcomeHint(twice)).toBe('0 of 2 succeeded, 2 failed (item 0).');
	const many = items(...Array.from({ length: 30 }, () => bad));
	expect(outcomeHint(many)).toMatch(/ 19, …\)\.$/);
});
