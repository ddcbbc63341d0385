import { HiApiError } from '../../../../nodes/shared/errors/apiError';
import { readPages, type ListPage } from '../../../../nodes/shared/api/pages';

type Page = ListPage & { name: string };

/** Reads these pages to their end; what was asked for and what came. */
async function readAll(pages: Array<Page | HiApiError>, options = {}) {
	const asked: Array<[page: number, size: number]> = [];
	const seen: Array<[name: string, isLast: boolean]> = [];
	const readPage = async (page: number, size: number) => {
		asked.push([page, size]);
		const next = pages[page - 1] ?? { entries: 0, name: 'empty' };
		return await Promise.resolve(
			next instanceof HiApiError
				? { ok: false as const, failure: next }
				: { ok: true as const, value: next },
		);
	};
	for await (const read of readPages(readPage, options))
		seen.push([read.ok ? read.value.name : read.failure.message, read.isLast]);
	return { asked, seen };
}

const page = (name: string, entries: number, total?: number): Page => ({
	name,
	entries,
	...(total !== undefined && { total }),
});

test('reads pages of a hundred until one is not full', async () => {
	expect(await readAll([page('a', 100), page('b', 99), page('c', 100)])).toEqual({
		asked: [
			[1, 100],
			[2, 100],
		],
		seen: [
			['a', false],
			['b', true],
		],
	});
});

test('reads on after a short page when HiAPI says that there is more, and stops at its total', async () => {
	const { seen } = await readAll([page('a', 3, 10), page('b', 7, 10), page('c', 1, 10)]);
	expect(seen).toEqual([
		['a', false],
		['b', true],
	]);
});

test('an empty page is the last one, whatever the total says', async () => {
	expect((await readAll([page('a', 0, 10)])).seen).toEqual([['a', true]]);
});

test('hands on a failure and ends with it', async () => {
	const { seen } = await readAll([page('a', 2), new HiApiError('gone', ''), page('c', 2)], {
		size: 2,
	});
	expect(seen).toEqual([
		['a', false],
		['gone', true],
	]);
});

test('reads no more pages than allowed', async () => {
	const { asked } = await readAll(Array<Page>(5).fill(page('same', 2)), { size: 2, mostPages: 3 });
	expect(asked).toEqual([
		[1, 2],
		[2, 2],
		[3, 2],
	]);
});

test('asks before each page whether it may be read, and ends where it may not', async () => {
	const answers = [true, true, false];
	const { asked } = await readAll(Array<Page>(5).fill(page('same', 2)), {
		size: 2,
		mayRead: async () => await Promise.resolve(answers.shift()),
	});
	expect(asked.map(([number]) => number)).toEqual([1, 2]);
	expect(answers).toEqual([]);
});

test('reads on after a short page where that says nothing, until a page is empty', async () => {
	const { seen } = await readAll([page('a', 3), page('b', 1)], { shortPageEnds: false });
	expect(seen).toEqual([
		['a', false],
		['b', false],
		['empty', true],
	]);
});

test.each([
	[1, ['a', 'a']],
	[2, ['a', 'a', 'b', 'b', 'b']],
])('ends after %i pages in a row that bring nothing new', async (endAfter, names) => {
	const { seen } = await readAll(
		['a', 'a', 'b', 'b', 'b', 'c'].map((name) => page(name, 100)),
		{ repeats: { idsOf: ({ name }: Page) => [name], endAfter } },
	);
	expect(seen.map(([name]) => name)).toEqual(names);
	expect(seen.at(-1)?.[1]).toBe(true);
});
