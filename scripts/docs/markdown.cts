import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import MarkdownIt from 'markdown-it';

/** The project's folder. */
export const ROOT = join(__dirname, '../..');

/** What users read about the package: README.md first. Paths from the project's folder. */
export const DOCUMENTS = [
	'README.md',
	...readdirSync(join(ROOT, 'docs'))
		.filter((name) => name.endsWith('.md'))
		.map((name) => `docs/${name}`),
];

/** A piece of a document: a link's target, a bold name, code. `line` counts from 1. */
export interface Piece {
	line: number;
	text: string;
}

export interface Table {
	/** Cells as plain text, without marks for bold, links and code. */
	header: string[];
	rows: Array<{ line: number; cells: string[] }>;
}

/** What a Markdown text holds. */
export interface Document {
	file: string;
	text: string;
	tables: Table[];
	/** The part of a page that GitHub links to as `#anchor`, of every heading. */
	anchors: string[];
	/** Everything in bold. */
	bold: Piece[];
	/** Targets of links and pictures, also of those written as HTML. */
	links: Piece[];
	/** Code blocks and code in a line. */
	code: Piece[];
}

type Token = ReturnType<MarkdownIt['parse']>[number];

const parser = new MarkdownIt({ html: true });

const plain = (tokens: Token[]) =>
	tokens
		.map(({ type, content }) =>
			type === 'text' || type === 'code_inline' ? content : type === 'softbreak' ? ' ' : '',
		)
		.join('')
		.trim();

/** GitHub's anchor for a heading: lower case, signs dropped, blanks as hyphens. */
const anchorOf = (heading: string) =>
	heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.replace(/\s/g, '-');

const targetsInHtml = (html: string) =>
	[...html.matchAll(/\b(?:src|href|srcset)="([^"]+)"/g)].map(([, target]) => target);

/** Reads a Markdown text as GitHub and npm show it; `file` is only its name. */
export function readMarkdown(file: string, text: string): Document {
	const document: Document = { file, text, tables: [], anchors: [], bold: [], links: [], code: [] };
	const readInline = (tokens: Token[], firstLine: number) => {
		let line = firstLine;
		for (const [index, { type, content, attrs }] of tokens.entries()) {
			if (type === 'softbreak' || type === 'hardbreak') line += 1;
			if (type === 'code_inline') document.code.push({ line, text: content });
			if (type === 'strong_open') {
				const end = tokens.findIndex((one, at) => at > index && one.type === 'strong_close');
				document.bold.push({ line, text: plain(tokens.slice(index, end)) });
			}
			const targets = [
				...(attrs ?? [])
					.filter(([name]) => name === 'href' || name === 'src')
					.map(([, target]) => target),
				...(type === 'html_inline' ? targetsInHtml(content) : []),
			];
			document.links.push(...targets.map((target) => ({ line, text: target })));
		}
	};
	const tokens = parser.parse(text, {});
	// Cells have no line of their own, their row has.
	let line = 1;
	for (const [index, { type, map, content, children }] of tokens.entries()) {
		if (map !== null) line = map[0] + 1;
		const table = document.tables.at(-1);
		if (type === 'table_open') document.tables.push({ header: [], rows: [] });
		if (type === 'fence' || type === 'code_block') document.code.push({ line, text: content });
		if (type === 'html_block')
			document.links.push(...targetsInHtml(content).map((target) => ({ line, text: target })));
		if (type !== 'inline') {
			if (type === 'tr_open' && tokens[index + 1].type === 'td_open')
				table?.rows.push({ line, cells: [] });
			continue;
		}
		const before = tokens[index - 1].type;
		if (before === 'heading_open') document.anchors.push(anchorOf(plain(children ?? [])));
		if (before === 'th_open') table?.header.push(plain(children ?? []));
		if (before === 'td_open') table?.rows.at(-1)?.cells.push(plain(children ?? []));
		readInline(children ?? [], line);
	}
	return document;
}

/** A document of the project. */
export const readDocument = (file: string): Document =>
	readMarkdown(file, readFileSync(join(ROOT, file), 'utf8'));
