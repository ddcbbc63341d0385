import { inputProblems } from '../../simulator/schemaWording.cts';
import { listedModels } from '../../simulator/models/index.cts';

const schemaOf = (name: string) => listedModels().find((listed) => listed.name === name)!.schema!;
const problems = (name: string, input: unknown) => inputProblems(schemaOf(name), input);

const happyhorse = 'happyhorse-1.1/text-to-video';

describe('the wording of input problems', () => {
	it.each([
		[happyhorse, { prompt: 'p', seed: 1 }, ["additional properties 'seed' not allowed"]],
		[happyhorse, { prompt: 'p', a: 1, b: 2 }, ["additional properties 'a', 'b' not allowed"]],
		[happyhorse, {}, ["missing property 'prompt'"]],
		['gpt-image-2/text-to-image@ext', {}, ["missing properties 'prompt', 'resolution', 'quality'"]],
		[happyhorse, { prompt: 'p', duration: '5' }, ['duration: got string, want integer']],
		[happyhorse, { prompt: 'p', duration: 5.5 }, ['duration: got number, want integer']],
		[happyhorse, { prompt: 'p', duration: true }, ['duration: got boolean, want integer']],
		[happyhorse, { prompt: null }, ['prompt: got null, want string']],
		[happyhorse, { prompt: 'p', duration: 0 }, ['duration: minimum: got 0, want 3']],
		[happyhorse, { prompt: '' }, ['prompt: minLength: got 0, want 1']],
		[happyhorse, { prompt: 'p', aspect_ratio: 5 }, ['aspect_ratio: got number, want string']],
		['seedance-2.0', { prompt: 'ab' }, ['prompt: minLength: got 2, want 3']],
		['seedance-2.0', { prompt: '\u753b\u{1F600}' }, ['prompt: minLength: got 2, want 3']],
		[
			'seedance-2.0',
			{ prompt: 'abc', reference_video_urls: Array(4).fill('https://e.com/x') },
			['reference_video_urls: maxItems: got 4, want 3'],
		],
		[
			'seedance-2.0',
			{ prompt: 'abc', generate_audio: 'yes' },
			['generate_audio: got string, want boolean'],
		],
		[
			'seedance-2.0',
			{ prompt: 'abc', first_frame_url: 'x.png' },
			["first_frame_url: 'x.png' is not valid uri: relative url"],
		],
		[
			'gpt-image-2/image-to-image',
			{ prompt: 'p', input_urls: [] },
			['input_urls: minItems: got 0, want 1'],
		],
		[
			'gpt-image-2/image-to-image',
			{ prompt: 'p', input_urls: [1] },
			['input_urls.0: got number, want string'],
		],
		[
			'gpt-image-2.5-flare/text-to-image',
			{ prompt: 'p', background: 'auto', resolution: '2K' },
			["resolution: value must be '1K'"],
		],
		[
			'gpt-image-2/text-to-image',
			{ prompt: 'p'.repeat(20001) },
			['prompt: maxLength: got 20001, want 20000'],
		],
	])('%s %j', (name, input, expected) => {
		expect(problems(name, input)).toEqual(expected);
	});

	it('finds nothing wrong with right inputs, whole numbers with a zero fraction among them', () => {
		expect(problems(happyhorse, JSON.parse('{"prompt":"p","duration":5.0}'))).toEqual([]);
		expect(
			problems('gpt-image-2.5-flare/text-to-image', {
				prompt: 'p',
				background: 'auto',
				resolution: '1K',
			}),
		).toEqual([]);
		expect(
			problems('gpt-image-2.5-flare/text-to-image', { prompt: 'p', background: 'auto' }),
		).toEqual([]);
		expect(
			problems('gpt-image-2.5-flare/text-to-image', { prompt: 'p', resolution: '4K' }),
		).toEqual([]);
		expect(
			problems('seedance-2.0', {
				prompt: 'abc',
				first_frame_url: 'asset://1',
				last_frame_url: 'data:image/png;base64,AAAA',
			}),
		).toEqual([]);
	});

	it('says several kinds of problem in one go, unknown and missing fields first', () => {
		expect(problems('qwen-image-2.0', { size: '1x1', seed: -1, extra: 1 })).toEqual([
			"additional properties 'extra' not allowed",
			"missing property 'prompt'",
			"size: value must be one of '2688*1536', '2368*1728', '2048*2048', '1728*2368', '1536*2688'",
			'seed: minimum: got -1, want 0',
		]);
	});

	it.each([
		[{ pattern: '^a$' }, "it's", "'it\\'s' does not match pattern '^a$'"],
		[{ const: 3 }, 4, 'value must be 3'],
		[{ enum: [null, 1, 'x'] }, 2, "value must be one of <nil>, 1, 'x'"],
		[{ enum: [{}] }, 2, 'enum failed'],
		[{ type: ['string', 'null'] }, 2, 'got number, want string or null'],
		[{ multipleOf: 8 }, 9, 'multipleOf: got 9, want 8'],
		[{ exclusiveMinimum: 0 }, 0, 'exclusiveMinimum: got 0, want 0'],
		[{ uniqueItems: true }, [1, 2, 1], 'items at 0 and 2 are equal'],
		[{ not: {} }, 1, 'not failed'],
		[{ minProperties: 1 }, {}, 'minProperties: got 0, want 1'],
		[{ oneOf: [{ type: 'integer' }, { minimum: 1 }] }, 5, 'oneOf failed, subschemas 0, 1 matched'],
	])('%j', (schema, value, expected) => {
		expect(inputProblems({ properties: { field: schema } }, { field: value })).toEqual([
			`field: ${expected}`,
		]);
	});

	it('joins nested names with the separator asked for', () => {
		const schema = { properties: { a: { properties: { b: { type: 'string' } } } } };
		expect(inputProblems(schema, { a: { b: 1 } }, '/')).toEqual(['a/b: got number, want string']);
	});
});
