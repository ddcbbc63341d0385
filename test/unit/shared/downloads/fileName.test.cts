import fc from 'fast-check';

import { fileName } from '../../../../nodes/shared/downloads/fileName';

describe('fileName', () => {
	test.each([
		[
			{ taskId: 'tk-hiapi-01', model: 'gpt-image-2/text-to-image', extension: 'png' },
			'tk-hiapi-01_gpt-image-2-text-to-image.png',
		],
		[{ taskId: 'tk-1', model: 'flare@pro', extension: 'webp', number: 2 }, 'tk-1_flare@pro_2.webp'],
		[
			{ taskId: 'tk-1', model: 'wan2.7-video', extension: 'jpg', role: 'last_frame', number: 3 },
			'tk-1_wan2.7-video_last_frame_3.jpg',
		],
		[{ taskId: 'tk-1', model: '', extension: 'mp4' }, 'tk-1.mp4'],
		[
			{ taskId: '../../etc/passwd', model: 'a\\b:c*?"<>|\u0000', extension: '../sh' },
			'etc-passwd_a-b-c.sh',
		],
		[{ taskId: '…', model: '模型', extension: '' }, 'file.bin'],
	])('%j is %s', (file, expected) => expect(fileName(file)).toBe(expected));

	test('whatever comes in, the name is one harmless component and keeps number and extension', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'binary' }),
				fc.string({ unit: 'binary', maxLength: 400 }),
				fc.string({ unit: 'binary' }),
				fc.integer({ min: 1, max: 99 }),
				(taskId, model, role, number) => {
					const name = fileName({ taskId, model, role, number, extension: 'png' });
					expect(name).toMatch(/^[A-Za-z0-9@_][A-Za-z0-9.@_-]{0,180}\.png$/);
					expect(name).not.toContain('..');
					expect(name).toMatch(new RegExp(`_${number}\\.png$`));
				},
			),
		);
	});
});
