import { plain, type Document, type Row, type Table } from './markdown.cts';
import type { Choices, Fact, Scope } from './panel.cts';

const OPERATION = 'Operation';
const listed = (names: string[]) => names.join(', ') || 'none';

/** Whether two lists hold the same, in whatever order. */
function sameNames(a: string[], b: string[]): boolean {
	return (
		a.length === b.length && [...a].sort().every((name, index) => name === [...b].sort()[index])
	);
}

/** The tables under a scope's headings. */
function tablesOf({ tables }: Document, { headings }: Scope): Table[] {
	return tables.filter((table) =>
		headings.every((heading, index) => table.headings[index + 1] === heading),
	);
}

function cellOf({ header }: Table, { cells }: Row, name: string): string | undefined {
	const column = header.indexOf(name);
	return column < 0 ? undefined : plain(cells[column] ?? '');
}

/** The operations a row says it holds for; those of the scope where the table has no such column. */
function operationsOf(table: Table, row: Row, scope: Scope): string[] {
	const cell = cellOf(table, row, 'In');
	if (cell === undefined) return [];
	return cell === 'all' ? scope.operations : cell.split(',').map((name) => name.trim());
}

function rowOf({ name, standard, operations }: Fact): string {
	return `| ${[name, standard, ...(operations.length > 0 ? [listed(operations)] : [])].join(' | ')} | … |`;
}

function compareRows(
	file: string,
	scope: Scope,
	table: Table,
	facts: Fact[],
	seen: Set<Fact>,
): string[] {
	const where = scope.headings.join(', ');
	return table.rows.flatMap((row) => {
		const at = `${file}:${row.line}: `;
		const name = plain(row.cells[0]);
		const named = facts.filter((fact) => fact.name === name);
		if (named.length === 0)
			return [
				`${at}'${name}' is no field of ${where}, '${table.header[0]}'; these are: ${listed(facts.map((fact) => fact.name))}`,
			];
		const said = {
			standard: cellOf(table, row, 'Default'),
			operations: operationsOf(table, row, scope),
		};
		const fact = named.find(
			(one) => one.standard === said.standard && sameNames(one.operations, said.operations),
		);
		if (fact === undefined)
			return [
				`${at}the row of '${name}' (${where}) does not fit the panel; right would be: ${named.map(rowOf).join('  or  ')}`,
			];
		if (seen.has(fact)) return [`${at}'${name}' (${where}) stands in the tables twice`];
		seen.add(fact);
		return [];
	});
}

/** How the tables of a document about a part of the panel differ from it, both ways; one sentence each. */
export function compareScope(document: Document, scope: Scope): string[] {
	const where = scope.headings.join(', ');
	const tables = tablesOf(document, scope);
	const seen = new Set<Fact>();
	const problems = tables.flatMap((table) => {
		const [kind] = table.header;
		if (kind === OPERATION) {
			const names = table.rows.map((row) => plain(row.cells[0]));
			return sameNames(names, scope.operations)
				? []
				: [
						`${document.file}:${table.line}: operations of ${where} are ${listed(scope.operations)}, and the table has ${listed(names)}`,
					];
		}
		const facts = scope.facts.filter((fact) => fact.table === kind);
		return facts.length === 0 ? [] : compareRows(document.file, scope, table, facts, seen);
	});
	const missing = scope.facts.filter((fact) => !seen.has(fact));
	for (const fact of missing)
		problems.push(
			`${document.file}: ${where} lacks a right row in a table that begins with '${fact.table}': ${rowOf(fact)}`,
		);
	if (scope.operations.length > 0 && !tables.some(({ header }) => header[0] === OPERATION))
		problems.push(`${document.file}: ${where} lacks a table of its operations`);
	return problems;
}

/** Tables that explain the choices of a field but name other ones than the panel has. */
export function compareChoices(document: Document, scopes: Scope[]): string[] {
	return document.tables.flatMap((table) => {
		const known = scopes
			.map(({ choices }) => choices.get(table.header[0]))
			.filter((choices): choices is Choices => choices !== undefined);
		const names = table.rows.map((row) => plain(row.cells[0]));
		if (known.length === 0 || known.some((choices) => sameNames(choices.names, names))) return [];
		return [
			`${document.file}:${table.line}: the choices of '${table.header[0]}' are ${listed(known[0].names)}, and the table has ${listed(names)}`,
		];
	});
}

/** Choices a document never names: neither in bold, nor in a table about the scope, nor in a table of the field's choices. */
export function unnamedChoices(document: Document, scope: Scope): string[] {
	const bold = document.bold.map(({ text }) => text);
	const cells = tablesOf(document, scope).flatMap(({ rows }) =>
		rows.flatMap((row) => row.cells.map(plain)),
	);
	return [...scope.choices].flatMap(([field, { names }]) => {
		const table = document.tables.find(({ header }) => header[0] === field);
		const explained = [...bold, ...(table?.rows.map((row) => plain(row.cells[0])) ?? [])];
		return names
			.filter(
				(name) =>
					!explained.includes(name) && !cells.some((cell) => cell.split(', ').includes(name)),
			)
			.map(
				(name) =>
					`${document.file}: the choice '${name}' of '${field}' (${scope.headings.join(', ')}) is named nowhere in bold`,
			);
	});
}
