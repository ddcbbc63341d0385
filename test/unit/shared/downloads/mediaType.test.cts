import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
	inputFileType,
	checkContent,
	plainMimeType,
	type Content,
	type LabelledFile,
} from '../../../../nodes/shared/downloads/mediaType';

const bytes = (...parts: Array<string | number[]>) =>
	Buffer.concat(
		parts.map((part) =>
			typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part),
		),
	);
const PNG = bytes([0x89], 'PNG\r\n', [0x1a, 0x0a, 0, 0, 0, 13], 'IHDR');
const NOISE = bytes([1, 2, 3, 4, 5, 250, 251]);

const check = (content: Partial<Content>) =>
	checkContent({ url: 'https://cdn.example/f', outputType: 'image', firstBytes: PNG, ...content });

describe('first bytes', () => {
	test.each<[string, Buffer, string, string]>([
		['PNG', PNG, 'image/png', 'png'],
		['JPEG', bytes([0xff, 0xd8, 0xff, 0xe0], 'JFIF'), 'image/jpeg', 'jpg'],
		['GIF', bytes('GIF89a'), 'image/gif', 'gif'],
		['WebP', bytes('RIFF', [1, 2, 3, 4], 'WEBPVP8 '), 'image/webp', 'webp'],
		['AVIF', bytes([0, 0, 0, 28], 'ftypavif'), 'image/avif', 'avif'],
		['HEIC', bytes([0, 0, 0, 28], 'ftypheic'), 'image/heic', 'heic'],
		['MP4', bytes([0, 0, 0, 28], 'ftypisom'), 'video/mp4', 'mp4'],
		['QuickTime', bytes([0, 0, 0, 20], 'ftypqt  '), 'video/quicktime', 'mov'],
		['WebM', bytes([0x1a, 0x45, 0xdf, 0xa3, 1], 'Bwebm'), 'video/webm', 'webm'],
		['Matroska', bytes([0x1a, 0x45, 0xdf, 0xa3, 1], 'Bmatroska'), 'video/x-matroska', 'mkv'],
		['AVI', bytes('RIFF', [1, 2, 3, 4], 'AVI LIST'), 'video/x-msvideo', 'avi'],
		['M4A', bytes([0, 0, 0, 28], 'ftypM4A '), 'audio/mp4', 'm4a'],
		['MP3 with a tag', bytes('ID3', [4, 0]), 'audio/mpeg', 'mp3'],
		['MP3 without', bytes([0xff, 0xfb, 0x90, 0x64]), 'audio/mpeg', 'mp3'],
		['AAC', bytes([0xff, 0xf1, 0x50, 0x80]), 'audio/aac', 'aac'],
		['WAV', bytes('RIFF', [1, 2, 3, 4], 'WAVEfmt '), 'audio/wav', 'wav'],
		['Ogg', bytes('OggS'), 'audio/ogg', 'ogg'],
		['FLAC', bytes('fLaC'), 'audio/flac', 'flac'],
		['BMP', bytes('BM', [66, 0, 0, 0, 0, 0, 0, 0, 54]), 'image/bmp', 'bmp'],
		['TIFF', bytes('II*', [0]), 'image/tiff', 'tiff'],
		['AIFF', bytes('FORM', [1, 2, 3, 4], 'AIFFCOMM'), 'audio/aiff', 'aiff'],
		['SVG', bytes('<?xml version="1.0"?>\n<svg xmlns="…">'), 'image/svg+xml', 'svg'],
	])('%s is known when nobody says what it is', (_, firstBytes, mimeType, extension) => {
		for (const contentType of [
			undefined,
			'application/octet-stream',
			'binary/octet-stream',
			'text/plain',
		]) {
			expect(check({ firstBytes, contentType })).toEqual({ ok: true, mimeType, extension });
		}
	});

	test.each(['video.mp4', 'audio.mp3'])("the simulator's %s", (name) => {
		const firstBytes = readFileSync(join(__dirname, '../../../../simulator/media', name)).subarray(
			0,
			512,
		);
		expect(check({ firstBytes, outputType: 'video' })).toMatchObject({
			ok: true,
			extension: name.split('.')[1],
		});
	});

	test.each<[string, string]>([
		['PDF', '%PDF-1.7'],
		['ZIP', 'PK\u0003\u0004'],
		['glTF', 'glTF\u0002'],
	])('%s as an output of another type', (_, text) =>
		expect(check({ firstBytes: bytes(text), outputType: 'file' })).toMatchObject({ ok: true }),
	);
});

describe('header, extension and bytes', () => {
	test.each<[string, Partial<Content>, string, string]>([
		[
			'the bytes decide, whatever header and extension say',
			{ contentType: 'image/webp', url: 'https://a/b.jpg' },
			'image/png',
			'png',
		],
		[
			'also where another kind was due',
			{ contentType: 'video/mp4', url: 'https://a/b.mp4', outputType: 'video' },
			'image/png',
			'png',
		],
		[
			'a PDF called a picture is a PDF',
			{ contentType: 'image/png', firstBytes: bytes('%PDF-1.7') },
			'application/pdf',
			'pdf',
		],
		[
			'the bytes of an MP4 do not say that it holds only sound, and the header does',
			{ contentType: 'audio/mp4', firstBytes: bytes([0, 0, 0, 28], 'ftypisom') },
			'audio/mp4',
			'm4a',
		],
		[
			'nor do those of a WebM',
			{ contentType: 'audio/webm', firstBytes: bytes([0x1a, 0x45, 0xdf, 0xa3, 1], 'Bwebm') },
			'audio/webm',
			'bin',
		],
		[
			'the header comes next',
			{ contentType: 'image/webp', url: 'https://a/b.jpg', firstBytes: NOISE },
			'image/webp',
			'webp',
		],
		[
			'in any spelling',
			{ contentType: ' Image/JPG; charset=binary', firstBytes: NOISE },
			'image/jpeg',
			'jpg',
		],
		[
			'then the extension',
			{
				contentType: 'application/octet-stream',
				url: 'https://a/b.JPEG?x=1.gif',
				firstBytes: NOISE,
			},
			'image/jpeg',
			'jpg',
		],
		[
			'a header that names no type is none',
			{ contentType: 'nonsense', url: 'https://a/b.gif', firstBytes: NOISE },
			'image/gif',
			'gif',
		],
		[
			'a picture stays one where the header says text',
			{ contentType: 'text/html' },
			'image/png',
			'png',
		],
		['or JSON', { contentType: 'application/json' }, 'image/png', 'png'],
		[
			'an unusual type keeps the extension of its address',
			{ contentType: 'image/x-exr', url: 'https://a/b.exr', firstBytes: NOISE },
			'image/x-exr',
			'exr',
		],
		[
			'nothing is known',
			{ firstBytes: NOISE, url: 'https://a/b' },
			'application/octet-stream',
			'bin',
		],
		[
			'only the extension is known',
			{ firstBytes: NOISE, url: 'https://a/b.mp4', outputType: 'video' },
			'video/mp4',
			'mp4',
		],
		[
			'an address that is none',
			{ firstBytes: NOISE, url: '::' },
			'application/octet-stream',
			'bin',
		],
	])('%s', (_, content, mimeType, extension) =>
		expect(check(content)).toEqual({ ok: true, mimeType, extension }),
	);

	test('a text output is text', () => {
		expect(
			check({ outputType: 'subtitle', contentType: 'text/vtt', firstBytes: bytes('WEBVTT') }),
		).toEqual({ ok: true, mimeType: 'text/vtt', extension: 'vtt' });
		expect(check({ outputType: 'file', firstBytes: bytes('{"a":1}') })).toEqual({
			ok: true,
			mimeType: 'application/json',
			extension: 'json',
		});
		expect(check({ outputType: 'file', firstBytes: bytes('just words') })).toEqual({
			ok: true,
			mimeType: 'text/plain',
			extension: 'txt',
		});
	});
});

describe('what is no file', () => {
	const page = (text: string) => bytes(text);
	test.each<[string, Partial<Content>, string]>([
		['nothing', { firstBytes: Buffer.alloc(0), contentType: 'image/png' }, 'empty'],
		['a page', { firstBytes: page('<!DOCTYPE html><html>'), contentType: 'text/html' }, 'page'],
		[
			'a page called a picture',
			{ firstBytes: page('\n  <HTML><head>'), contentType: 'image/png' },
			'page',
		],
		[
			'a page behind a byte order mark',
			{ firstBytes: Buffer.from('\uFEFF<!doctype HTML>'), contentType: 'image/png' },
			'page',
		],
		[
			'a page written as XML',
			{ firstBytes: page('<?xml version="1.0"?><html xmlns="x">'), contentType: 'image/png' },
			'page',
		],
		[
			'something called a page',
			{ firstBytes: NOISE, contentType: 'text/html; charset=utf-8' },
			'page',
		],
		[
			"a storage's error",
			{
				firstBytes: page('<?xml version="1.0"?><Error><Code>AccessDenied</Code>'),
				contentType: 'image/png',
			},
			'text',
		],
		[
			'the same without a declaration',
			{ firstBytes: page('<Error><Code>'), contentType: 'application/xml' },
			'text',
		],
		['JSON', { firstBytes: page('{"error":"nope"}'), contentType: 'application/json' }, 'text'],
		[
			'JSON called a clip',
			{ firstBytes: page('[{"error":1}]'), contentType: 'video/mp4', outputType: 'video' },
			'text',
		],
		[
			'words',
			{
				firstBytes: page('Service unavailable'),
				contentType: 'text/plain',
				url: 'https://a/b.png',
			},
			'text',
		],
		[
			'a page as an output of an unknown type',
			{ firstBytes: page('<html>'), outputType: 'file' },
			'page',
		],
	])('%s', (_, content, reason) => expect(check(content)).toEqual({ ok: false, reason }));
});

describe('an input file', () => {
	const typed = (file: Partial<LabelledFile>) => inputFileType({ firstBytes: PNG, ...file });
	const MP4 = bytes([0, 0, 0, 28], 'ftypisom');

	test.each<[string, Partial<LabelledFile>, string | undefined]>([
		['a stream of bytes', { mimeType: 'application/octet-stream' }, 'image/png'],
		['plain text', { mimeType: 'text/plain', fileName: 'photo' }, 'image/png'],
		['a picture of another form', { mimeType: 'image/jpeg', fileName: 'a.jpg' }, 'image/png'],
		['a video', { mimeType: 'video/mp4' }, 'image/png'],
		['nothing', { mimeType: '' }, 'image/png'],
		['audio, and may be', { mimeType: 'audio/mp4', firstBytes: MP4 }, 'audio/mp4'],
		['audio by its name', { fileName: 'a.m4a', firstBytes: MP4 }, 'audio/mp4'],
	])('labelled as %s is what its bytes are', (_, file, mimeType) =>
		expect(typed(file)).toBe(mimeType),
	);

	test.each<[string, Partial<LabelledFile>, string | undefined]>([
		['its type', { mimeType: 'Image/JPEG; quality=1' }, 'image/jpeg'],
		['its name', { mimeType: 'application/octet-stream', fileName: 'a.MP4' }, 'video/mp4'],
		[
			'its name, with a query',
			{ mimeType: 'text/plain', fileName: 'a.webp?w=1.5#x' },
			'image/webp',
		],
		[
			'its name, against a general type',
			{ mimeType: 'application/zip', fileName: 'a.gif' },
			'image/gif',
		],
		['its extension', { mimeType: '', fileExtension: 'wav' }, 'audio/wav'],
		['nothing', { mimeType: '', fileName: 'photo' }, undefined],
	])('whose bytes tell nothing is known by %s', (_, file, mimeType) =>
		expect(typed({ firstBytes: NOISE, ...file })).toBe(mimeType),
	);

	test.each<[string, string, string]>([
		['a message', 'Not found', 'text/plain'],
		['a page', '<!doctype html><p>', 'text/html'],
		['JSON', '{"error":1}', 'application/json'],
		['a PDF', '%PDF-1.7', 'application/pdf'],
	])('%s called a picture is none', (_, content, mimeType) =>
		expect(typed({ mimeType: 'image/png', fileName: 'a.png', firstBytes: bytes(content) })).toBe(
			mimeType,
		),
	);

	test('text in UTF-16 is not taken for sound', () =>
		expect(typed({ firstBytes: Buffer.from('\uFEFFhello', 'utf16le') })).toBeUndefined());
});

test('plainMimeType', () => {
	expect(plainMimeType('Audio/MP3; x=1')).toBe('audio/mpeg');
	expect(plainMimeType(undefined)).toBe('');
});
