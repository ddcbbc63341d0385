import { fieldTitle } from '../models/fieldTitle';
import type { InputField } from '../models/inputSchema';

/** Fields that HiAPI's models count in seconds. */
const IN_SECONDS = /^(duration|seconds|length)$/;

/**
 * A field's label: its name, and what has to be known to type a value at all. It is all that n8n's mapper shows of a field:
 * there is no description, hint or placeholder (n8n 2.41: ResourceMapperField of n8n-workflow, MappingFields of the editor).
 * Limits would be cut off in it; Model → Get lists them, and what breaks one is refused by name before any task is created.
 */
export function fieldLabel({ name, type, entryType }: InputField): string {
	const title = fieldTitle(name);
	if (type === 'object' || (type === 'list' && entryType === 'object')) return `${title} (JSON)`;
	return IN_SECONDS.test(name) && (type === 'integer' || type === 'number')
		? `${title} (Seconds)`
		: title;
}
