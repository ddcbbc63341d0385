import { compareChoices, compareScope, unnamedChoices } from './compareTables.cts';
import { DOCUMENTS, readDocument, readMarkdown } from './markdown.cts';
import { SCOPES, type Scope } from './panel.cts';

const readme = readDocument('README.md');

test('there is something to compare', () => {
	expect(SCOPES.map(({ headings }) => headings.join(', '))).toEqual([
		'Credential',
		'HiAPI node, Model',
		'HiAPI node, Stored Output',
		'HiAPI node, Task',
		'HiAPI Trigger',
		'HiAPI Polling Trigger',
	]);
	for (const { facts } of SCOPES) expect(facts.length).toBeGreaterThan(3);
});

describe.each(SCOPES.map((scope) => [scope.headings.join(', '), scope] as const))(
	'README.md about %s',
	(_, scope) => {
		test('has every operation and every field with its default, and no others', () =>
			expect(compareScope(readme, scope)).toEqual([]));

		test('names every choice', () => expect(unnamedChoices(readme, scope)).toEqual([]));
	},
);

test.each(DOCUMENTS)('%s explains the choices the panel has', (file) =>
	expect(compareChoices(readDocument(file), SCOPES)).toEqual([]),
);

describe('the comparison notices', () => {
	const scope: Scope = {
		headings: ['Node', 'Thing'],
		operations: ['Get', 'Make'],
		facts: [
			{ table: 'Options', name: 'Speed', standard: '5', operations: ['Make'] },
			{ table: 'Options', name: 'Colour', standard: 'Red', operations: ['Get', 'Make'] },
		],
		choices: new Map([['Colour', { names: ['Red', 'Blue'], standard: 'Red' }]]),
	};
	const operations = '| Operation | What |\n|---|---|\n| Get | x |\n| Make | x |\n';
	const speed = '| Speed | 5 | Make | x |';
	const colour = '| Colour | Red | all | **Red** or **Blue** |';
	const page = (rows: string[], before = operations) =>
		readMarkdown(
			'P.md',
			`# P\n## Node\n### Thing\n${before}\n| Options | Default | In | What |\n|---|---|---|---|\n${rows.join('\n')}\n`,
		);

	test('nothing where all is right', () => {
		const right = page([speed, colour]);
		expect([
			...compareScope(right, scope),
			...compareChoices(right, [scope]),
			...unnamedChoices(right, scope),
		]).toEqual([]);
	});

	test.each([
		[
			'another default',
			page([speed.replace('5', '6'), colour]),
			"P.md:11: the row of 'Speed' (Node, Thing) does not fit the panel; right would be: | Speed | 5 | Make | … |",
		],
		[
			'another operation',
			page([speed.replace('Make', 'Get'), colour]),
			"P.md:11: the row of 'Speed'",
		],
		[
			'a renamed field',
			page([speed.replace('Speed', 'Pace'), colour]),
			"P.md:11: 'Pace' is no field of Node, Thing, 'Options'; these are: Speed, Colour",
		],
		[
			'a field without a row',
			page([speed]),
			"P.md: Node, Thing lacks a right row in a table that begins with 'Options': | Colour | Red | Get, Make | … |",
		],
		[
			'a row twice',
			page([speed, speed, colour]),
			"P.md:12: 'Speed' (Node, Thing) stands in the tables twice",
		],
		[
			'an operation too many',
			page([speed, colour], `${operations}| Break | x |\n`),
			'P.md:4: operations of Node, Thing are Get, Make, and the table has Get, Make, Break',
		],
		[
			'no table of operations',
			page([speed, colour], ''),
			'P.md: Node, Thing lacks a table of its operations',
		],
	])('%s', (_, document, problem) =>
		expect(compareScope(document, scope)).toContainEqual(expect.stringContaining(problem)),
	);

	test('a choice that is named nowhere, and one that does not exist', () => {
		expect(unnamedChoices(page([speed, colour.replace('**Blue**', 'blue')]), scope)).toEqual([
			"P.md: the choice 'Blue' of 'Colour' (Node, Thing) is named nowhere in bold",
		]);
		const table = readMarkdown(
			'P.md',
			'# P\n\n| Colour | What |\n|---|---|\n| Red | x |\n| Green | x |\n',
		);
		expect(compareChoices(table, [scope])).toEqual([
			"P.md:3: the choices of 'Colour' are Red, Blue, and the table has Red, Green",
		]);
	});
});
