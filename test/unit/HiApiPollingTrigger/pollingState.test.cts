import { readState, type PollingState } from '../../../nodes/HiApiPollingTrigger/pollingState';

const state: PollingState = {
	floor: 5,
	settled: [['a', 6]],
	pending: [['b', 3]],
	mark: { at: 1, newest: 2 },
	sweep: { startedAt: 1, newest: 2, floorAfter: 3, below: 4, page: 5, entriesBefore: 6 },
};

test('a state comes back as it was, without what does not belong to it', () => {
	expect(readState(state)).toEqual(state);
	expect(readState({ ...state, credentialId: 'c' })).toEqual(state);
	expect(readState({ floor: 0, settled: [], pending: [] })).toEqual({
		floor: 0,
		settled: [],
		pending: [],
	});
});

test('it is a copy', () => {
	const read = readState(state);
	expect(read?.settled).not.toBe(state.settled);
	expect(read?.sweep).not.toBe(state.sweep);
});

test.each([
	undefined,
	null,
	'text',
	[],
	{},
	{ ...state, floor: '5' },
	{ ...state, floor: Number.NaN },
	{ ...state, settled: undefined },
	{ ...state, settled: { a: 6 } },
	{ ...state, settled: [['a']] },
	{ ...state, settled: ['a'] },
	{ ...state, pending: [['', 3]] },
	{ ...state, pending: [[3, 'b']] },
])('what is no state is none: %j', (value) => {
	expect(readState(value)).toBeUndefined();
});

test('half a mark or half a sweep is left out', () => {
	expect(readState({ ...state, mark: { at: 1 }, sweep: { ...state.sweep, page: 'one' } })).toEqual({
		floor: 5,
		settled: [['a', 6]],
		pending: [['b', 3]],
	});
});
