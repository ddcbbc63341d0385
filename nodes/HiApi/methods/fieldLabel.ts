import { fieldTitle } from '../models/fieldTitle';
import type { InputField } from '../models/inputSchema';

/** Longer labels are cut off by n8n's editor. */
const MAX_LABEL_LENGTH = 110;

const withoutTitle = (sentence: string, prefix: string) =>
	sentence.toLowerCase().startsWith(prefix.toLowerCase())
		? sentence.slice(prefix.length).trim()
		: undefined;

/**
 * A field's label with what one has to know to fill it in: limits, default, and rules that come with setting it. n8n's
 * mapper shows nothing but labels, so the help has to be part of them; what does not fit is left out, the rules last.
 *
 * @param modelLimits the model's rules between fields, of which those that begin with this field's name belong to it
 */
export function fieldLabel(field: InputField, modelLimits: string[] = []): string {
	const title = fieldTitle(field.name);
	const notes = [...field.limits];
	if (field.defaultValue !== undefined) notes.push(`default ${String(field.defaultValue)}`);
	if (field.type === 'list')
		notes.push(field.entryType === 'object' ? 'JSON list' : 'one, or several as a JSON list');
	if (field.type === 'object') notes.push('JSON');
	for (const condition of field.conditions) {
		const rest = withoutTitle(condition, `When ${title} is `);
		notes.push(rest === undefined ? condition.replace(/^When/, 'when') : `when ${rest}`);
	}
	for (const limit of modelLimits) {
		const rest = withoutTitle(limit, `${title} `);
		if (rest !== undefined) notes.push(rest);
	}
	let label = title;
	let shown = '';
	for (const note of notes) {
		const longer = shown === '' ? note : `${shown}, ${note}`;
		if (title.length + longer.length + 3 > MAX_LABEL_LENGTH) continue;
		shown = longer;
		label = `${title} (${shown})`;
	}
	return label;
}
