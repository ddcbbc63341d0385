import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { HiApiApi } from '../../credentials/HiApiApi.credentials';
import { HiApi } from '../../nodes/HiApi/HiApi.node.ts';
import { HiApiPollingTrigger } from '../../nodes/HiApiPollingTrigger/HiApiPollingTrigger.node.ts';
import { HiApiTrigger } from '../../nodes/HiApiTrigger/HiApiTrigger.node.ts';

/** A field of a panel as a row of a table shows it. */
export interface Field {
	label: string;
	/** What it is when nobody touches it, in Markdown. */
	standard: string;
	/** Display names of the operations that show it so; empty where there is no choice of operations. */
	operations: string[];
	/** What the panel says about it and about its choices, in Markdown. */
	description: string;
}

/** A group of fields that a document shows as one table. */
export interface FieldGroup {
	/** `hiApi/task/options`: names of the node, of the resource and of the collection; `parameters` for those in none. */
	id: string;
	/** What a person sees above the fields. */
	label: string;
	fields: Field[];
}

/** The operations of a resource. */
export interface OperationGroup {
	id: string;
	operations: Array<{ label: string; description: string }>;
}

/** The nodes, whose panels the documents describe. */
export const NODES = [new HiApi(), new HiApiTrigger(), new HiApiPollingTrigger()].map(
	({ description }) => description,
);
export const CREDENTIAL = new HiApiApi();

/** Shown to AI agents only, and told in a sentence; or the choice that makes the tables. */
const NOT_IN_TABLES = new Set(['resource', 'operation', 'toolDescription']);

const choicesOf = (field: INodeProperties) =>
	(field.options ?? []).filter((option): option is INodePropertyOptions => 'value' in option);

const fieldsIn = (field: INodeProperties): INodeProperties[] =>
	(field.options ?? []).flatMap((option) => {
		if ('values' in option) return option.values;
		return 'type' in option ? [option as INodeProperties] : [];
	});

/** A text of the panel, which may hold HTML, as Markdown that fits into a cell. */
const markdownOf = (text = '') =>
	text
		.replace(/[|*`]/g, '\\$&')
		.replace(/<a [^>]*href="([^"]+)"[^>]*>(.*?)<\/a>/g, '[$2]($1)')
		.replace(/<b>(.*?)<\/b>/g, '**$1**');

function standardOf(field: INodeProperties): string {
	const { type, default: given, required } = field;
	const nameOf = (value: unknown) =>
		choicesOf(field).find((choice) => choice.value === value)?.name ?? String(value);
	const value: unknown = type === 'resourceLocator' ? (given as { value: unknown }).value : given;
	if (type === 'boolean') return value === true ? 'on' : 'off';
	if (type === 'fixedCollection' || type === 'resourceMapper') return 'none';
	if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(nameOf).join(', ');
	if (value === '') return required === true ? 'required' : 'empty';
	if (type === 'options') return nameOf(value);
	return typeof value === 'number' ? String(value) : `\`${String(value).replace(/^=/, '')}\``;
}

/** Choices that explain themselves stand together in one line, the others in a line each. */
function describe(field: INodeProperties): string {
	const choices = choicesOf(field);
	const plain = choices.filter(({ description }) => description === undefined);
	const most = field.typeOptions?.maxValue;
	const sentences = [field.hint, field.description, most === undefined ? '' : `At most ${most}.`];
	return [
		markdownOf(
			sentences
				.filter((sentence) => sentence)
				.join('. ')
				.replaceAll('.. ', '. '),
		),
		...choices
			.filter(({ description }) => description !== undefined)
			.map(({ name, description }) => `**${name}**: ${markdownOf(description)}`),
		...(plain.length > 0 ? [plain.map(({ name }) => `**${name}**`).join(', ')] : []),
	].join('<br>');
}

/** The same field of several operations is one, as long as nothing else about it differs. */
function merged(fields: Field[]): Field[] {
	const known = new Map<string, Field>();
	for (const field of fields) {
		const key = JSON.stringify([field.label, field.standard, field.description]);
		const operations = [...(known.get(key)?.operations ?? []), ...field.operations];
		known.set(key, { ...field, operations: [...new Set(operations)].sort() });
	}
	return [...known.values()];
}

/** The fields of a panel in groups: those on its first level, then those of each collection. */
function groupsOf(
	path: string,
	properties: INodeProperties[],
	operationsOf: (field: INodeProperties) => string[],
): FieldGroup[] {
	const toField = (field: INodeProperties, operations: string[]): Field => ({
		label: field.displayName,
		standard: standardOf(field),
		operations,
		description: describe(field),
	});
	const shown = properties.filter(
		({ type, name }) => type !== 'notice' && !NOT_IN_TABLES.has(name),
	);
	const isNested = ({ type }: INodeProperties) =>
		type === 'collection' || type === 'fixedCollection';
	const first = shown.filter(({ type }) => type !== 'collection');
	const nested = [...new Set(shown.filter(isNested).map(({ name }) => name))].map((name) => {
		const same = shown.filter((field) => field.name === name);
		// What is added to a list of files means the same in every operation.
		const fields = same.flatMap((collection) =>
			fieldsIn(collection).map((field) =>
				toField(field, collection.type === 'collection' ? operationsOf(collection) : []),
			),
		);
		const sorted = merged(fields).sort((a, b) => a.label.localeCompare(b.label, 'en'));
		return { id: `${path}/${name}`, label: same[0].displayName, fields: sorted };
	});
	const fields = merged(first.map((field) => toField(field, operationsOf(field))));
	return [{ id: `${path}/parameters`, label: 'Parameter', fields }, ...nested];
}

const [action, ...triggers] = NODES;
const shownFor = (field: INodeProperties, parameter: string) =>
	(field.displayOptions?.show?.[parameter] ?? []).map(String);
const isForAgentsOnly = (field: INodeProperties) => shownFor(field, '@tool').includes('true');
const fieldNamed = (name: string, resource?: string) =>
	action.properties.find(
		(field) =>
			field.name === name &&
			(resource === undefined || shownFor(field, 'resource').includes(resource)),
	) as INodeProperties;

/** Resources that a document treats together. */
interface Chapter {
	id: string;
	resources: string[];
}

const TASK: Chapter = { id: 'task', resources: ['task'] };
/** The operations that say what comes out; in everything but their first fields they are Run and Wait. */
const GENERATE: Chapter = { id: 'generate', resources: ['image', 'video', 'audio'] };
const OTHERS = choicesOf(fieldNamed('resource'))
	.map(({ value }) => String(value))
	.filter((resource) => ![...GENERATE.resources, 'task'].includes(resource))
	.map((resource): Chapter => ({ id: resource, resources: [resource] }));

interface DescribedChapter {
	groups: FieldGroup[];
	operations: OperationGroup;
}

function describeChapter({ id, resources }: Chapter): DescribedChapter {
	const path = `${action.name}/${id}`;
	const isOne = resources.length === 1;
	const operations = resources.flatMap((resource) =>
		choicesOf(fieldNamed('operation', resource)).map(({ name, value, description }) => ({
			resource,
			value,
			label: isOne ? name : `${labelOf(resource)}: ${name}`,
			description: markdownOf(description),
		})),
	);
	const fields = action.properties.filter(
		(field) =>
			!isForAgentsOnly(field) &&
			shownFor(field, 'resource').some((resource) => resources.includes(resource)),
	);
	const operationsOf = (field: INodeProperties) =>
		operations
			.filter(
				({ resource, value }) =>
					shownFor(field, 'resource').includes(resource) &&
					shownFor(field, 'operation').includes(String(value)),
			)
			.map(({ label }) => label);
	return {
		groups: groupsOf(path, fields, operationsOf),
		operations: { id: `${path}/operations`, operations },
	};
}

const labelOf = (resource: string) =>
	choicesOf(fieldNamed('resource')).find(({ value }) => value === resource)?.name ?? resource;

/** What a chapter has besides another one, so that nothing is told twice. */
function without(described: DescribedChapter, other: DescribedChapter): DescribedChapter {
	const same = (a: Field, b: Field) =>
		a.label === b.label && a.standard === b.standard && a.description === b.description;
	const told = other.groups.flatMap(({ fields }) => fields);
	const groups = described.groups
		.map((group) => ({
			...group,
			fields: group.fields.filter((field) => !told.some((one) => same(one, field))),
		}))
		.filter(({ fields }) => fields.length > 0);
	return { ...described, groups };
}

const task = describeChapter(TASK);
const chapters = [
	without(describeChapter(GENERATE), task),
	task,
	...OTHERS.map((chapter) => describeChapter(chapter)),
];

/** The operations a person can pick. */
export const OPERATION_GROUPS: OperationGroup[] = chapters.map(({ operations }) => operations);

/** Everything a person can fill in. */
export const FIELD_GROUPS: FieldGroup[] = [
	...[CREDENTIAL, ...triggers].flatMap(({ name, properties }) =>
		groupsOf(name, properties, () => []),
	),
	...chapters.flatMap(({ groups }) => groups),
];

const namesIn = (field: INodeProperties): string[] => [
	field.displayName,
	...choicesOf(field).flatMap(({ name, action }) =>
		action === undefined ? [name] : [name, action],
	),
	...(field.modes ?? []).map(({ displayName }) => displayName),
	...fieldsIn(field).flatMap(namesIn),
];

/** Every name a person can see: nodes, credential, resources, operations, fields, choices, ways to give a value. */
export const NAMES: ReadonlySet<string> = new Set(
	[CREDENTIAL, ...NODES].flatMap(({ displayName, properties }) => [
		displayName,
		...properties.flatMap(namesIn),
	]),
);
