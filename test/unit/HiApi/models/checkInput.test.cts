import type { ModelInput } from '../../../../nodes/HiApi/models/modelCatalog';
import { checkInput, problemText } from '../../../../nodes/HiApi/models/checkInput';

const schema = { required: ['prompt'], properties: { prompt: { type: 'string' } } };
const model = (source: ModelInput['source'], known: object | undefined = schema): ModelInput =>
	({ model: 'm', source, schema: known, fields: [], usual: [], limits: [] }) as ModelInput;

describe('checkInput', () => {
	it('is certain about a published schema only', () => {
		expect(checkInput(model('live'), {})).toEqual({
			problems: ["missing property 'prompt'"],
			isCertain: true,
		});
		for (const source of ['index', 'snapshot'] as const) {
			expect(checkInput(model(source), {})).toEqual({
				problems: ["missing property 'prompt'"],
				isCertain: false,
			});
		}
	});

	it('finds nothing wrong where nothing is known', () => {
		expect(checkInput({ ...model('none'), schema: undefined }, { anything: 1 })).toEqual({
			problems: [],
			isCertain: false,
		});
	});
});

describe('problemText', () => {
	it('puts all problems into one text, as the API does', () => {
		expect(
			problemText(['prompt: got null, want string', "additional properties 'seed' not allowed"]),
		).toBe(
			"invalid input: prompt: got null, want string; additional properties 'seed' not allowed",
		);
	});
});
