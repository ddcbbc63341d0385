import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

/** A node type as n8n describes it to its editor. */
export type NodeType = INodeTypeDescription;

/** One state of a node's panel that is worth a picture. */
export interface Panel {
	/** Of the node in the workflow and of the picture. */
	name: string;
	type: string;
	typeVersion: number;
	isTrigger: boolean;
	parameters: Record<string, unknown>;
}

type Parameters = Record<string, unknown>;

const PACKAGE = 'n8n-nodes-hiapi.';
const CHOSEN_MODEL = {
	__rl: true,
	mode: 'list',
	value: 'gpt-image-2/image-to-image',
	cachedResultName: 'Image: GPT Image 2 (image to image)',
};

/** The choices a collection or a field of the panel offers, where it does. */
function entriesOf(field: INodeProperties): INodeProperties[] {
	return (field.options ?? []).filter((entry): entry is INodeProperties => 'type' in entry);
}

function isShownFor(field: INodeProperties, resource: string, operation: string): boolean {
	const { show } = field.displayOptions ?? {};
	return [
		[show?.resource, resource],
		[show?.operation, operation],
	].every(([allowed, value]) => !Array.isArray(allowed) || allowed.includes(value as never));
}

/** Values that make the editor show every entry of every collection among the fields. */
function everythingAdded(fields: INodeProperties[]): Parameters {
	const collections = fields.filter(({ type }) => type === 'collection');
	const values = (field: INodeProperties) =>
		Object.fromEntries(
			entriesOf(field).map(({ name, default: standard, typeOptions }) => [
				name,
				typeOptions?.multipleValues ? [''] : standard,
			]),
		);
	return {
		...Object.fromEntries(collections.map((field) => [field.name, values(field)])),
		...(fields.some(({ name }) => name === 'inputFiles') && { inputFiles: { file: [{}] } }),
		...(fields.some(
			({ name, default: standard }) => name === 'model' && typeof standard === 'object',
		) && { model: CHOSEN_MODEL }),
	};
}

function actionPanels(type: NodeType): Panel[] {
	const operationFields = type.properties.filter(({ name }) => name === 'operation');
	const panel = (name: string, parameters: Parameters): Panel => ({
		name,
		type: type.name,
		typeVersion: lastVersion(type),
		isTrigger: false,
		parameters,
	});
	return operationFields.flatMap((field) => {
		const resource = String(field.displayOptions?.show?.resource?.[0]);
		const operations = (field.options ?? []).map((option) =>
			String((option as { value: unknown }).value),
		);
		// n8n adds a choice of its own, which leads to its HTTP Request node
		return operations
			.filter((operation) => operation !== '__CUSTOM_API_CALL__')
			.flatMap((operation) => {
				const fields = type.properties.filter((each) => isShownFor(each, resource, operation));
				const name = `${resource}-${operation}`;
				const all = { resource, operation, ...everythingAdded(fields) };
				const states = [panel(name, { resource, operation }), panel(`${name}-everything`, all)];
				if (fields.some((each) => each.name === 'inputMode'))
					states.push(
						panel(`${name}-json`, { resource, operation, model: CHOSEN_MODEL, inputMode: 'json' }),
					);
				if (fields.some((each) => each.name === 'callback'))
					states.push(
						panel(`${name}-callback`, {
							resource,
							operation,
							callback: 'url',
							callbackUrl: 'http://localhost',
						}),
					);
				if (fields.some((each) => each.name === 'waitBy')) {
					states.push(panel(`${name}-suspended`, { resource, operation, waitBy: 'callback' }));
					states.push(
						panel(`${name}-suspended-everything`, {
							...all,
							waitBy: 'callback',
							verification: 'none',
						}),
					);
					states.push(panel(`${name}-either-everything`, { ...all, waitBy: 'callbackIfPossible' }));
				}
				return states;
			});
	});
}

function triggerPanels(type: NodeType): Panel[] {
	const name = type.name.slice(PACKAGE.length);
	const panel = (state: string, parameters: Parameters): Panel => ({
		name: `${name}${state}`,
		type: type.name,
		typeVersion: lastVersion(type),
		isTrigger: true,
		parameters,
	});
	const verifications = (
		type.properties.find((each) => each.name === 'verification')?.options ?? []
	).map((option) => String((option as { value: unknown }).value));
	return [
		panel('', {}),
		...verifications.slice(1).map((verification) => panel(`-${verification}`, { verification })),
		panel('-everything', everythingAdded(type.properties)),
	];
}

function lastVersion({ version }: NodeType): number {
	return Array.isArray(version) ? Math.max(...version) : version;
}

/** The panels of the package's nodes: each as it is when first added, and with everything added that can be. */
export function panelsOf(types: NodeType[]): Panel[] {
	return types
		.filter(({ name }) => name.startsWith(PACKAGE) && !name.endsWith('Tool'))
		.flatMap((type) => (type.group.includes('trigger') ? triggerPanels(type) : actionPanels(type)));
}
