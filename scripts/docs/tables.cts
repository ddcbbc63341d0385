import { FIELD_GROUPS, OPERATION_GROUPS, type FieldGroup } from './panels.cts';

const tableOf = (rows: string[][]) =>
	[rows[0], rows[0].map(() => '---'), ...rows.slice(1)]
		.map((cells) => `| ${cells.join(' | ')} |`)
		.join('\n')
		.replaceAll('| --- |', '|---|')
		.replaceAll(' --- |', '---|');

function fieldTable({ label, fields }: FieldGroup): string {
	const hasOperations = fields.some(({ operations }) => operations.length > 0);
	const cells = (name: string, standard: string, operations: string, description: string) =>
		hasOperations ? [name, standard, operations, description] : [name, standard, description];
	return tableOf([
		cells(label, 'Default', 'In', 'What it is'),
		...fields.map((field) =>
			cells(field.label, field.standard, field.operations.join(', '), field.description),
		),
	]);
}

/** The tables of everything the panels of nodes and credential hold, in Markdown, by what the markers call them. */
export const TABLES: ReadonlyMap<string, string> = new Map([
	...OPERATION_GROUPS.map(({ id, operations }): [string, string] => [
		id,
		tableOf([
			['Operation', 'What it does'],
			...operations.map(({ label, description }) => [label, description]),
		]),
	]),
	...FIELD_GROUPS.map((group): [string, string] => [group.id, fieldTable(group)]),
]);

const MARKED = /(<!-- table: (\S+) -->\n)([\s\S]*?)(<!-- end of table -->)/g;

/** What a text has between its markers, brought up to date. */
export interface Refreshed {
	text: string;
	/** Names of the tables it has a place for. */
	ids: string[];
}

/**
 * Puts the tables between the markers of a Markdown text: `<!-- table: hiApi/task/options -->` … `<!-- end of table -->`.
 * Throws an Error that names the table when there is none of that name, or when a marker has no partner.
 */
export function withTables(text: string, tables: ReadonlyMap<string, string> = TABLES): Refreshed {
	const ids: string[] = [];
	const refreshed = text.replace(MARKED, (_, begin: string, id: string, _old, end: string) => {
		const table = tables.get(id);
		if (table === undefined)
			throw new Error(`There is no table '${id}'; there are: ${[...tables.keys()].join(', ')}`);
		ids.push(id);
		return `${begin}\n${table}\n\n${end}`;
	});
	const markers = text.match(/<!-- (table: .*?|end of table) -->/g) ?? [];
	if (markers.length !== 2 * ids.length)
		throw new Error(`One of these markers has no partner: ${markers.join(' ')}`);
	return { text: refreshed, ids };
}

/** Tables that no text has a place for, or several have. */
export function misplacedTables(ids: string[]): string[] {
	const count = (id: string) => ids.filter((one) => one === id).length;
	return [...TABLES.keys()]
		.filter((id) => count(id) !== 1)
		.map((id) => `The table '${id}' stands in the documents ${count(id)} times, not once`);
}
