import type { IDataObject } from 'n8n-workflow';

import { checkTexts, promptText } from '../../../../nodes/HiApi/parameters/promptText';
import { HiApiError } from '../../../../nodes/shared/errors/apiError';

function failureOf(work: () => unknown): HiApiError {
	try {
		work();
	} catch (error) {
		if (error instanceof HiApiError) return error;
		throw error;
	}
	throw new Error('accepted');
}

describe('promptText', () => {
	test.each<[unknown, string]>([
		['a lake', 'a lake'],
		['{"scene":"a lake"}', '{"scene":"a lake"}'],
		['["a lake"]', '["a lake"]'],
		[7, '7'],
		[true, 'true'],
		['', ''],
		[null, ''],
		[undefined, ''],
	])('%j is the prompt %j', (value, text) => expect(promptText(value)).toBe(text));

	test.each<[string, unknown, string]>([
		[
			'an object',
			{ image_prompt: 'SECRET', style: 'SECRET' },
			"'Prompt' is an object with image_prompt, style, not a text",
		],
		['an object without fields', {}, "'Prompt' is an object, not a text"],
		[
			'an object with many fields',
			Object.fromEntries('abcdefghij'.split('').map((name) => [name, 1])),
			"'Prompt' is an object with a, b, c, d, e and 5 more, not a text",
		],
		[
			'an object whose names may be content',
			{ 'a SECRET sentence': 1, ['x'.repeat(41)]: 2, title: 3 },
			"'Prompt' is an object with title and 2 more, not a text",
		],
		['a list', ['SECRET', 'SECRET'], "'Prompt' is a list of 2, not a text"],
		['a list of one', ['SECRET'], "'Prompt' is a list of 1, not a text"],
		['a date', new Date(0), "'Prompt' is an object, not a text"],
	])('%s is refused, and its content is not told', (_, value, message) => {
		const failure = failureOf(() => promptText(value, '={{ $json.output }}'));
		expect(failure.message).toBe(message);
		expect(failure.description).toContain('No task was created');
		expect(`${failure.message} ${failure.description}`).not.toContain('SECRET');
	});

	test.each<[string, IDataObject | unknown[], string | undefined, string]>([
		[
			'the field that is named like one',
			{ style: 'a', image_prompt: 'b' },
			'={{ $json.output }}',
			'{{ $json.output.image_prompt }}',
		],
		[
			'a field that holds text',
			{ count: 1, text: 'b' },
			'={{$json.output}}',
			'{{ $json.output.text }}',
		],
		[
			'a name with a hyphen',
			{ 'image-prompt': 'b' },
			'={{ $json.output }}',
			'{{ $json.output["image-prompt"] }}',
		],
		[
			'an expression that is more than a path',
			{ prompt: 'b' },
			'={{ $json.a ? 1 : 2 }}',
			'{{ $json.….prompt }}',
		],
		['no expression, as for an AI agent', { prompt: 'b' }, undefined, '{{ $json.….prompt }}'],
		['a list', ['a'], '={{ $json.scenes }}', "{{ $json.scenes.join(', ') }}"],
	])('the advice can be followed: %s', (_, value, expression, advice) => {
		expect(failureOf(() => promptText(value, expression)).description).toContain(advice);
	});

	test('an object that became part of a text is refused', () => {
		const failure = failureOf(() => promptText('A SECRET of [object Object] at dawn'));
		expect(failure.message).toBe("'Prompt' contains [object Object] in place of a text");
		expect(failure.description).not.toContain('SECRET');
	});
});

describe('checkTexts', () => {
	test('what HiAPI can use passes', () => {
		expect(() =>
			checkTexts({
				prompt: 'an [object] of art',
				style: { name: 'x', weights: [1, 2] },
				multi_prompt: [{ prompt: 'a' }],
				image_urls: ['https://x/1'],
				seed: null,
			} as unknown as IDataObject),
		).not.toThrow();
	});

	test.each<[string, unknown, string]>([
		['a text', { negative_prompt: '[object Object]' }, "'negative_prompt'"],
		[
			'deep in a list',
			{ shots: [{ text: 'ok' }, { text: 'x [object Object]' }] },
			"'shots[1].text'",
		],
		['a list in a text', { prompt: '[object Object],[object Object]' }, "'prompt'"],
		['an async function', { prompt: '[object Promise]' }, "'prompt'"],
	])('an object made text in %s is refused', (_, input, where) => {
		const failure = failureOf(() => checkTexts(input as IDataObject));
		expect(failure.message).toMatch(/ contains \[object \w+\] in place of a text$/);
		expect(failure.message).toContain(where);
	});

	test('the prompt among the fields of the model is a text as well', () => {
		const failure = failureOf(() => checkTexts({ prompt: { scene: 'SECRET' } }));
		expect(failure.message).toBe("'prompt' is an object with scene, not a text");
		expect(failure.description).not.toContain('SECRET');
		expect(failureOf(() => checkTexts({ prompt: ['SECRET', 'b'] })).message).toBe(
			"'prompt' is a list of 2, not a text",
		);
	});
});
