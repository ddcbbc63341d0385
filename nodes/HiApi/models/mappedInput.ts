import type { ModelInput } from './modelCatalog';
import { isValueShape, toInput, type ValueShape } from './inputValues';
import { isRecord, type UnknownRecord } from '../../shared/values';

/** What n8n kept about a field when it was shown: used where nothing newer is known. */
function keptShape(field: UnknownRecord): ValueShape | undefined {
	const options = Array.isArray(field.options)
		? field.options.filter(isRecord).map(({ value }) => value)
		: [];
	const shape = {
		name: field.id,
		...(isRecord(field.shape) && field.shape),
		...(options.length > 0 && { choices: options }),
	};
	return isValueShape(shape) ? shape : undefined;
}

/**
 * The `input` object out of the value of the mapper 'Fields', with expressions already resolved: only fields that were
 * set, and of those only the ones on display, so that nothing of a model chosen before is sent.
 *
 * @param value the whole parameter as `getNodeParameter` gives it (read as a whole, n8n does not convert or refuse anything)
 * @param model what is known about the model now; a bundled list may be older than what the editor showed
 */
export function mappedInput(value: unknown, model?: ModelInput): UnknownRecord {
	if (!isRecord(value) || !isRecord(value.value)) return {};
	const schema = Array.isArray(value.schema) ? value.schema.filter(isRecord) : [];
	const shown = new Set(schema.filter((field) => field.removed !== true).map((field) => field.id));
	// a workflow not made in the editor may come without the list of fields
	const entries = Object.entries(value.value).filter(
		([name]) => schema.length === 0 || shown.has(name),
	);
	const kept = schema.map(keptShape).filter((shape) => shape !== undefined);
	const vague = kept.filter((shape) => shape.type === 'any');
	const exact = kept.filter((shape) => shape.type !== 'any');
	const known = model?.fields ?? [];
	// the later one counts
	const shapes = model?.source === 'live' ? [...kept, ...known] : [...vague, ...known, ...exact];
	return toInput(Object.fromEntries(entries), shapes);
}
