import type { N8nClient, WorkflowNode } from '../n8n/client.cts';

interface MapperField {
	id: string;
	required: boolean;
	removed?: boolean;
}

/** What n8n keeps of a model's fields in a node. */
interface MappedFields {
	value: Record<string, unknown> | null;
	schema?: MapperField[];
}

/**
 * The node with its model's fields as the catalogue publishes them now, which is what the editor compares with: it marks others
 * as outdated. What is filled in stays.
 */
export async function withCurrentFields(n8n: N8nClient, node: WorkflowNode): Promise<WorkflowNode> {
	const mapped = node.parameters.fields as MappedFields | undefined;
	if (mapped?.schema === undefined) return node;
	const { fields } = await n8n.rest<{ fields: MapperField[] }>(
		'POST',
		'/dynamic-node-parameters/resource-mapper-fields',
		{
			path: 'parameters.fields',
			methodName: 'getModelInputFields',
			nodeTypeAndVersion: { name: node.type, version: node.typeVersion },
			currentNodeParameters: node.parameters,
			credentials: node.credentials,
		},
	);
	const isFilledIn = ({ id }: MapperField) => Object.hasOwn(mapped.value ?? {}, id);
	const schema = fields.map((field) => ({
		...field,
		removed: !field.required && !isFilledIn(field),
	}));
	return { ...node, parameters: { ...node.parameters, fields: { ...mapped, schema } } };
}
