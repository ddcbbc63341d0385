import type {
	ILoadOptionsFunctions,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';

import type { ModelInput } from '../models/modelCatalog';
import { commonFields } from '../models/commonFields';
import { takesFiles } from '../models/fileFields';
import type { InputField } from '../models/inputSchema';
import type { ValueShape } from '../models/inputValues';
import type { Purpose } from '../models/purposes';
import { fieldForRole } from '../models/fileRoles';
import { settingField } from '../models/usualSettings';
import { textFieldOf } from '../models/textField';
import { currentModel, currentPurpose } from './openPanel';
import { fieldLabel } from './fieldLabel';

/** A field as n8n keeps it in the workflow, with what turns its value into what is sent even if no catalogue answers then. */
export interface ModelInputField extends ResourceMapperField {
	shape: Omit<ValueShape, 'name' | 'choices'>;
}

/** Names of the model's fields that the panel has a parameter of its own for. */
export function fieldsOfPanel(model: ModelInput, purpose?: Purpose): string[] {
	const { fields } = model;
	const roles = purpose === undefined ? [] : [purpose.image ?? [], purpose.moreFiles].flat();
	return [
		textFieldOf(fields, purpose),
		...(purpose?.settings ?? []).map((name) => settingField(name, fields)?.name),
		...roles.map((role) => fieldForRole(role, model, purpose as Purpose)?.name),
	].filter((name) => name !== undefined);
}

function mapperType(field: InputField): ResourceMapperField['type'] {
	if (field.type === 'list') return field.entryType === 'object' ? 'array' : 'string';
	if (field.choices) return 'options';
	if (field.type === 'integer' || field.type === 'number') return 'number';
	return field.type === 'any' ? 'string' : field.type;
}

/**
 * One field for n8n's mapper. Only what a task cannot do without is there from the start: a field that was never added
 * has no value, while a toggle or number that n8n shows always has one. Lists are text to n8n, because its own list type
 * refuses a single URL.
 */
function toMapperField(field: InputField, isUsual: boolean): ModelInputField {
	const type = mapperType(field);
	const isPrefilled = field.defaultValue !== undefined && (field.required || !isUsual);
	return {
		id: field.name,
		displayName: fieldLabel(field),
		// n8n would not run the node without it, but a file may come from 'Files as Input' instead.
		required: field.required && !takesFiles(field),
		removed: !field.required && !isUsual,
		display: true,
		defaultMatch: false,
		canBeUsedToMatch: false,
		type,
		...(type === 'options' && {
			options: field.choices?.map((value) => ({ name: String(value), value })),
		}),
		...(isPrefilled && { defaultValue: field.defaultValue }),
		shape: { type: field.type, ...(field.entryType && { entryType: field.entryType }) },
	};
}

/**
 * A model's input as fields of n8n's mapper: required ones first, the others to be added.
 *
 * @param except names of fields the node asks for elsewhere
 */
export function toMapperFields(
	model: ModelInput,
	except: string[] = fieldsOfPanel(model),
): ResourceMapperFields {
	const fields = model.fields.filter((field) => !except.includes(field.name));
	const rank = (field: InputField) =>
		field.required ? 0 : model.usual.includes(field.name) ? 1 : 2;
	return {
		fields: [...fields]
			.sort((a, b) => rank(a) - rank(b))
			.map((field) => toMapperField(field, model.usual.includes(field.name))),
		emptyFieldsNotice: 'This model has no further fields',
	};
}

/**
 * Fills the mapper 'Fields' for the chosen model and route. A model that nobody describes or that takes any field, or that an expression chooses
 * per item, gets the fields most models have.
 */
export async function getModelInputFields(
	this: ILoadOptionsFunctions,
): Promise<ResourceMapperFields> {
	if (this.getCurrentNodeParameter('model', { extractValue: true }) === '')
		return { fields: [], emptyFieldsNotice: 'Select a model to see its fields' };
	const known = await currentModel(this);
	const isOpen = known.fields.length === 0 && known.schema?.additionalProperties !== false;
	const shown: ModelInput = isOpen
		? { model: known.model, source: 'none', fields: commonFields(), usual: [], limits: [] }
		: known;
	return toMapperFields(shown, fieldsOfPanel(shown, currentPurpose(this)));
}
