import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { readDocument, ROOT, type Document, type Piece } from './markdown.cts';

/*
 * What a document may not hold. Every rule returns its offenders, one sentence each that begins with file and line;
 * none when all is well.
 */

const at = ({ file }: Document, { line }: Piece) => `${file}:${line}:`;

/** Links into the project that lead nowhere. npm and GitHub both resolve relative ones against the repository. */
export function brokenLinks(document: Document): string[] {
	return document.links.flatMap((link) => {
		if (/^([a-z]+:|\/\/)/i.test(link.text)) return [];
		const [path, anchor] = link.text.split('#');
		const target =
			path === '' ? document.file : relative(ROOT, join(ROOT, dirname(document.file), path));
		if (target.startsWith('..') || (path !== '' && !existsSync(join(ROOT, target))))
			return [`${at(document, link)} ${link.text} leads to ${target}, which does not exist`];
		if (anchor === undefined) return [];
		const { anchors } = path === '' ? document : readDocument(target);
		return anchors.includes(anchor)
			? []
			: [`${at(document, link)} ${target} has no heading for #${anchor}`];
	});
}

/** What documents leave out in front of a source file. */
const FOLDERS_LEFT_OUT = ['', 'nodes', 'nodes/HiApi'];

/** Files and folders named in code that do not exist; patterns and placeholders are left alone. */
export function missingFiles(document: Document): string[] {
	return document.code
		.filter(
			({ text }) =>
				/^(nodes|credentials|simulator|test|scripts|benchmarks|examples|docs|\.github)\/[^\s<>*{}]*$/.test(
					text,
				) || /^[\w-]+\/[\w./-]+\.c?ts$/.test(text),
		)
		.filter(({ text }) => !FOLDERS_LEFT_OUT.some((folder) => existsSync(join(ROOT, folder, text))))
		.map((code) => `${at(document, code)} there is no ${code.text}`);
}

/** Commands of npm itself that are no script of the project. */
const OF_NPM = new Set(['ci', 'install', 'i', 'pack', 'publish', 'link', 'exec', 'init']);

/** npm commands in code that are neither npm's own nor a script of the project. */
export function unknownCommands(
	document: Pick<Document, 'file' | 'code'>,
	scripts: Record<string, string>,
): string[] {
	return document.code.flatMap(({ line, text }) =>
		[...text.matchAll(/\bnpm\s+(?:run\s+(?:-s\s+)?([\w:.-]+)|([a-z-]+))/g)]
			.map(([, script, command]) => script ?? command)
			.filter((name) => !(name in scripts) && !OF_NPM.has(name))
			.map((name) => `${document.file}:${line}: package.json has no command '${name}'`),
	);
}

/** Bold is for names that can be seen somewhere: bold texts that are none of these. */
export function unknownNames(document: Document, names: ReadonlySet<string>): string[] {
	return document.bold
		.filter(({ text }) => !names.has(text.replace(/:$/, '')))
		.map((bold) => `${at(document, bold)} nothing is called '${bold.text}'`);
}

/** Numbers behind a bold name, as in "**Timeout (Minutes)** (30)", that are no default of what has that name. */
export function wrongDefaults(
	{ file, text }: Document,
	defaults: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
	return text
		.split('\n')
		.flatMap((line, index) =>
			[...line.matchAll(/\*\*([^*]+)\*\* \((\d+)/g)]
				.filter(([, name, number]) => defaults.get(name)?.has(number) !== true)
				.map(([, name, number]) => `${file}:${index + 1}: ${number} is no default of '${name}'`),
		);
}
