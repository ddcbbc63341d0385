import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { HiApiError } from '../../shared/errors/apiError';

/** What one operation does with all items of a run. */
export type Operation = (context: IExecuteFunctions) => Promise<INodeExecutionData[]>;

/** One resource of the node: its parameters, and what runs for each value of `operation`. */
export interface Resource {
	operations: Record<string, Operation>;
	properties: INodeProperties[];
}

/** Parameters that are shown for one operation of one resource only, or for several of its operations. */
export function shownFor(
	resource: string,
	operation: string | string[],
	fields: INodeProperties[],
): INodeProperties[] {
	return fields.map((field) => ({
		...field,
		displayOptions: {
			...field.displayOptions,
			show: { resource: [resource], operation: [operation].flat(), ...field.displayOptions?.show },
		},
	}));
}

const SELECT_ANEW =
	"Open the node and select 'Resource' and 'Operation' anew, or update the package if the workflow was made with a newer version.";

/**
 * What runs for an operation of a resource.
 *
 * @throws HiApiError for what only a workflow that was edited by hand, or made with a newer version, can name
 */
export function findOperation(
	resources: Record<string, Resource>,
	resource: string,
	operation: string,
): Operation {
	if (!Object.hasOwn(resources, resource))
		throw new HiApiError(`This version of the node has no resource '${resource}'`, SELECT_ANEW);
	const { operations } = resources[resource];
	if (!Object.hasOwn(operations, operation))
		throw new HiApiError(
			`This version of the node has no operation '${operation}' for the resource '${resource}'`,
			SELECT_ANEW,
		);
	return operations[operation];
}
