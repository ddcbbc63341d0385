import { LARGEST_PAGE, type ApiResult } from './tasks';

/** What every page of one of HiAPI's lists says. */
export interface ListPage {
	/** How many entries the page held, readable or not. */
	entries: number;
	/** How many there are on all pages, when HiAPI said so. */
	total?: number;
}

/** A page, or why it could not be read; with a failure the reading ends. */
export type PageRead<P extends ListPage> = ApiResult<P> & { isLast: boolean };

/**
 * Reads the pages of a list one after another, newest first as HiAPI sends them (docs.hiapi.ai/async-api/list), until
 * the list ends, a page cannot be read or the caller has seen enough. Tasks created meanwhile push known ones onto the
 * next page: the same entry may come twice, none is left out.
 *
 * @param readPage reads a page, counted from 1
 * @param size entries to a page, 1 to 100
 * @param mostPages pages read at most
 */
export async function* readPages<P extends ListPage>(
	readPage: (page: number, size: number) => Promise<ApiResult<P>>,
	{ size = LARGEST_PAGE, mostPages = Number.POSITIVE_INFINITY } = {},
): AsyncGenerator<PageRead<P>, void, void> {
	let entriesRead = 0;
	for (let page = 1; page <= mostPages; page += 1) {
		const read = await readPage(page, size);
		if (!read.ok) return yield { ...read, isLast: true };
		const { entries, total } = read.value;
		entriesRead += entries;
		const isLast = entries === 0 || (total === undefined ? entries < size : entriesRead >= total);
		yield { ...read, isLast };
		if (isLast) return;
	}
}
