import { fieldTitle } from '../models/fieldTitle';
import type { InputField } from '../models/inputSchema';

/** Fields that HiAPI's models count in seconds. */
const IN_SECONDS = /^(duration|seconds|length)$/;

/**
 * A field's label: its name, and what has to be known to type a value at all. Limits would be cut off in the panel; Model →
 * Get lists them, and what breaks one is refused by name before anything is bought.
 */
export function fieldLabel({ name, type, entryType }: InputField): string {
	const title = fieldTitle(name);
	if (type === 'object' || (type === 'list' && entryType === 'object')) return `${title} (JSON)`;
	return IN_SECONDS.test(name) && (type === 'integer' || type === 'number')
		? `${title} (Seconds)`
		: title;
}
