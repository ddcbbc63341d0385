import type { InputField } from './inputSchema';
import type { Purpose } from './purposes';

/** What HiAPI's models call the words that say what is wanted, the most usual name first. */
const NAMES = ['prompt', 'text', 'script', 'input_text', 'content'];

const isText = ({ type, choices }: InputField) =>
	choices === undefined && (type === 'string' || type === 'any');

/**
 * The model's field for the words of the user; undefined for a model that has none.
 *
 * @param fields what is known of the model's input; empty when nothing is, and then the usual name has to do
 */
export function textFieldOf(
	fields: InputField[],
	purpose?: Pick<Purpose, 'text' | 'textLabel'>,
): string | undefined {
	if (purpose?.text === 'none') return undefined;
	if (fields.length === 0) return purpose?.textLabel === 'Text' ? 'text' : 'prompt';
	return NAMES.find((name) => fields.some((field) => field.name === name && isText(field)));
}
