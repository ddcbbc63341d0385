import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

/** What one operation does with all items of a run. */
export type Operation = (context: IExecuteFunctions) => Promise<INodeExecutionData[]>;

/** One resource of the node: its parameters, and what runs for each value of `operation`. */
export interface Resource {
	operations: Record<string, Operation>;
	properties: INodeProperties[];
}

/** Parameters that are shown for one operation of one resource only. */
export function shownFor(
	resource: string,
	operation: string,
	fields: INodeProperties[],
): INodeProperties[] {
	return fields.map((field) => ({
		...field,
		displayOptions: {
			...field.displayOptions,
			show: { resource: [resource], operation: [operation], ...field.displayOptions?.show },
		},
	}));
}
