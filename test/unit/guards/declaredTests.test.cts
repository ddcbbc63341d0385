import { declaredTests } from '../../guards/declaredTests.cts';
import { lostTest } from '../../guards/findTests.cts';
import { UNKNOWN } from '../../guards/rowTitle.cts';

const read = (text: string, modules: Record<string, Record<string, unknown>> = {}) =>
	declaredTests('/tests/some.test.cts', text, (path) => modules[path]);
const titles = (...parameters: Parameters<typeof read>) =>
	read(...parameters).map(({ levels }) => levels.map(({ title }) => title).join(' > '));
const lost = (title: string, text: string, rows = 1) =>
	lostTest({ file: 'some.test.cts', levels: title.split(' > '), rows }, read(text));

describe('the tests of a file', () => {
	test.each<[string, string, string[]]>([
		['a test', "test('a', () => {})", ['a']],
		['another word for it', "it('a', () => {})", ['a']],
		['groups', "describe('a', () => { describe('b', () => { test('c', f); }); })", ['a > b > c']],
		['in a loop', "for (const x of [1]) { test('a', f); }", ['a']],
		['at the same time', "test.concurrent('a', f)", ['a']],
		['of a lab', "lab.test('a', async () => {}, 5)", ['a']],
		['of a lab where it can', "lab.testWhere('ability', 'a', async () => {})", ['a']],
		['in a browser', "describeInBrowser('a', () => { lab.test('b', f); })", ['a > b']],
		['rows', "test.each([['x', 1], ['y', 2]])('%s is %i', f)", ['x is 1', 'y is 2']],
		['rows of one', "test.concurrent.each(['x', null, -1])('%s', f)", ['x', 'null', '-1']],
		['rows as JSON', "test.each(['x', {}, [[]]])('%j', f)", ['"x"', UNKNOWN, UNKNOWN]],
		['rows by name', "test.each([{ name: 'x' }, { name: f() }])('$name', f)", ['x', UNKNOWN]],
		['their numbers', "test.each([[f()], [f()]])('no. %#', f)", ['no. 0', 'no. 1']],
		['rows in a constant', "const T = ['x']; test.each([...T, 'y'])('%s', f)", ['x', 'y']],
		['mapped rows', "const T = ['x']; test.each(T.map(f))('%s', f)", [UNKNOWN]],
		[
			'rows of groups',
			"describe.each(['x', 'y'])('%s', () => { test('a', f); })",
			['x > a', 'y > a'],
		],
		['rows nobody can read', "test.each(f())('%s!', f)", [`${UNKNOWN}!`]],
		['rows in a template', 'test.each`a\n${1}`("$a", f)', [UNKNOWN]],
		['what is put in', "const N = 'x'; test(`a ${N} b ${f()}`, f)", [`a x b ${UNKNOWN}`]],
		['what is none', "expect(x); list.test(); describe(x); setUp('a', f)", []],
	])('%s', (_name, text, expected) => {
		expect(titles(text)).toEqual(expected);
	});

	test('rows of another file are those it exports', () => {
		const text =
			"import { ROWS, ONE } from './rows.cts'; test.each(ROWS)('$name', f); test(ONE.name, f);";
		expect(
			titles(text, {
				'/tests/rows.cts': { ROWS: [{ name: 'a' }, { name: 'b' }], ONE: { name: 'c' } },
			}),
		).toEqual(['a', 'b', 'c']);
	});

	test.each(["test.only('a', f)", "describe.only('a', f)", "fit('a', f)"])(
		'%s would keep the others from running',
		(text) => {
			expect(() => read(text)).toThrow('runs alone');
		},
	);
});

describe('a test of the list is lost', () => {
	const FILE =
		"describe('a', () => { test('b', f); test.each(['x', 'y'])('c %s', f); test.each(f())('d %s', f); });";

	test.each<[string, number, string | undefined]>([
		['a > b', 1, undefined],
		['a > B', 1, 'there is no such test'],
		['b', 1, 'there is no such test'],
		['a > c y', 1, undefined],
		['a > c z', 1, 'there is no such test'],
		['a > c %s', 2, undefined],
		['a > c %s', 3, 'it has 2 rows instead of 3'],
		['a > d whatever', 1, undefined],
		['a > d %s', 1, undefined],
		['a > d %s', 2, 'its rows cannot be counted from the file: leave the number out'],
	])('%s, %i times: %s', (title, rows, reason) => {
		expect(lost(title, FILE, rows)).toBe(reason);
	});

	test.each([
		"describe('a', () => { test.skip('b', f); })",
		"describe.skip('a', () => { test('b', f); })",
		"describe('a', () => { xit('b', f); })",
		"describe('a', () => { test.todo('b'); })",
		"describe('a', () => { test.concurrent.skip('b', f); })",
	])('when it is skipped: %s', (text) => {
		expect(lost('a > b', text)).toBe('it is skipped');
	});

	test('when only a title of which nothing is known could be it', () => {
		expect(lost('a', "test.each(f())('%s', f)")).toBe('there is no such test');
	});
});
