import fc from 'fast-check';

import {
	readInput,
	serialiseTaskRequest,
	type TaskRequest,
} from '../../../../../nodes/HiApi/generation/request/requestBody';

const inputOf = (json: unknown, prompt = '') => {
	const result = readInput(json, prompt);
	if (!result.ok) throw new Error(result.problem.message);
	return result.input;
};
const problemOf = (json: unknown, prompt = '') => {
	const result = readInput(json, prompt);
	if (result.ok) throw new Error(`accepted ${JSON.stringify(result.input)}`);
	return result.problem;
};

describe('the input', () => {
	test.each([undefined, null, '', '  \n', '{}', {}, 'null'])('%p is an empty one', (json) => {
		expect(inputOf(json)).toEqual({});
	});

	test('may be text or an object', () => {
		expect(inputOf('{"aspect_ratio":"16:9"}')).toEqual({ aspect_ratio: '16:9' });
		expect(inputOf({ duration: 6, image_urls: ['https://x/a.png'] })).toEqual({
			duration: 6,
			image_urls: ['https://x/a.png'],
		});
	});

	test.each([
		'[]',
		'"text"',
		'7',
		'true',
		[],
		7,
		true,
		new Date(0),
		new Map([['prompt', 'p']]),
		() => ({}),
	])('%p is refused', (json) => {
		expect(problemOf(json)).toMatchObject({
			parameter: 'input',
			message: "'Input (JSON)' is not a JSON object",
		});
	});

	test.each(['{', "{'a': 1}", '{"a":1,}', 'a tree', '{"a":NaN}'])(
		'%s is refused, and not quoted',
		(json) => {
			const problem = problemOf(json);
			expect(problem.message).toBe("'Input (JSON)' is not valid JSON");
			expect(JSON.stringify(problem)).not.toContain('a tree');
		},
	);

	test.each([
		{ callback: { url: 'https://x' } },
		{ callback: null },
		'{"callback":"https://x"}',
		'{"prompt":"p","callback":{}}',
	])('%j: callback belongs elsewhere, and that is said', (json) => {
		const problem = problemOf(json);
		expect(problem.message).toContain("'callback'");
		expect(problem.description).toContain("'Callback URL'");
	});

	test('is not changed by reading it', () => {
		const given = Object.freeze({ prompt: 'old', style: Object.freeze({ a: 1 }) });
		expect(inputOf(given, 'new')).toEqual({ prompt: 'new', style: { a: 1 } });
		expect(given.prompt).toBe('old');
	});
});

describe('the prompt field', () => {
	test('replaces a prompt in the JSON, and is sent as it was written', () => {
		expect(inputOf({ prompt: 'old', seed: 1 }, ' a lake\n')).toEqual({
			prompt: ' a lake\n',
			seed: 1,
		});
		expect(inputOf('', 'a lake')).toEqual({ prompt: 'a lake' });
	});

	test.each(['', ' ', '\n\t'])('%j leaves the prompt in the JSON alone', (prompt) => {
		expect(inputOf({ prompt: 'old' }, prompt)).toEqual({ prompt: 'old' });
		expect(inputOf({}, prompt)).toEqual({});
	});
});

describe('the bytes that are sent', () => {
	const request: TaskRequest = { model: 'm', input: { prompt: 'p' } };

	test('hold only what was set', () => {
		expect(serialiseTaskRequest(request)).toBe('{"model":"m","input":{"prompt":"p"}}');
		expect(
			serialiseTaskRequest({
				...request,
				route: undefined,
				storage: undefined,
				callbackUrl: undefined,
			}),
		).toBe('{"model":"m","input":{"prompt":"p"}}');
	});

	test('have route, storage and callback at the top, with the only moment HiAPI knows', () => {
		expect(
			serialiseTaskRequest({
				...request,
				route: 'ext',
				storage: 'persistent',
				callbackUrl: 'https://example.com/hook',
			}),
		).toBe(
			'{"model":"m","input":{"prompt":"p"},"route":"ext","storage":"persistent","callback":{"url":"https://example.com/hook","when":"final"}}',
		);
	});

	test('are the same every time, keep every character, and need no second trimming', () => {
		const inputs = fc.dictionary(
			fc.string({ unit: 'binary' }).filter((name) => name !== 'callback'),
			fc.jsonValue(),
		);
		fc.assert(
			fc.property(inputs, fc.string({ unit: 'binary' }), (json, prompt) => {
				const read = () => serialiseTaskRequest({ model: 'm', input: inputOf(json, prompt) });
				const bytes = read();
				expect(read()).toBe(bytes);
				expect(bytes.trim()).toBe(bytes);
				expect(Buffer.from(bytes, 'utf8').toString('utf8')).toBe(bytes);
				const sent = JSON.parse(bytes) as { input: Record<string, unknown> };
				if (prompt.trim() !== '') expect(sent.input.prompt).toBe(prompt);
			}),
		);
	});
});
