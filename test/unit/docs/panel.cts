import type {
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeTypeDescription,
} from 'n8n-workflow';

import { HiApiApi } from '../../../credentials/HiApiApi.credentials';
import { HiApi } from '../../../nodes/HiApi/HiApi.node';
import { HiApiPollingTrigger } from '../../../nodes/HiApiPollingTrigger/HiApiPollingTrigger.node';
import { HiApiTrigger } from '../../../nodes/HiApiTrigger/HiApiTrigger.node';

/** A part of the panel that README.md describes under headings of its own. */
export interface Scope {
	/** Headings of README.md, outermost first. */
	headings: string[];
	/** Display names of the operations; none where there is no choice of operations. */
	operations: string[];
	facts: Fact[];
	/** Choices of parameters with fixed ones, by the parameter's display name. */
	choices: Map<string, Choices>;
}

/** A field of the panel as a row of a table names it. */
export interface Fact {
	/** The first heading of the table: `Parameter`, `Field`, or the name of the collection that holds the field. */
	table: string;
	name: string;
	/** As README.md writes it. */
	standard: string;
	/** The operations that show the field so; empty where there are none. */
	operations: string[];
}

export interface Choices {
	names: string[];
	/** The name of the standard choice; undefined where several or none are chosen. */
	standard?: string;
}

/** Shown to AI agents only, and the same for all operations: README.md has a sentence about it. */
const NOT_IN_TABLES = new Set(['resource', 'operation', 'toolDescription']);

const choicesOf = (field: INodeProperties) =>
	(field.options ?? []).filter((option): option is INodePropertyOptions => 'value' in option);

/** A field's default as README.md writes it. */
export function standardOf(field: INodeProperties): string {
	const { type, default: given, required } = field;
	const nameOf = (value: unknown) =>
		choicesOf(field).find((choice) => choice.value === value)?.name ?? String(value);
	const value: unknown = type === 'resourceLocator' ? (given as { value: unknown }).value : given;
	if (type === 'boolean') return value === true ? 'on' : 'off';
	if (type === 'options') return value === '' ? 'empty' : nameOf(value);
	if (type === 'fixedCollection' || type === 'collection' || type === 'resourceMapper')
		return 'none';
	if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(nameOf).join(', ');
	if (value === '') return required === true ? 'required' : 'empty';
	return String(value).replace(/^=/, '');
}

const shownFor = (field: INodeProperties, parameter: string) =>
	(field.displayOptions?.show?.[parameter] ?? []).map(String);

/** A field, and what lies in it where it is a collection; the collection itself is a row only among files. */
function factsOf(field: INodeProperties, table: string, operations: string[]): Fact[] {
	const own = { table, name: field.displayName, standard: standardOf(field), operations };
	if (field.type === 'collection')
		return (field.options as INodeProperties[]).flatMap((entry) =>
			factsOf(entry, field.displayName, operations),
		);
	if (field.type !== 'fixedCollection') return [own];
	const groups = field.options as INodePropertyCollection[];
	return [
		own,
		...groups
			.flatMap(({ values }) => values)
			.flatMap((entry) => factsOf(entry, field.displayName, [])),
	];
}

/** One fact per table, name and default, with all the operations it holds for. */
function merged(facts: Fact[]): Fact[] {
	const known = new Map<string, Fact>();
	for (const fact of facts) {
		const key = JSON.stringify([fact.table, fact.name, fact.standard]);
		const before = known.get(key);
		known.set(key, {
			...fact,
			operations: [...new Set([...(before?.operations ?? []), ...fact.operations])].sort(),
		});
	}
	return [...known.values()];
}

function choicesIn(
	fields: INodeProperties[],
	found = new Map<string, Choices>(),
): Map<string, Choices> {
	for (const field of fields) {
		const names = choicesOf(field).map(({ name }) => name);
		if (names.length > 0)
			found.set(field.displayName, {
				names,
				standard: field.type === 'options' ? standardOf(field) : undefined,
			});
		for (const option of field.options ?? []) {
			if ('values' in option) choicesIn(option.values, found);
			else if ('type' in option) choicesIn([option as INodeProperties], found);
		}
	}
	return found;
}

function scopeOf(
	headings: string[],
	fields: INodeProperties[],
	operations: INodePropertyOptions[],
	table: string,
): Scope {
	const named = (field: INodeProperties) =>
		shownFor(field, 'operation').map(
			(value) => operations.find((one) => one.value === value)?.name ?? value,
		);
	const described = fields.filter(
		({ type, name }) => type !== 'notice' && !NOT_IN_TABLES.has(name),
	);
	return {
		headings,
		operations: operations.map(({ name }) => name),
		facts: merged(
			described.flatMap((field) =>
				factsOf(field, table, operations.length === 0 ? [] : named(field)),
			),
		),
		choices: choicesIn(described),
	};
}

/** The descriptions of the three nodes. */
export const NODES: INodeTypeDescription[] = [
	new HiApi().description,
	new HiApiTrigger().description,
	new HiApiPollingTrigger().description,
];
const [action, trigger, pollingTrigger] = NODES;

const credential = new HiApiApi();

const resources = choicesOf(
	action.properties.find(({ name }) => name === 'resource') as INodeProperties,
).map(({ name, value }) => {
	const fields = action.properties.filter((field) =>
		shownFor(field, 'resource').includes(String(value)),
	);
	const operations = choicesOf(
		fields.find((field) => field.name === 'operation') as INodeProperties,
	);
	return scopeOf(['HiAPI node', name], fields, operations, 'Parameter');
});

/** Everything a person can see in the panels, by where README.md describes it. */
export const SCOPES: Scope[] = [
	scopeOf(['Credential'], credential.properties, [], 'Field'),
	...resources,
	scopeOf(['HiAPI Trigger'], trigger.properties, [], 'Parameter'),
	scopeOf(['HiAPI Polling Trigger'], pollingTrigger.properties, [], 'Parameter'),
];

/** Every name a person can see: nodes, credential, resources, operations, fields, choices, ways to give a value. */
export const NAMES: ReadonlySet<string> = new Set([
	credential.displayName,
	...NODES.map(({ displayName }) => displayName),
	...[credential, ...NODES].flatMap(({ properties }) => properties.flatMap(namesIn)),
]);

function namesIn(field: INodeProperties): string[] {
	const inner = (field.options ?? []).flatMap((option) => {
		if ('values' in option) return option.values.flatMap(namesIn);
		return 'type' in option ? namesIn(option as INodeProperties) : [option.name];
	});
	return [
		field.displayName,
		...inner,
		...(field.modes ?? []).map(({ displayName }) => displayName),
	];
}
