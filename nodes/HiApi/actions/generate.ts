import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import type { ModelKind } from '../models/snapshot';
import { purposes } from '../models/purposes';
import { generationFieldsFor } from '../parameters/generation';
import { includeInputField, readInputFields } from '../parameters/includeInput';
import { countVariations, readVariations } from '../parameters/variations';
import { shownFor, type Resource } from './operations';
import { runAndWait, waitingFields } from './task/runAndWait';

/**
 * A resource whose operations say what comes out. They are data: each one is Task → Run and Wait with a list of fitting
 * models, so that there is one way to create a task, and one to wait for it.
 *
 * @param operationField the operations as the panel offers them
 */
export function generatingResource(resource: ModelKind, operationField: INodeProperties): Resource {
	const choices = (operationField.options ?? []) as INodePropertyOptions[];
	const operations = choices.map(({ value }) => String(value));
	const own = purposes.filter(
		(purpose) => purpose.resource === resource && operations.includes(purpose.operation),
	);
	return {
		operations: Object.fromEntries(operations.map((operation) => [operation, generateForItems])),
		properties: [
			operationField,
			...own.flatMap((purpose) =>
				shownFor(resource, [purpose.operation], generationFieldsFor(purpose)),
			),
			...shownFor(resource, operations, [includeInputField, ...waitingFields]),
		],
	};
}

/** Run and Wait with what these operations have besides: several tasks for an item, and its fields beside the result. */
async function generateForItems(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await runAndWait(context, {
		taskCount: countVariations(context),
		requestsOf: async (itemIndex, read) => {
			const count = readVariations(context, itemIndex);
			const request = await read();
			return Array.from({ length: count }, (_, variation) => ({ ...request, variation }));
		},
		moreOf: (itemIndex) => {
			const inputFields = readInputFields(context, itemIndex);
			return inputFields === undefined ? {} : { inputFields };
		},
	});
}
