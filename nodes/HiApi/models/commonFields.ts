import { fieldsOf, type InputField } from './inputSchema';
import { snapshot } from './snapshot';

/** A field fewer models have is no help for a model nothing is known about. */
const MIN_MODELS = 3;

function merge(uses: InputField[]): InputField {
	const [first] = uses;
	const isSame = (key: 'type' | 'entryType') => uses.every((field) => field[key] === first[key]);
	const isList = first.type === 'list' && isSame('type');
	return {
		name: first.name,
		type: isSame('type') ? first.type : 'any',
		...(isList && { entryType: isSame('entryType') ? first.entryType : 'any' }),
		required: false,
		limits: [],
		conditions: [],
	};
}

/**
 * The fields several of the bundled models have, most frequent first, for a model whose own fields are not known. Choices
 * and limits differ between models and are left out.
 */
export function commonFields(): InputField[] {
	const uses = new Map<string, InputField[]>();
	for (const { inputSchema } of snapshot.models) {
		for (const field of inputSchema ? fieldsOf(inputSchema) : []) {
			uses.set(field.name, [...(uses.get(field.name) ?? []), field]);
		}
	}
	return [...uses.values()]
		.filter((fields) => fields.length >= MIN_MODELS)
		.sort((a, b) => b.length - a.length)
		.map(merge);
}
