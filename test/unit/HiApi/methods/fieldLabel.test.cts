import { fieldLabel } from '../../../../nodes/HiApi/methods/fieldLabel';
import { fieldsOf, type InputField } from '../../../../nodes/HiApi/models/inputSchema';
import { snapshot } from '../../../../nodes/HiApi/models/snapshot';

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
		[field('background', { limits: ['up to 8000 characters'] }), 'Background'],
		[
			field('duration', { type: 'integer', limits: ['3 to 15'], defaultValue: 5 }),
			'Duration (Seconds)',
		],
		[field('length', { type: 'integer' }), 'Length (Seconds)'],
		[field('length'), 'Length'],
		[field('image_urls', { type: 'list', entryType: 'string' }), 'Image URLs'],
		[field('media', { type: 'list', entryType: 'object' }), 'Media (JSON)'],
		[field('options', { type: 'object' }), 'Options (JSON)'],
	])('%#: "%s"', (given, label) => {
		expect(fieldLabel(given)).toBe(label);
	});

	it("has room in n8n's panel for every bundled model, and no limits", () => {
		const labels = snapshot.models.flatMap(({ inputSchema }) =>
			inputSchema === undefined ? [] : fieldsOf(inputSchema).map(fieldLabel),
		);
		expect(labels.filter((label) => label.length > 27)).toEqual([]);
		expect(labels.filter((label) => /\b(\d+ to \d+|up to|default|entries)\b/.test(label))).toEqual(
			[],
		);
	});
});
