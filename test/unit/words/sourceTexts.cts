import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { ROOT } from '../../../scripts/docs/markdown.cts';

/** A text as the source has it: what is filled in at run time stands as `…`. */
export interface SourceText {
	/** File and line, from the project's folder. */
	place: string;
	text: string;
}

/** A text of a failure. */
export interface FailureText extends SourceText {
	part: 'message' | 'description';
}

const textOf = (node: ts.Node): string | undefined => {
	if (ts.isStringLiteralLike(node)) return node.text;
	if (!ts.isTemplateExpression(node)) return undefined;
	return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
};

const sources = ['nodes', 'credentials']
	.flatMap((folder) =>
		readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts'))
			.map((name) => join(folder, name)),
	)
	.sort()
	.map((file) => {
		const text = readFileSync(join(ROOT, file), 'utf8');
		return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
	});

/** What `pick` returns for any node of any file of the package. */
function collect<T>(pick: (node: ts.Node, place: string) => T[]): T[] {
	const found: T[] = [];
	for (const source of sources) {
		const visit = (node: ts.Node): void => {
			const { line } = source.getLineAndCharacterOfPosition(node.getStart());
			found.push(...pick(node, `${source.fileName}:${line + 1}`));
			ts.forEachChild(node, visit);
		};
		visit(source);
	}
	return found;
}

/** Every text with a blank in it, whatever it is for. */
export const sentences = (): SourceText[] =>
	collect((node, place) => {
		const text = textOf(node);
		return text?.includes(' ') ? [{ place, text }] : [];
	});

/** A choice between texts counts as each of them. */
const textsIn = (node: ts.Expression): string[] =>
	ts.isConditionalExpression(node)
		? [...textsIn(node.whenTrue), ...textsIn(node.whenFalse)]
		: [textOf(node) ?? []].flat();

/** Message and description of what becomes a failure: `new HiApiError(…)`, and objects that have both. */
function partsOf(node: ts.Node): Array<ts.Expression | undefined> {
	if (ts.isNewExpression(node) && node.expression.getText() === 'HiApiError')
		return [...(node.arguments ?? [])].slice(0, 2);
	if (!ts.isObjectLiteralExpression(node)) return [];
	const properties = new Map(
		node.properties
			.filter(ts.isPropertyAssignment)
			.map(({ name, initializer }) => [name.getText(), initializer]),
	);
	const message = properties.get('message') ?? properties.get('problem');
	const description = properties.get('description');
	return message && description ? [message, description] : [];
}

/** Every text of a failure that is written out in the package. */
export const failureTexts = (): FailureText[] =>
	collect((node, place) =>
		partsOf(node).flatMap((expression, index) =>
			expression === undefined
				? []
				: textsIn(expression).map((text) => ({
						place,
						part: index === 0 ? ('message' as const) : ('description' as const),
						text,
					})),
		),
	);
