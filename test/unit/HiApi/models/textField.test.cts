import { fieldsOf } from '../../../../nodes/HiApi/models/inputSchema';
import { purposes } from '../../../../nodes/HiApi/models/purposes';
import { snapshot } from '../../../../nodes/HiApi/models/snapshot';
import { textFieldOf } from '../../../../nodes/HiApi/models/textField';

const of = (properties: object) => textFieldOf(fieldsOf({ properties } as never));

describe('textFieldOf', () => {
	it.each([
		[{ prompt: { type: 'string' } }, 'prompt'],
		[{ text: { type: 'string' }, voice: { type: 'string' } }, 'text'],
		[{ text: { type: 'string' }, prompt: { type: 'string' } }, 'prompt'],
		[{ prompt: {} }, 'prompt'],
		[{ dialogue: { type: 'array', items: { type: 'object' } } }, undefined],
		[{ text: { type: 'string', enum: ['a', 'b'] } }, undefined],
		[{ text: { type: 'array', items: { type: 'string' } } }, undefined],
	])('%j: %s', (properties, field) => {
		expect(of(properties)).toBe(field);
	});

	it('has the usual name for a model nobody describes', () => {
		const [image, speech] = ['generate', 'generateSpeech'].map((operation) =>
			purposes.find((purpose) => purpose.operation === operation),
		);
		expect([textFieldOf([]), textFieldOf([], image), textFieldOf([], speech)]).toEqual([
			'prompt',
			'prompt',
			'text',
		]);
	});

	it('finds the field of every bundled model that says what its prompt is', () => {
		const without = snapshot.models
			.filter(({ inputSchema }) => inputSchema !== undefined)
			.filter(({ inputSchema }) => textFieldOf(fieldsOf(inputSchema as never)) === undefined)
			.filter(({ confidence }) => confidence === 'documented');
		expect(without).toEqual([]);
	});
});
