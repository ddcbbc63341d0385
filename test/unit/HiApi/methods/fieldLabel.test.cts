import { fieldLabel } from '../../../../nodes/HiApi/methods/fieldLabel';
import type { InputField } from '../../../../nodes/HiApi/models/inputSchema';

const field = (name: string, rest: Partial<InputField> = {}): InputField => ({
	name,
	type: 'string',
	required: false,
	limits: [],
	conditions: [],
	...rest,
});

describe('fieldLabel', () => {
	it.each<[InputField, string]>([
		[field('prompt'), 'Prompt'],
		[field('prompt', { limits: ['up to 8000 characters'] }), 'Prompt (up to 8000 characters)'],
		[
			field('duration', { type: 'integer', limits: ['3 to 15'], defaultValue: 5 }),
			'Duration (3 to 15, default 5)',
		],
		[field('watermark', { type: 'boolean', defaultValue: false }), 'Watermark (default false)'],
		[
			field('image_urls', { type: 'list', entryType: 'string', limits: ['1 to 16 entries'] }),
			'Image URLs (1 to 16 entries, one, or several as a JSON list)',
		],
		[field('media', { type: 'list', entryType: 'object' }), 'Media (JSON list)'],
		[field('options', { type: 'object' }), 'Options (JSON)'],
		[
			field('background', { conditions: ['When Background is set, Resolution must be 1K'] }),
			'Background (when set, Resolution must be 1K)',
		],
		[
			field('background', {
				conditions: ['When Resolution is 2K and Background is auto, Duration must be 5'],
			}),
			'Background (when Resolution is 2K and Background is auto, Duration must be 5)',
		],
	])('%#: "%s"', (given, label) => {
		expect(fieldLabel(given)).toBe(label);
	});

	it('takes the model’s rules that are about this field', () => {
		const limits = [
			'Aspect ratio auto works only with resolution 1K',
			'Background works only with resolution 1K',
		];
		expect(fieldLabel(field('aspect_ratio', { defaultValue: 'auto' }), limits)).toBe(
			'Aspect Ratio (default auto, auto works only with resolution 1K)',
		);
		expect(fieldLabel(field('background'), limits)).toBe(
			'Background (works only with resolution 1K)',
		);
		expect(fieldLabel(field('prompt'), limits)).toBe('Prompt');
	});

	it('leaves out what does not fit, not what comes after it', () => {
		const label = fieldLabel(
			field('a', { limits: ['x'.repeat(200), '3 to 15'], conditions: ['y'.repeat(200)] }),
		);
		expect(label).toBe('A (3 to 15)');
	});
});
