import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { fieldsOf } from '../../../../nodes/HiApi/models/inputSchema';
import type { ModelInput } from '../../../../nodes/HiApi/models/modelCatalog';
import { purposes, type Purpose } from '../../../../nodes/HiApi/models/purposes';
import {
	checkPrompt,
	placePrompt,
	promptFieldsFor,
	readPrompt,
} from '../../../../nodes/HiApi/parameters/prompt';

const named = (operation: string) =>
	purposes.find((purpose) => purpose.operation === operation) as Purpose;
const generate = named('generate');

function known(
	properties: Record<string, unknown>,
	{
		required = [],
		source = 'snapshot',
	}: { required?: string[]; source?: 'live' | 'snapshot' } = {},
): ModelInput {
	const schema = { properties, required };
	return { model: 'm', source, schema, fields: fieldsOf(schema), usual: [], limits: [] };
}
const unknown: ModelInput = { model: 'm', source: 'none', fields: [], usual: [], limits: [] };
const TEXT = { type: 'string' };

const contextWith = (prompt: unknown) =>
	({
		getNodeParameter: () => prompt,
		getNode: () => ({ parameters: {} }),
	}) as unknown as IExecuteFunctions;

const check = (prompt: unknown, model: ModelInput, purpose: Purpose | undefined, item = 7) => {
	const read = placePrompt(readPrompt(contextWith(prompt), item, purpose), item, model, purpose);
	const input = read.field !== undefined && read.text.trim() ? { [read.field]: read.text } : {};
	checkPrompt(read, input, item, model, purpose);
	return input;
};

describe('an empty prompt', () => {
	it.each([
		['a model nobody describes', unknown, generate],
		['a bundled list of fields', known({ prompt: TEXT }), generate],
		[
			'a published one that insists',
			known({ prompt: TEXT }, { required: ['prompt'], source: 'live' }),
			generate,
		],
		[
			'Task, with a list that insists',
			known({ prompt: TEXT }, { required: ['prompt'] }),
			undefined,
		],
	])('is refused with its item: %s', (_, model, purpose) => {
		for (const empty of ['', '  \n', undefined, null])
			expect(() => check(empty, model, purpose)).toThrow("'Prompt' is empty in item 7");
	});

	it('is called what the panel calls it', () => {
		expect(() => check('', unknown, named('generateSpeech'), 0)).toThrow(
			"'Text' is empty in item 0",
		);
	});

	it.each([
		['the model can do without', known({ prompt: TEXT, image_urls: {} }), named('animateImage')],
		['HiAPI says it is optional', known({ prompt: TEXT }, { source: 'live' }), generate],
		['the model has no text', known({ dialogue: { type: 'array' } }), named('generateSpeech')],
		['nothing is known and any model may be meant', unknown, undefined],
	])('is fine where %s', (_, model, purpose) => {
		expect(check('', model, purpose)).toEqual({});
	});
});

it('a prompt goes to the field the model has for it', () => {
	expect(check('Hello', known({ text: TEXT }), named('generateSpeech'))).toEqual({ text: 'Hello' });
	expect(check('Hello', known({ text: TEXT }), undefined)).toEqual({ text: 'Hello' });
	expect(check('Hello', unknown, named('generateSpeech'))).toEqual({ text: 'Hello' });
	expect(check('Hello', unknown, undefined)).toEqual({ prompt: 'Hello' });
});

it('a prompt the model has no field for is refused, not dropped', () => {
	expect(() =>
		check('Hello', known({ dialogue: { type: 'array' } }), named('generateSpeech')),
	).toThrow("m takes no text, and 'Text' is not empty in item 7");
});

describe('promptFieldsFor', () => {
	const fields = (operation: string): INodeProperties[] => promptFieldsFor(named(operation));

	it('has one field for people and one that the agent fills in', () => {
		const [person, agent] = fields('generate');
		expect([person.default, person.required]).toEqual(['', true]);
		expect(person.displayOptions).toEqual({ hide: { '@tool': [true] } });
		expect(agent.displayOptions).toEqual({ show: { '@tool': [true] } });
		expect(agent.default).toMatch(/^=\{\{ .*\$fromAI\('Prompt', `What the image shows/);
	});

	it('is called Text for speech, and absent for a model that takes a dialogue', () => {
		const [person] = fields('generateSpeech');
		expect(person.displayName).toBe('Text');
		expect(person.displayOptions?.hide?.model).toEqual(['elevenlabs/text-to-dialogue']);
	});

	it('is not there where nothing is to be said', () => {
		expect(fields('removeBackground')).toEqual([]);
	});
});
