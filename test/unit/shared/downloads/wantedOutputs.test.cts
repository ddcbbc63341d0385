import type { TaskOutput } from '../../../../nodes/shared/api/task';
import { wantedOutputs } from '../../../../nodes/shared/downloads/wantedOutputs';

const output = (type: string, url = `https://cdn.example/${type}`): TaskOutput => ({
	url,
	type,
	expiresAt: null,
});

describe('wantedOutputs', () => {
	const outputs = ['first_frame', 'video', 'thumbnail', 'video', 'subtitle', 'last_frame'].map(
		(type) => output(type),
	);
	const places = (types: string[], of = outputs) =>
		wantedOutputs(of, types).map(({ index }) => index);

	test.each<[string, string[], number[]]>([
		['main: everything but frames and thumbnails, types of tomorrow included', ['main'], [1, 3, 4]],
		['all', ['all'], [0, 1, 2, 3, 4, 5]],
		['one type', ['last_frame'], [5]],
		['a type nobody knows yet', ['subtitle'], [4]],
		['main and one more', ['main', 'last_frame'], [1, 3, 4, 5]],
		['a type the task has not', ['audio'], []],
		['nothing', [], []],
	])('%s', (_, types, expected) => expect(places(types)).toEqual(expected));

	test('a task that has only frames has its first one as main', () => {
		expect(places(['main'], [output('last_frame'), output('thumbnail')])).toEqual([0]);
		expect(places(['main'], [])).toEqual([]);
	});

	test('the output itself is kept', () => {
		expect(wantedOutputs(outputs, ['thumbnail'])).toEqual([{ ...outputs[2], index: 2 }]);
	});
});
