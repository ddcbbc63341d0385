import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { ROOT } from './markdown.cts';

/** Files of the package, from the project's folder. */
export const SOURCES: string[] = ['nodes', 'credentials'].flatMap((folder) =>
	readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => join(folder, name)),
);

export interface WrittenMessage {
	file: string;
	line: number;
	/** With `…` for what is put in at run time. */
	text: string;
}

function textOf(node: ts.Node): string | undefined {
	if (ts.isStringLiteralLike(node)) return node.text;
	if (!ts.isTemplateExpression(node)) return undefined;
	return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
}

/** The texts a file gives to `new HiApiFailure(…)` as message. */
export function failuresIn(
	file: string,
	code = readFileSync(join(ROOT, file), 'utf8'),
): WrittenMessage[] {
	return collect(file, code, (node) =>
		ts.isNewExpression(node) && node.expression.getText() === 'HiApiFailure'
			? node.arguments?.[0]
			: undefined,
	);
}

/** Every sentence in a file, whatever it is for. */
export function sentencesIn(
	file: string,
	code = readFileSync(join(ROOT, file), 'utf8'),
): WrittenMessage[] {
	return collect(file, code, (node) => node).filter(({ text }) => / /.test(text));
}

function collect(
	file: string,
	code: string,
	pick: (node: ts.Node) => ts.Node | undefined,
): WrittenMessage[] {
	const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
	const found: WrittenMessage[] = [];
	const visit = (node: ts.Node): void => {
		const picked = pick(node);
		const text = picked && textOf(picked);
		if (text !== undefined)
			found.push({
				file,
				line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
				text,
			});
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}
