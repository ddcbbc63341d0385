import { readMarkdown } from '../../../scripts/docs/markdown.cts';
import { refreshDocuments } from '../../../scripts/docs/refresh.cts';
import { TABLES, withTables } from '../../../scripts/docs/tables.cts';

test('the tables in README.md and docs are up to date; if not: npm run docs', () => {
	const { stale, problems } = refreshDocuments();
	expect([...stale.map(({ file }) => file), ...problems]).toEqual([]);
});

const tables = new Map([['a/options', '| new |']]);
const marked = (id: string) =>
	`before\n<!-- table: ${id} -->\n| old |\n<!-- end of table -->\nafter`;

test('a table is written between its markers, and only there', () => {
	expect(withTables(marked('a/options'), tables)).toEqual({
		text: 'before\n<!-- table: a/options -->\n\n| new |\n\n<!-- end of table -->\nafter',
		ids: ['a/options'],
	});
});

test.each([
	['an unknown table', marked('b/options'), "There is no table 'b/options'"],
	['a marker without end', '<!-- table: a/options -->\n| old |', 'has no partner'],
	['an end without marker', '| old |\n<!-- end of table -->', 'has no partner'],
])('%s is refused', (_, text, problem) => expect(() => withTables(text, tables)).toThrow(problem));

test('a row has name, default, operations and what the panel says, with the choices', () => {
	const rowsOf = (id: string) => readMarkdown(id, TABLES.get(id) ?? '').tables[0].rows;
	const rowOf = (id: string, label: string) =>
		rowsOf(id).find(({ cells }) => cells[0] === label)?.cells;
	expect(rowOf('hiApi/task/options', 'When a File Is Missing')).toEqual([
		'When a File Is Missing',
		'Fail',
		'Download Outputs',
		expect.stringMatching(/^What happens to .+Fail: .+Output the Other Files: /),
	]);
	expect(rowOf('hiApiApi/parameters', 'API Key')?.[1]).toBe('required');
	expect(rowOf('hiApiTrigger/filters', 'Models')?.[2]).toContain('in which * stands for');
	expect(rowOf('hiApi/task/operations', 'Run and Wait')?.[1]).toMatch(/^Start a task/);
});
