import type { IBinaryData, IDataObject } from 'n8n-workflow';

import {
	findFiles,
	type FilePlace,
} from '../../../../../nodes/HiApi/generation/request/fileSources';
import { HiApiError } from '../../../../../nodes/shared/errors/apiError';

const stored = (id: string): IBinaryData => ({
	id,
	data: 'filesystem-v2',
	mimeType: 'image/png',
	fileName: `${id}.png`,
});
const [a, b, c] = ['a', 'b', 'c'].map(stored);

/** An item as a form with several files gives it. */
const place = (item: Partial<FilePlace['item']> = {}, isTool = false): FilePlace => ({
	item: { json: {}, binary: { data: a, photos_0: b, photos_1: c }, ...item },
	isTool,
});
const combined = place({
	json: { _files: { data: a, photos_0: b }, photos: [b, c], one: a } as unknown as IDataObject,
	binary: undefined,
});

const found = (given: unknown, where = place()) =>
	findFiles(given, where).map(({ label, data }) => [label, data.id]);

function failureOf(given: unknown, where = place()): HiApiError {
	try {
		findFiles(given, where);
	} catch (error) {
		if (error instanceof HiApiError) return error;
		throw error;
	}
	throw new Error('accepted');
}

const BY_EXPRESSION = 'Input Data Field Name';

test.each<[string, unknown, Array<[string, string]>]>([
	['a name', 'data', [['data', 'a']]],
	[
		'several names',
		' data , photos_1 ',
		[
			['data', 'a'],
			['photos_1', 'c'],
		],
	],
	[
		'a list of names',
		['photos_0', 'photos_1'],
		[
			['photos_0', 'b'],
			['photos_1', 'c'],
		],
	],
	[
		'a list of names as an agent writes it',
		'["photos_0","photos_1"]',
		[
			['photos_0', 'b'],
			['photos_1', 'c'],
		],
	],
	['a file', c, [[BY_EXPRESSION, 'c']]],
	[
		'a list of files',
		[a, c],
		[
			[BY_EXPRESSION, 'a'],
			[BY_EXPRESSION, 'c'],
		],
	],
	[
		'names and files',
		['data', c],
		[
			['data', 'a'],
			[BY_EXPRESSION, 'c'],
		],
	],
	[
		'all files by name, as {{ $binary }} gives them',
		{ data: a, x: b },
		[
			[BY_EXPRESSION, 'a'],
			[BY_EXPRESSION, 'b'],
		],
	],
	[
		'a file without its content, as {{ $binary.data }} gives it',
		{ ...b, data: undefined },
		[[BY_EXPRESSION, 'b']],
	],
])('%s', (_, given, files) => expect(found(given)).toEqual(files));

test.each<[string, unknown, Array<[string, string]>]>([
	['the name alone', 'data', [['data', 'a']]],
	['the path n8n shows', '_files.photos_0', [['_files.photos_0', 'b']]],
	['a field with a file', 'one', [['one', 'a']]],
	[
		'a field with several files',
		'photos',
		[
			['photos', 'b'],
			['photos', 'c'],
		],
	],
	['one of them', 'photos[1]', [['photos[1]', 'c']]],
	[
		'all files',
		{ data: a, photos_0: b },
		[
			[BY_EXPRESSION, 'a'],
			[BY_EXPRESSION, 'b'],
		],
	],
])('where JSON and files are combined: %s', (_, given, files) =>
	expect(found(given, combined)).toEqual(files),
);

describe('files n8n keeps in memory, whose content {{ $binary }} leaves out', () => {
	const memory = (fileName: string): IBinaryData => ({
		data: 'AAAA',
		mimeType: 'image/png',
		fileName,
	});
	const inMemory = place({ binary: { x: memory('x.png'), y: memory('y.png') } });
	const described = (fileName: string) => ({ mimeType: 'image/png', fileName });

	test('are found among those of the item', () => {
		expect(findFiles(described('y.png'), inMemory)[0].data).toEqual(memory('y.png'));
		expect(findFiles({ x: described('x.png'), y: described('y.png') }, inMemory)).toHaveLength(2);
	});

	test('are not guessed', () => {
		expect(failureOf(described('z.png'), inMemory).message).toMatch(/not the name of a file$/);
		const twins = place({ binary: { x: memory('x.png'), y: memory('x.png') } });
		expect(failureOf(described('x.png'), twins).message).toMatch(/not the name of a file$/);
	});
});

describe('what is no file', () => {
	const SECRET = 'iVBORw0KGgoSECRET'.repeat(10);
	test.each<[string, unknown, string]>([
		[
			'content as text',
			SECRET,
			"'Input Data Field Name' holds the content of a file, not its name",
		],
		[
			'a data URI',
			`data:image/png;base64,${SECRET}`,
			"'Input Data Field Name' holds the content of a file, not its name",
		],
		[
			'a short data URI',
			'data:,SECRET',
			"'Input Data Field Name' holds the content of a file, not its name",
		],
		[
			'content in a list',
			['data', SECRET],
			"'Input Data Field Name' holds the content of a file, not its name",
		],
		[
			'markup',
			'<svg>SECRET</svg>',
			"'Input Data Field Name' holds the content of a file, not its name",
		],
		[
			'several lines',
			'SECRET\nSECRET',
			"'Input Data Field Name' holds the content of a file, not its name",
		],
		[
			'a link',
			'https://example.com/SECRET.png',
			"'Input Data Field Name' holds a link, not the name of a file",
		],
		['a number', 7, "'Input Data Field Name' is a number, not the name of a file"],
		[
			'another object',
			{ file_id: 'SECRET', file_size: 7 },
			"'Input Data Field Name' is an object with file_id, file_size, not the name of a file",
		],
		[
			'a list of other objects',
			[{ filename: 'SECRET' }],
			"'Input Data Field Name' is an object with filename, not the name of a file",
		],
		['no name', ' , ', "'Input Data Field Name' is empty"],
		['an expression that found nothing', undefined, "'Input Data Field Name' is empty"],
		['an empty list', [], "'Input Data Field Name' gave no file"],
		['no files', {}, "'Input Data Field Name' gave no file"],
		['a name of another file', 'photo', "The item has no file in 'photo'"],
		['what every object has', '__proto__', "The item has no file in '__proto__'"],
	])('%s is told in one sentence, without the content', (_, given, message) => {
		const failure = failureOf(given);
		expect(failure.message).toBe(message);
		expect(failure.description).toContain('No task was created for this item.');
		expect(`${failure.message} ${failure.description}`).not.toContain('SECRET');
	});

	test('the files there are, are named', () =>
		expect(failureOf('photo').description).toMatch(/^It has: data, photos_0, photos_1\./));

	test.each<[string, FilePlace, RegExp]>([
		['an item without files', place({ binary: undefined }), /no files at all/],
		[
			'the tool of an agent',
			place({ binary: undefined }, true),
			/An AI agent hands its tools no files.*first\(\)\.binary/,
		],
		['combined JSON and files', combined, /^It has: data, photos_0\./],
	])('%s: what to do instead', (_, where, description) =>
		expect(failureOf('photo', where).description).toMatch(description),
	);
});
