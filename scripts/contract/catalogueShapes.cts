import { readModelIndex, readPricing, schemaOwners } from '../../nodes/HiApi/models/catalogReader';
import { readInputSchema } from '../../nodes/HiApi/models/inputSchema';
import { isRecord } from '../../nodes/shared/values';
import type { Answer } from './freeRequest.cts';
import { kindOf, type Differences } from './shapes.cts';

// A few models of an odd form are the catalogue's business; when a tenth cannot be read, its form has changed.
const LOST = 0.1;

function listDifferences({ status, body }: Answer, key: string): Differences {
	if (status !== 200) return [`HTTP 200 was expected, HTTP ${status} came`];
	const list = isRecord(body) ? body[key] : undefined;
	if (!Array.isArray(list)) return [`'${key}' is ${kindOf(list)}, not a list`];
	return list.length === 0 ? [`'${key}' is empty`] : [];
}

const entriesOf = (body: unknown, key: string) =>
	(isRecord(body) && Array.isArray(body[key]) ? body[key] : []).filter(isRecord);

/** `{models: [{id, title, category, capability, input: [{name, type, required}]}]}`. */
export function indexDifferences(answer: Answer): Differences {
	const wrong = listDifferences(answer, 'models');
	if (wrong.length > 0) return wrong;
	const entries = entriesOf(answer.body, 'models').filter(({ category }) =>
		['image', 'video', 'audio'].includes(String(category).toLowerCase()),
	);
	const read = readModelIndex(answer.body);
	const withoutFields = read.filter(({ inputSchema }) => inputSchema === undefined).length;
	const withoutMode = read.filter(({ modes }) => modes.length === 0).length;
	return [
		...(read.length > 0 ? [] : ['no model of images, videos or audio can be read']),
		...(read.length >= entries.length * (1 - LOST)
			? []
			: [`${entries.length - read.length} of ${entries.length} models cannot be read`]),
		...(withoutFields <= read.length * LOST
			? []
			: [`${withoutFields} of ${read.length} models have no 'input' that can be read`]),
		...(withoutMode <= read.length * LOST
			? []
			: [`${withoutMode} of ${read.length} models have no 'capability'`]),
	];
}

/** `{data: {input_schema}}` with the playground's `model` among the properties, and something to fill in besides. */
export function schemaDifferences({ status, body }: Answer, model: string): Differences {
	if (status !== 200) return [`HTTP 200 was expected, HTTP ${status} came`];
	const schema = isRecord(body) && isRecord(body.data) ? body.data.input_schema : undefined;
	// As an object, or as its text.
	if (!isRecord(schema) && typeof schema !== 'string')
		return [`'data.input_schema' is ${kindOf(schema)}, not an object`];
	const fields = readInputSchema(body)?.properties;
	const owners = schemaOwners(body);
	return [
		...(isRecord(fields) && Object.keys(fields).length > 0 ? [] : ['no input field can be read']),
		...(owners.length === 0 || owners.includes(model)
			? []
			: [`the schema is for ${owners.join(', ')}, not for ${model}`]),
	];
}

/** `{data: [{model_name, supported_endpoint_types: ['task'], base_usd_value, base_display_unit: {en}, policies}]}`. */
export function pricingDifferences(answer: Answer): Differences {
	const wrong = listDifferences(answer, 'data');
	if (wrong.length > 0) return wrong;
	const read = readPricing(answer.body);
	const withoutPrice = read.filter(({ price }) => 'base' in price && 'reason' in price.base).length;
	return [
		...(read.length > 0 ? [] : ["no model is priced for 'task'"]),
		...(withoutPrice <= read.length * LOST
			? []
			: [`${withoutPrice} of ${read.length} models have no 'base_usd_value'`]),
	];
}

/** The first model of the index, to ask for its schema. */
export function firstModel({ body }: Answer): string | undefined {
	return readModelIndex(body)[0]?.id;
}
