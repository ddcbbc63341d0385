import type { IDataObject } from 'n8n-workflow';

import { outcomeHint } from '../../../../../nodes/HiApi/actions/task/outcomeHint';

const items = (...jsons: IDataObject[]) =>
	jsons.map((json, item) => ({ json, pairedItem: { item } }));
const good = { status: 'success' };
const bad = { error: 'No' };

test.each([
	[items(good), undefined],
	[items(good, good), undefined],
	[items(bad), undefined],
	[items(good, bad, good, bad), '2 of 4 failed: items 1, 3.'],
	[items(bad, { timedOut: true }), '1 of 2 failed: item 0; 1 of 2 not finished in time: item 1.'],
])('case %#', (given, hint) => {
	expect(outcomeHint(given)).toBe(hint);
});

test('an item with several failed variations is named once, and a long list is cut', () => {
	const twice = [0, 0].map((item) => ({ json: bad, pairedItem: { item } }));
	expect(outcomeHint(twice)).toBe('2 of 2 failed: item 0.');
	const many = items(...Array.from({ length: 30 }, () => bad));
	expect(outcomeHint(many)).toMatch(/ 19, …\.$/);
});
