import fc from 'fast-check';

import { fieldsOf } from '../../../../nodes/HiApi/models/inputSchema';
import { toInput, toInputValue, type ValueShape } from '../../../../nodes/HiApi/models/inputValues';
import { validateInput } from '../../../../nodes/HiApi/models/validateInput';
import { inputs, inputSchemas, type Json } from './arbitrarySchema.cts';

const shape = (rest: Omit<ValueShape, 'name'>): ValueShape => ({ name: 'it', ...rest });
const text = shape({ type: 'string' });
const whole = shape({ type: 'integer' });
const toggle = shape({ type: 'boolean' });
const urls = shape({ type: 'list', entryType: 'string' });
const any = shape({ type: 'any' });
const a = 'https://example.com/a.png';
const b = 'https://example.com/b,c.png?d=1,2';
const data = 'data:image/png;base64,AAAA';

describe('toInputValue', () => {
	it.each<[ValueShape, unknown, unknown]>([
		[text, 'hello', 'hello'],
		[text, ' kept as typed ', ' kept as typed '],
		[text, 7, '7'],
		[text, false, 'false'],
		[text, { a: 1 }, { a: 1 }],
		[whole, 5, 5],
		[whole, '5', 5],
		[whole, ' -1 ', -1],
		[whole, '1e2', 100],
		[whole, 0, 0],
		[whole, '0', 0],
		[whole, 'five', 'five'],
		[whole, '0x10', '0x10'],
		[whole, '12345678901234567890', '12345678901234567890'],
		[shape({ type: 'number' }), '.5', 0.5],
		[toggle, false, false],
		[toggle, 'TRUE', true],
		[toggle, 'false', false],
		[toggle, 'yes', 'yes'],
		[shape({ type: 'number', choices: [5, 10] }), '10', 10],
		[shape({ type: 'number', choices: [5, 10] }), 7, 7],
		[shape({ type: 'string', choices: ['1K', '2K'] }), '2K', '2K'],
		[shape({ type: 'string', choices: ['5', '10'] }), 5, '5'],
		[shape({ type: 'boolean', choices: [true] }), 'true', true],
		[shape({ type: 'object' }), '{"a":[1]}', { a: [1] }],
		[shape({ type: 'object' }), { a: 1 }, { a: 1 }],
		[shape({ type: 'object' }), '{a:1', '{a:1'],
		[any, '5', '5'],
		[any, '[1]', [1]],
		[urls, a, [a]],
		[urls, [a, '', null, b], [a, b]],
		[urls, `["${a}","${b}"]`, [a, b]],
		[urls, `${a}\n\n  ${b}  `, [a, b]],
		[urls, `${a}, ${b}`, [a, b]],
		[urls, `${a},${data}`, [a, data]],
		[urls, data, [data]],
		[urls, b, [b]],
		[urls, 'Hello, world', ['Hello, world']],
		[urls, 5, ['5']],
		[shape({ type: 'list', entryType: 'string', choices: ['zh', 'en'] }), 'zh, en', ['zh', 'en']],
		[shape({ type: 'list', entryType: 'integer' }), '1, 2,3', [1, 2, 3]],
		[
			shape({ type: 'list', entryType: 'object' }),
			'[{"type":"first_frame"}]',
			[{ type: 'first_frame' }],
		],
		[
			shape({ type: 'list', entryType: 'object' }),
			'{"type":"first_frame"}',
			[{ type: 'first_frame' }],
		],
		[shape({ type: 'list', entryType: 'object' }), { type: 'x' }, [{ type: 'x' }]],
		[shape({ type: 'list', entryType: 'object' }), 'no\njson', ['no\njson']],
	])('%j takes %j as %j', (field, value, sent) => {
		expect(toInputValue(value, field)).toEqual(sent);
	});

	it.each<[ValueShape, unknown]>([
		[text, ''],
		[text, null],
		[text, undefined],
		[whole, ''],
		[toggle, null],
		[urls, []],
		[urls, '[]'],
		[urls, ['', null]],
		[urls, '  \n '],
	])('%j sends nothing for %j', (field, value) => {
		expect(toInputValue(value, field)).toBeUndefined();
	});
});

describe('toInput', () => {
	it('sends what was set, and nothing else', () => {
		const values = {
			prompt: 'p',
			duration: '6',
			seed: '',
			sound: false,
			notes: null,
			extra: [1],
			empty: undefined,
		};
		expect(
			toInput(values, [
				{ name: 'prompt', type: 'string' },
				{ name: 'duration', type: 'integer' },
				{ name: 'sound', type: 'boolean' },
			]),
		).toEqual({
			prompt: 'p',
			duration: 6,
			sound: false,
			extra: [1],
		});
	});

	it('cannot be made to change what an object is', () => {
		const values = JSON.parse('{"__proto__":{"polluted":true},"a":1}') as Json;
		const input = toInput(values, []);
		expect(Object.keys(input)).toEqual(['a']);
		expect((input as { polluted?: boolean }).polluted).toBeUndefined();
	});

	it('yields, for any schema and any values, an input that is right or is refused with the field named', () => {
		fc.assert(
			fc.property(inputSchemas, inputs, (schema, values) => {
				const input = toInput(values, fieldsOf(schema));
				expect(JSON.parse(JSON.stringify(input))).toEqual(input);
				for (const value of Object.values(input))
					expect([undefined, null, '']).not.toContain(value);
				const names = [...Object.keys(schema.properties as Json), ...Object.keys(input)];
				for (const problem of validateInput(schema, input)) {
					const isNamed = names.some(
						(name) =>
							problem.startsWith(`${name}: `) ||
							problem.startsWith(`${name}.`) ||
							problem.includes(`'${name}'`),
					);
					expect([problem, isNamed]).toEqual([problem, true]);
				}
			}),
			{ numRuns: 500 },
		);
	});

	it('leaves a right input as it is', () => {
		fc.assert(
			fc.property(inputSchemas, inputs, (schema, values) => {
				const isSet = (value: unknown): boolean =>
					value !== '' &&
					value !== null &&
					(!Array.isArray(value) || (value.length > 0 && value.every(isSet)));
				const given = Object.fromEntries(
					Object.entries(values).filter(([, value]) => isSet(value)),
				);
				fc.pre(validateInput(schema, given).length === 0);
				const fields = fieldsOf(schema).filter(
					({ type, entryType }) => type !== 'any' && entryType !== 'any',
				);
				const known = Object.fromEntries(
					Object.entries(given).filter(([name]) => fields.some((field) => field.name === name)),
				);
				expect(toInput(known, fields)).toEqual(known);
			}),
			{ numRuns: 300 },
		);
	});
});
