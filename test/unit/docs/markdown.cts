import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The project's folder. */
export const ROOT = resolve(__dirname, '../../..');

/** What people read about the package: README.md first. Paths from the project's folder. */
export const DOCUMENTS = [
	'README.md',
	...readdirSync(join(ROOT, 'docs'))
		.filter((name) => name.endsWith('.md'))
		.map((name) => `docs/${name}`),
];

/** One row of a table. `line` counts from 1. */
export interface Row {
	line: number;
	cells: string[];
}

/** A table with the headings it stands under, outermost first. */
export interface Table {
	line: number;
	headings: string[];
	header: string[];
	rows: Row[];
}

/** A piece of a document: a link's target, a bold name. */
export interface Piece {
	line: number;
	text: string;
}

export interface Document {
	file: string;
	text: string;
	tables: Table[];
	/** The part of a page that GitHub links to as `#anchor`, of every heading. */
	anchors: string[];
	/** Everything in bold outside code. */
	bold: Piece[];
	/** Targets of links and pictures outside code. */
	links: Piece[];
}

/** A cell without emphasis, links and code marks. */
export function plain(cell: string): string {
	return cell
		.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
		.replace(/[*`]/g, '')
		.trim();
}

/** GitHub's anchor for a heading: lower case, signs dropped, blanks as hyphens. */
export function anchorOf(heading: string): string {
	return plain(heading)
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.replace(/\s/g, '-');
}

const withoutCode = (line: string) => line.replace(/`[^`]*`/g, (code) => ' '.repeat(code.length));
const cellsOf = (line: string) =>
	line
		.trim()
		.replace(/^\||\|$/g, '')
		.split('|')
		.map((cell) => cell.trim());

/** Reads a Markdown text; `file` is only its name. */
export function readMarkdown(file: string, text: string): Document {
	const document: Document = { file, text, tables: [], anchors: [], bold: [], links: [] };
	let headings: Array<{ level: number; text: string }> = [];
	let table: Table | undefined;
	let isCode = false;
	for (const [index, line] of text.split('\n').entries()) {
		if (line.startsWith('```')) isCode = !isCode;
		if (isCode) continue;
		const heading = /^(#{1,6}) (.+)$/.exec(line);
		if (heading) {
			headings = [
				...headings.filter(({ level }) => level < heading[1].length),
				{ level: heading[1].length, text: heading[2].trim() },
			];
			document.anchors.push(anchorOf(heading[2]));
		}
		if (!line.startsWith('|')) table = undefined;
		else if (table === undefined) {
			table = {
				line: index + 1,
				headings: headings.map((one) => one.text),
				header: cellsOf(line).map(plain),
				rows: [],
			};
			document.tables.push(table);
		} else if (!/^[|\s:-]+$/.test(line)) table.rows.push({ line: index + 1, cells: cellsOf(line) });
		const prose = withoutCode(line);
		for (const [, name] of prose.matchAll(/\*\*([^*]+)\*\*/g))
			document.bold.push({ line: index + 1, text: name });
		for (const [, target] of prose.matchAll(/\]\(([^)\s]+)\)/g))
			document.links.push({ line: index + 1, text: target });
	}
	return document;
}

/** A document of the project. */
export function readDocument(file: string): Document {
	return readMarkdown(file, readFileSync(join(ROOT, file), 'utf8'));
}
