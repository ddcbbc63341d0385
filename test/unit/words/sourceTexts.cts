import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import ts from 'typescript';

const ROOT = resolve(__dirname, '../../..');

/** A text of a failure as the source has it: what is filled in when it is thrown stands as `…`. */
export interface SourceText {
	place: string;
	part: 'message' | 'description';
	text: string;
}

function textOf(node: ts.Expression): string | undefined {
	if (ts.isStringLiteralLike(node)) return node.text;
	if (ts.isTemplateExpression(node))
		return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
	return undefined;
}

/** A choice between texts counts as each of them. */
function textsIn(node: ts.Expression): string[] {
	if (ts.isConditionalExpression(node))
		return [...textsIn(node.whenTrue), ...textsIn(node.whenFalse)];
	const text = textOf(node);
	return text === undefined ? [] : [text];
}

function readFile(file: string): SourceText[] {
	const source = ts.createSourceFile(
		file,
		readFileSync(join(ROOT, file), 'utf8'),
		ts.ScriptTarget.Latest,
		true,
	);
	const found: SourceText[] = [];
	const add = (part: SourceText['part'], node: ts.Expression) => {
		const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
		for (const text of textsIn(node)) found.push({ place: `${file}:${line}`, part, text });
	};
	const visit = (node: ts.Node): void => {
		if (ts.isNewExpression(node) && node.expression.getText() === 'HiApiFailure') {
			const [message, description] = node.arguments ?? [];
			if (message !== undefined) add('message', message);
			if (description !== undefined) add('description', description);
		}
		if (ts.isObjectLiteralExpression(node)) {
			const properties = new Map(
				node.properties
					.filter(ts.isPropertyAssignment)
					.map((property) => [property.name.getText(), property.initializer] as const),
			);
			const message = properties.get('message') ?? properties.get('problem');
			const description = properties.get('description');
			if (message !== undefined && description !== undefined) {
				add('message', message);
				add('description', description);
			}
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

/** Every text of a failure that is written out in `nodes/`. */
export function failureTexts(): SourceText[] {
	return readdirSync(join(ROOT, 'nodes'), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.sort()
		.flatMap((name) => readFile(join('nodes', name)));
}
