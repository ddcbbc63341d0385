import fc from 'fast-check';

import { readDownloadSettings } from '../../../../nodes/shared/downloads/downloadSettings';
import { MAIN_OUTPUTS } from '../../../../nodes/shared/downloads/wantedOutputs';

test('what the user leaves alone', () => {
	expect(readDownloadSettings({})).toEqual({
		types: [MAIN_OUTPUTS],
		field: 'data',
		maximumBytes: 2_000_000_000,
		maximumFiles: 50,
	});
});

test('0 means no limit', () => {
	expect(readDownloadSettings({ maximumFileSize: 0, maximumFiles: 0 })).toMatchObject({
		maximumBytes: Infinity,
		maximumFiles: Infinity,
	});
});

test('limits are megabytes and whole files', () => {
	fc.assert(
		fc.property(
			fc.double({ min: 0.001, max: 1e6, noNaN: true }),
			fc.double({ min: 0.001, max: 1e6, noNaN: true }),
			(maximumFileSize, maximumFiles) => {
				const settings = readDownloadSettings({ maximumFileSize, maximumFiles });
				expect(settings.maximumBytes).toBe(maximumFileSize * 1_000_000);
				expect(Number.isInteger(settings.maximumFiles)).toBe(true);
				expect(settings.maximumFiles - maximumFiles).toBeGreaterThanOrEqual(0);
				expect(settings.maximumFiles - maximumFiles).toBeLessThan(1);
			},
		),
	);
});

test('types from a list or from an expression that gives one text; what is no text is passed over', () => {
	expect(readDownloadSettings({ outputTypes: ['video', '', 7 as never, 'audio'] }).types).toEqual([
		'video',
		'audio',
	]);
	expect(readDownloadSettings({ outputTypes: 'video' }).types).toEqual(['video']);
});

test.each([' ', '', null, '__proto__', 'constructor', 'prototype'])(
	"the field '%s' is refused",
	(binaryField) => {
		expect(() => readDownloadSettings({ binaryField })).toThrow(
			"'Put Output File in Field' is not a name for a field",
		);
	},
);

test.each([{ maximumFileSize: -1 }, { maximumFiles: 'many' }])('%j is refused', (options) => {
	expect(() => readDownloadSettings(options)).toThrow(/is not a number/);
});
