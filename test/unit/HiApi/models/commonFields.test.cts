import { commonFields } from '../../../../nodes/HiApi/models/commonFields';

describe('commonFields', () => {
	const fields = commonFields();
	const typeOf = (name: string) => {
		const field = fields.find((candidate) => candidate.name === name);
		return field && [field.type, field.entryType].filter(Boolean).join(' of ');
	};

	it('starts with what most models have and leaves out what few have', () => {
		expect(fields[0].name).toBe('prompt');
		expect(fields.map(({ name }) => name)).toEqual(
			expect.arrayContaining(['aspect_ratio', 'resolution', 'duration', 'image_urls']),
		);
		expect(fields.map(({ name }) => name)).not.toContain('dialogue');
	});

	it('promises nothing about a model it does not know', () => {
		for (const field of fields) {
			expect(field).toMatchObject({ required: false, limits: [], conditions: [] });
			expect([field.choices, field.defaultValue]).toEqual([undefined, undefined]);
		}
	});

	it.each([
		['prompt', 'string'],
		['duration', 'integer'],
		['image_urls', 'list of string'],
		['seed', 'any'], // a number for most, a text for one
	])('%s is %s', (name, type) => {
		expect(typeOf(name)).toBe(type);
	});
});
