import { readState, type PollingState } from '../../../nodes/HiApiPollingTrigger/state';

const state: PollingState = {
	watermark: 5,
	readTo: 7,
	seenFinished: [['a', 6]],
	pending: [['b', 3]],
	checkpoint: { at: 1, newest: 2 },
};

test('a state comes back as it was, without what does not belong to it', () => {
	expect(readState(state)).toEqual(state);
	expect(readState({ ...state, credentialId: 'c' })).toEqual(state);
	const { checkpoint: _, ...rest } = state;
	expect(readState(rest)).toEqual(rest);
});

test('it is a copy', () => {
	const read = readState(state);
	expect(read?.seenFinished).not.toBe(state.seenFinished);
	expect(read?.checkpoint).not.toBe(state.checkpoint);
});

test.each([
	undefined,
	null,
	'text',
	[],
	{},
	{ ...state, watermark: '5' },
	{ ...state, watermark: Number.NaN },
	{ ...state, seenFinished: undefined },
	{ ...state, seenFinished: { a: 6 } },
	{ ...state, seenFinished: [['a']] },
	{ ...state, seenFinished: ['a'] },
	{ ...state, pending: [['', 3]] },
	{ ...state, pending: [[3, 'b']] },
])('what is no state is none: %j', (value) => {
	expect(readState(value)).toBeUndefined();
});

test('half a checkpoint is left out, and without an end of what was read it is the watermark', () => {
	expect(readState({ ...state, checkpoint: { at: 1 }, readTo: 'here' })).toEqual({
		watermark: 5,
		readTo: 5,
		seenFinished: [['a', 6]],
		pending: [['b', 3]],
	});
});
