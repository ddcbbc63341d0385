import fc from 'fast-check';
import type { IBinaryData, IDataObject } from 'n8n-workflow';

import {
	planFile,
	insertFiles,
	resolvePlaceholders,
	type FileTarget,
	type SendAs,
} from '../../../../../nodes/HiApi/generation/request/fileInputs';
import { linkTo } from '../../../../../nodes/HiApi/generation/request/fileLinks';
import { HiApiError } from '../../../../../nodes/shared/errors/apiError';
import { takesFiles } from '../../../../../nodes/HiApi/models/fileFields';
import { fieldsOf } from '../../../../../nodes/HiApi/models/inputSchema';
import { snapshot } from '../../../../../nodes/HiApi/models/snapshot';

const stored = (id: string, extra: Partial<IBinaryData> = {}): IBinaryData => ({
	id,
	data: 'filesystem-v2',
	mimeType: 'image/png',
	bytes: 10,
	...extra,
});
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const NOISE = Buffer.from([1, 2, 3, 250]);
const target = (field: string, sendAs: SendAs = 'inline'): FileTarget => ({
	field,
	sendAs,
	maximumBytes: 8_000_000,
});
const plan = (
	field: string,
	id = 'file-1',
	extra: Partial<IBinaryData> = {},
	firstBytes: Uint8Array = PNG,
) => planFile(target(field), { label: 'data', data: stored(id, extra) }, firstBytes);
const planLink = (id: string, extra: Partial<IBinaryData> = {}) =>
	planFile(target('image', 'link'), { label: 'data', data: stored(id, extra) }, PNG);
const nothingKnown = () => undefined;

describe('planFile', () => {
	test('the placeholder has the form of what is sent, is the same for the same file, and another for another', () => {
		expect(plan('image').placeholder).toMatch(/^data:image\/png;base64,[0-9a-f]{64}$/);
		expect(plan('image').placeholder).toBe(plan('image').placeholder);
		expect(plan('image').placeholder).not.toBe(plan('image', 'file-2').placeholder);
		expect(planLink('file-1').placeholder).toMatch(/^https:\/\/n8n\.example\/[0-9a-f]{64}$/);
	});

	test('the bytes decide what a file is, a label where they tell nothing', () => {
		const jpeg = { mimeType: 'image/jpeg', fileName: 'a.jpg' };
		expect(plan('image', 'x', jpeg).mimeType).toBe('image/png');
		expect(plan('image', 'x', jpeg, NOISE).mimeType).toBe('image/jpeg');
	});

	test.each<[string, Partial<IBinaryData>, Buffer, RegExp]>([
		['a page', { mimeType: 'text/html' }, Buffer.from('<html>'), /audio \(text\/html\)$/],
		['no label', { mimeType: '' }, NOISE, /audio \(unknown type\)$/],
		['a PDF', { mimeType: 'application/pdf' }, NOISE, /audio \(application\/pdf\)$/],
		[
			'a message that is called an image',
			{},
			Buffer.from('Not found'),
			/neither an image nor a video nor audio \(text\/plain, although it is labelled image\/png\)$/,
		],
		['an empty file', {}, Buffer.alloc(0), /is empty$/],
	])('%s is refused', (_, data, firstBytes, message) => {
		expect(() => plan('image', 'x', data, firstBytes)).toThrow(HiApiError);
		expect(() => plan('image', 'x', data, firstBytes)).toThrow(message);
	});

	test('the limit is for files inside the request, and to the byte', () => {
		expect(() => plan('image', 'x', { bytes: 8_000_000 })).not.toThrow();
		expect(() => plan('image', 'x', { bytes: 8_000_001 })).toThrow(
			/'data' has 8\.01 MB, and 'Maximum Size \(MB\)' allows 8$/,
		);
		expect(() => planLink('x', { bytes: 9e9 })).not.toThrow();
	});
});

describe('insertFiles', () => {
	const [a, b] = [plan('images', 'a'), plan('images', 'b')];

	test.each<[string, unknown, unknown]>([
		['nothing was given', undefined, [a.placeholder, b.placeholder]],
		['an empty text was given', '', [a.placeholder, b.placeholder]],
		['one address was given', 'https://x/1', ['https://x/1', a.placeholder, b.placeholder]],
		[
			'a list was given',
			['https://x/1', 'https://x/2'],
			['https://x/1', 'https://x/2', a.placeholder, b.placeholder],
		],
	])('into a list, when %s', (_, given, expected) => {
		expect(insertFiles({ images: given as string, prompt: 'p' }, [a, b], () => true)).toEqual({
			images: expected,
			prompt: 'p',
		});
	});

	test.each([
		['image', false],
		['first_frame_url', false],
		['images', true],
		['image_urls', true],
		['image_input', true],
	])('one file for the field %s of a model nobody describes: a list is %s', (field, isList) => {
		const { placeholder } = plan(field);
		expect(insertFiles({}, [plan(field)], nothingKnown)).toEqual({
			[field]: isList ? [placeholder] : placeholder,
		});
	});

	test('what the model says counts more than the name', () => {
		const { placeholder } = plan('urls');
		expect(insertFiles({}, [plan('urls')], () => false)).toEqual({ urls: placeholder });
		expect(insertFiles({}, [plan('image')], () => true)).toEqual({
			image: [plan('image').placeholder],
		});
	});

	test('a field for one file takes no second one', () => {
		expect(() => insertFiles({ image: 'https://x/1' }, [plan('image')], () => false)).toThrow(
			/'image' takes one file, and 2 were given/,
		);
	});

	test('what was given is not changed', () => {
		const given = { images: ['https://x/1'] };
		insertFiles(given, [a], () => true);
		expect(given).toEqual({ images: ['https://x/1'] });
	});

	test('a placeholder is replaced wherever it is, and nothing else is touched', () => {
		const { placeholder } = plan('image');
		fc.assert(
			fc.property(fc.jsonValue(), (json) => {
				const input = {
					json,
					list: ['x', placeholder, { deep: placeholder }],
				} as unknown as IDataObject;
				expect(resolvePlaceholders(input, new Map([[placeholder, 'data:…']]))).toEqual({
					json,
					list: ['x', 'data:…', { deep: 'data:…' }],
				});
			}),
		);
	});
});

describe('linkTo', () => {
	const HOUR = 3_600_000;
	const setup = (base: string, store: Record<string, unknown> = {}) => {
		let made = 0;
		const lifetimes: unknown[] = [];
		const ports = {
			store,
			signedUrl: (_: IBinaryData, lifetime: string) => {
				lifetimes.push(lifetime);
				return `${base}/rest/binary-data/signed?token=${++made}`;
			},
		};
		return {
			link: (id: string, nowMs = 0, apiIsLocal = false) =>
				linkTo(ports, stored(id), nowMs, apiIsLocal),
			lifetimes,
			store,
		};
	};

	test('a file has one link for two days, each file its own, over tries of the node', () => {
		const { link, lifetimes, store } = setup('https://n8n.example.com');
		const first = link('a');
		expect(link('a', 47 * HOUR)).toBe(first);
		expect(link('b')).not.toBe(first);
		expect(
			setup(
				'https://n8n.example.com',
				JSON.parse(JSON.stringify(store)) as Record<string, unknown>,
			).link('a'),
		).toBe(first);
		expect(link('a', 49 * HOUR)).not.toBe(first);
		// Whoever gets a link that is two days old still has a day to use it.
		expect(new Set(lifetimes)).toEqual(new Set(['3 days']));
	});

	test.each([
		'http://localhost:5678',
		'http://127.0.0.1:5678',
		'https://n8n.internal',
		'http://192.168.0.5:5678',
	])('%s is no address HiAPI can reach', (base) => {
		expect(() => setup(base).link('a')).toThrow(/HiAPI cannot fetch files from this n8n/);
		expect(setup(base).link('a', 0, true)).toContain(base);
	});

	test('a file in memory, or an n8n that is too old, has no links', () => {
		const inMemory = { data: 'AA==', mimeType: 'image/png' };
		const ports = { store: {}, signedUrl: () => 'x' };
		for (const link of [
			() => linkTo({ store: {} }, stored('a'), 0, false),
			() => linkTo(ports, inMemory, 0, false),
		])
			expect(link).toThrow(/cannot make links/);
	});
});

describe('takesFiles', () => {
	const names = new Set(
		snapshot.models
			.flatMap(({ inputSchema }) => (inputSchema ? fieldsOf(inputSchema) : []))
			.filter(takesFiles)
			.map(({ name }) => name),
	);

	test('finds the fields for files of the bundled models', () => {
		expect([...names].sort()).toEqual(
			[
				'audio_urls',
				'first_frame_image',
				'first_frame_url',
				'image',
				'image_input',
				'image_url',
				'image_urls',
				'input_urls',
				'last_frame_image',
				'last_frame_url',
				'reference_audio_urls',
				'reference_image',
				'reference_image_urls',
				'reference_video_urls',
				'video_urls',
			].sort(),
		);
	});

	test.each([
		'prompt',
		'audio_format',
		'generate_audio',
		'return_last_frame',
		'voice',
		'media',
		'aspect_ratio',
	])('%s is none', (name) => expect(names).not.toContain(name));
});
