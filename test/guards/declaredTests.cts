import { dirname, resolve } from 'node:path';

import ts from 'typescript';

import { fillIn, UNKNOWN } from './rowTitle.cts';

/** One level of a test's name: the title of a `describe` or of the test itself. */
export interface Level {
	/** As it stands in the file, with `%s`, `$name` or `${…}` in it. */
	template: string;
	/** As jest shows it, with `UNKNOWN` where only a run can tell. */
	title: string;
}

/** A test as its file declares it; one per row where the rows of its table can be read. */
export interface DeclaredTest {
	levels: Level[];
	skipped: boolean;
	/** False when there may be any number of them: one of its tables is only known when the tests run. */
	countable: boolean;
}

/** Gives what a module exports. Called only for tables of tests, so that a file's other imports stay unread. */
export type LoadModule = (path: string) => Record<string, unknown>;

interface Call {
	/** `describe` or `test`, however the file calls it. */
	kind: 'describe' | 'test';
	title: ts.Expression;
	body: ts.Node | undefined;
	table: ts.Expression | undefined;
	hasTable: boolean;
	modifiers: string[];
}

const isTitle = (node: ts.Node) => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
const SKIPPING = new Set(['skip', 'todo', 'xit', 'xtest', 'xdescribe']);
const FOCUSING = new Set(['only', 'fit', 'fdescribe']);

/**
 * Reads which tests a file declares, without running it.
 *
 * A test is a call of `test`, `it` or of a method named `test…` (`lab.test`), a group one of `describe` or of a function
 * named `describe…`. The rows of `.each` are read when they are literals, constants of the file or imported by a relative
 * path. Throws when the file has `.only`, which keeps every other test from running.
 *
 * @param path absolute path of the file
 * @param text what the file holds
 * @param load gives the exports of an imported module by its absolute path
 */
export function declaredTests(path: string, text: string, load: LoadModule): DeclaredTest[] {
	const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
	const evaluate = evaluator(source, path, load);
	const found: DeclaredTest[] = [];

	const visit = (node: ts.Node, outer: DeclaredTest[]): void => {
		const call = ts.isCallExpression(node) ? readCall(node) : undefined;
		if (call === undefined) {
			ts.forEachChild(node, (child) => visit(child, outer));
			return;
		}
		if (call.modifiers.some((word) => FOCUSING.has(word)))
			throw new Error(`${path} has a test or group that runs alone (.only)`);
		const declared = outer.flatMap((group) => withLevel(group, call, evaluate));
		if (call.kind === 'test') found.push(...declared);
		else if (call.body !== undefined) ts.forEachChild(call.body, (child) => visit(child, declared));
	};
	visit(source, [{ levels: [], skipped: false, countable: true }]);
	return found;
}

function readCall(node: ts.CallExpression): Call | undefined {
	let callee: ts.Expression = node.expression;
	let table: ts.Expression | undefined;
	let hasTable = false;
	if (ts.isTaggedTemplateExpression(callee)) {
		hasTable = true;
		callee = callee.tag;
	} else if (ts.isCallExpression(callee)) {
		hasTable = true;
		[table] = callee.arguments;
		callee = callee.expression;
	}
	const names: string[] = [];
	while (ts.isPropertyAccessExpression(callee)) {
		names.unshift(callee.name.text);
		callee = callee.expression;
	}
	if (!ts.isIdentifier(callee)) return undefined;
	names.unshift(callee.text);
	if (names.includes('bind')) return undefined;
	if (hasTable !== names.includes('each')) return undefined;
	const kind = kindOf(names);
	// In `lab.testWhere(ability, title, body)` something stands before the title.
	const at = node.arguments.findIndex(
		(argument, index) => isTitle(argument) && !isTitle(node.arguments[index + 1] ?? argument),
	);
	const title = node.arguments[at >= 0 ? at : 0];
	if (kind === undefined || title === undefined) return undefined;
	return { kind, title, body: node.arguments.at(-1), table, hasTable, modifiers: names };
}

function kindOf(names: string[]): Call['kind'] | undefined {
	const [first, second] = names;
	if (/^[xf]?describe/.test(first)) return 'describe';
	if (/^[xf]?(it|test)$/.test(first) || /^test([A-Z]|$)/.test(second ?? '')) return 'test';
	return undefined;
}

function withLevel(group: DeclaredTest, call: Call, evaluate: Evaluate): DeclaredTest[] {
	const { template, title } = titleOf(call.title, evaluate);
	const skipped = group.skipped || call.modifiers.some((word) => SKIPPING.has(word));
	const table = call.table === undefined ? UNKNOWN : evaluate(call.table);
	const one = (shown: string, countable: boolean): DeclaredTest => ({
		levels: [...group.levels, { template, title: shown }],
		skipped,
		countable: group.countable && countable,
	});
	if (!call.hasTable) return [one(title, !title.includes(UNKNOWN))];
	if (!Array.isArray(table)) return [one(fillIn(title, UNKNOWN, 0), false)];
	return table.map((row: unknown, index) => one(fillIn(title, row, index), true));
}

function titleOf(node: ts.Expression, evaluate: Evaluate): Level {
	if (ts.isTemplateExpression(node)) {
		let title = node.head.text;
		let template = node.head.text;
		for (const { expression, literal } of node.templateSpans) {
			const value = evaluate(expression);
			title += `${typeof value === 'string' ? value : UNKNOWN}${literal.text}`;
			template += `\${${expression.getText()}}${literal.text}`;
		}
		return { template, title };
	}
	const value = evaluate(node);
	const title = typeof value === 'string' ? value : UNKNOWN;
	return { template: ts.isStringLiteralLike(node) ? node.text : node.getText(), title };
}

type Evaluate = (node: ts.Expression) => unknown;

/** Gives the value of an expression made of literals, constants of the file and imports; `UNKNOWN` for any other. */
function evaluator(source: ts.SourceFile, path: string, load: LoadModule): Evaluate {
	const constants = new Map<string, ts.Expression>();
	const imports = new Map<string, { module: string; name: string }>();
	for (const statement of source.statements) {
		if (ts.isVariableStatement(statement))
			for (const { name, initializer } of statement.declarationList.declarations)
				if (ts.isIdentifier(name) && initializer !== undefined)
					constants.set(name.text, initializer);
		if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
			const bindings = statement.importClause?.namedBindings;
			if (bindings !== undefined && ts.isNamedImports(bindings))
				for (const { name, propertyName } of bindings.elements)
					imports.set(name.text, {
						module: statement.moduleSpecifier.text,
						name: (propertyName ?? name).text,
					});
		}
	}

	const evaluate: Evaluate = (node) => {
		if (
			ts.isParenthesizedExpression(node) ||
			ts.isAsExpression(node) ||
			ts.isSatisfiesExpression(node)
		)
			return evaluate(node.expression);
		if (ts.isStringLiteralLike(node)) return node.text;
		if (ts.isNumericLiteral(node)) return Number(node.text);
		if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
		if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
		if (node.kind === ts.SyntaxKind.NullKeyword) return null;
		if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
			const value = evaluate(node.operand);
			return typeof value === 'number' ? -value : UNKNOWN;
		}
		if (ts.isArrayLiteralExpression(node)) return list(node);
		if (ts.isObjectLiteralExpression(node)) return object(node);
		if (ts.isPropertyAccessExpression(node)) {
			const value = evaluate(node.expression);
			return typeof value === 'object' && value !== null && node.name.text in value
				? (value as Record<string, unknown>)[node.name.text]
				: UNKNOWN;
		}
		if (ts.isCallExpression(node)) return mapped(node);
		return ts.isIdentifier(node) ? named(node.text) : UNKNOWN;
	};
	const list = (node: ts.ArrayLiteralExpression): unknown => {
		const values: unknown[] = [];
		for (const element of node.elements) {
			const value = evaluate(ts.isSpreadElement(element) ? element.expression : element);
			if (!ts.isSpreadElement(element)) values.push(value);
			else if (Array.isArray(value)) values.push(...(value as unknown[]));
			else return UNKNOWN;
		}
		return values;
	};
	const object = (node: ts.ObjectLiteralExpression): unknown =>
		Object.fromEntries(
			node.properties.flatMap((property) =>
				ts.isPropertyAssignment(property) && !ts.isComputedPropertyName(property.name)
					? [[property.name.text, evaluate(property.initializer)]]
					: [],
			),
		);
	/** A list that is mapped keeps its length. */
	const mapped = ({ expression }: ts.CallExpression): unknown => {
		if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'map')
			return UNKNOWN;
		const value = evaluate(expression.expression);
		return Array.isArray(value) ? value.map(() => UNKNOWN) : UNKNOWN;
	};
	const named = (name: string): unknown => {
		if (name === 'undefined') return undefined;
		const constant = constants.get(name);
		if (constant !== undefined) return evaluate(constant);
		const from = imports.get(name);
		if (from === undefined || !from.module.startsWith('.')) return UNKNOWN;
		return load(resolve(dirname(path), from.module))[from.name];
	};
	return evaluate;
}
