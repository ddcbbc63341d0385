import type { IBinaryData, IDataObject } from 'n8n-workflow';

import { fileToTake, imageOfItem } from '../../../../../nodes/HiApi/generation/request/itemImage';

const NOW = Date.parse('2026-11-27T12:00:00Z');
const url = 'https://temp.example.com/a.png';

const task = (expiresAt: string | null, type = 'image'): IDataObject => ({
	taskId: 'tk-1',
	status: 'success',
	url,
	outputs: [{ url, type, expiresAt }],
});
const file = (mimeType: string): IBinaryData => ({ mimeType, data: 'AAAA' });
const look = (json: IDataObject, binary?: Record<string, IBinaryData>) =>
	imageOfItem({ json, ...(binary && { binary }) }, NOW);

describe('imageOfItem', () => {
	it.each([
		['2026-11-27T13:00:00Z', true],
		['2026-11-27T12:59:59Z', false],
		['2026-11-26T12:00:00Z', false],
		[null, true],
	])('a link that expires at %s can be given away: %s', (expiresAt, isValid) => {
		expect(look(task(expiresAt))).toMatchObject({ link: url, isValid });
	});

	it("reads HiAPI's own task object too", () => {
		const json = {
			taskId: 'tk-1',
			status: 'success',
			output: [{ url, type: 'image', expireAt: NOW / 1000 + 7200 }],
		};
		expect(look(json)).toMatchObject({ link: url, isValid: true });
	});

	it('takes no link of a video or of another node for that of an image', () => {
		expect(look(task(null, 'video'))).not.toHaveProperty('link');
		expect(look({ url, outputs: [{ url, type: 'image' }] })).not.toHaveProperty('link');
	});

	it('finds the files that are images', () => {
		const { names } = look({}, { data: file('application/pdf'), photo: file('image/png') });
		expect(names).toEqual(['photo']);
		expect(look({}, { data: file('application/octet-stream') }).names).toEqual(['data']);
		expect(look({ _files: { shot: file('image/png') } as never }).names).toEqual(['shot']);
	});
});

describe('fileToTake', () => {
	const take = (json: IDataObject, binary?: Record<string, IBinaryData>) =>
		fileToTake(look(json, binary), 3);
	const png = file('image/png');

	it('is the only image, or the one n8n calls data', () => {
		expect(take({}, { photo: png })).toBe('photo');
		expect(take({}, { logo: png, data: png })).toBe('data');
	});

	it('says what is missing, and in which item', () => {
		expect(() => take({})).toThrow('Item 3 has no image');
		expect(() => take({}, { a: png, b: png })).toThrow('Item 3 has several images: a, b');
		expect(() => take(task('2026-11-27T12:30:00Z'))).toThrow(
			'The link of the image in item 3 is valid until 2026-11-27T12:30:00.000Z only, and the item has no file',
		);
	});
});
