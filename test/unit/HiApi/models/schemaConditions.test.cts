import { describeConditions } from '../../../../nodes/HiApi/models/schemaConditions';

const properties = {
	background: { enum: ['auto', 'opaque'] },
	resolution: { enum: ['1K', '2K', '4K'] },
	aspect_ratio: { enum: ['auto', '1:1', '16:9'] },
	duration: { type: 'integer' },
};

const texts = (...rules: object[]) =>
	describeConditions({ properties, allOf: rules }).map(({ text }) => text);
const when = (name: string, rule?: unknown) => ({
	...(rule !== undefined && { properties: { [name]: rule } }),
	required: [name],
});

describe('describeConditions', () => {
	it.each([
		[
			when('background', { enum: ['opaque', 'auto'] }),
			{ properties: { resolution: { enum: ['1K'] } } },
			'When Background is set, Resolution must be 1K',
		],
		[
			when('background'),
			{ properties: { resolution: false } },
			'When Background is set, Resolution cannot be set',
		],
		[
			when('aspect_ratio', { const: 'auto' }),
			{ properties: { resolution: { enum: ['1K', '2K'] } } },
			'When Aspect Ratio is auto, Resolution must be 1K or 2K',
		],
		[
			when('resolution', { enum: ['2K', '4K'] }),
			{ required: ['aspect_ratio', 'duration'] },
			'When Resolution is 2K or 4K, Aspect Ratio and Duration must be set',
		],
		[
			when('resolution', { const: '4K' }),
			{ properties: { duration: { minimum: 3, maximum: 5 } } },
			'When Resolution is 4K, Duration must be at least 3 and at most 5',
		],
		[
			when('resolution', { const: '4K' }),
			{ not: { required: ['background'] } },
			'When Resolution is 4K, Background cannot be set',
		],
	])('if %j then %j', (condition, consequence, text) => {
		expect(texts({ if: condition, then: consequence })).toEqual([text]);
	});

	it('joins several conditions, and knows which fields bring the rule into force', () => {
		const rule = {
			if: {
				properties: { resolution: { const: '2K' }, background: { const: 'auto' } },
				required: ['resolution', 'background'],
			},
			then: { properties: { duration: { maximum: 5 } } },
		};
		expect(describeConditions({ properties, ...rule })).toEqual([
			{
				triggers: ['resolution', 'background'],
				text: 'When Resolution is 2K and Background is auto, Duration must be at most 5',
			},
		]);
	});

	it.each([
		[
			'the condition holds when the field is left out',
			{ if: { properties: { background: { const: 'auto' } } }, then: { required: ['duration'] } },
		],
		[
			'the condition looks at more than values',
			{ if: { not: { required: ['background'] } }, then: { required: ['duration'] } },
		],
		[
			'the condition compares',
			{ if: when('duration', { minimum: 5 }), then: { required: ['resolution'] } },
		],
		['the condition is empty', { if: {}, then: { required: ['duration'] } }],
		['the consequence is of another kind', { if: when('background'), then: { minProperties: 2 } }],
		['there is no consequence', { if: when('background') }],
		['there is no condition', { then: { required: ['duration'] } }],
	])('says nothing when %s', (_case, rule) => {
		expect(texts(rule)).toEqual([]);
	});
});
