import type { ApiResult, TaskPage } from './tasks';

/** The largest page HiAPI gives (docs.hiapi.ai/async-api/list). */
export const LARGEST_PAGE = 100;

// New tasks push known ones on, now and then a full page of them between two reads.
const TASK_PAGES_WITHOUT_NEWS = 8;

/** What every page of one of HiAPI's lists says. */
export interface ListPage {
	/** How many entries the page held, readable or not. */
	entries: number;
	/** How many there are on all pages, when HiAPI said so. */
	total?: number;
}

/** A page, or why it could not be read; with a failure the reading ends. */
export type PageRead<P extends ListPage> = ApiResult<P> & { isLast: boolean };

/** How to read a list, and where it ends. */
export interface PageOptions<P extends ListPage> {
	/** Entries to a page, 1 to 100. */
	size?: number;
	/** Pages read at most. */
	mostPages?: number;
	/** Asked before each page, and may take its time, for a rate limit for example; `false` ends the reading. */
	mayRead?: () => boolean | Promise<boolean>;
	/** Whether a page that is not full is the last one where HiAPI gives no total. */
	shortPageEnds?: boolean;
	/** Ends the list after so many pages in a row without a new ID, because a server may ignore `page`. */
	repeats?: { idsOf: (page: P) => string[]; endAfter: number };
}

/**
 * Reads the pages of a list one after another, newest first as HiAPI sends them (docs.hiapi.ai/async-api/list), until
 * the list ends, a page cannot be read or the caller has seen enough. Tasks created meanwhile push known ones onto the
 * next page: the same entry may come twice, none is left out.
 *
 * @param readPage reads a page, counted from 1
 */
export async function* readPages<P extends ListPage>(
	readPage: (page: number, size: number) => Promise<ApiResult<P>>,
	options: PageOptions<P> = {},
): AsyncGenerator<PageRead<P>, void, void> {
	const { size = LARGEST_PAGE, mostPages = Number.POSITIVE_INFINITY, repeats } = options;
	const known = new Set<string>();
	let entriesRead = 0;
	let pagesWithoutNews = 0;
	for (let page = 1; page <= mostPages; page += 1) {
		if (options.mayRead !== undefined && !(await options.mayRead())) return;
		const read = await readPage(page, size);
		if (!read.ok) return yield { ...read, isLast: true };
		const { entries, total } = read.value;
		entriesRead += entries;
		const isShort = entries < size && options.shortPageEnds !== false;
		let isLast = entries === 0 || (total === undefined ? isShort : entriesRead >= total);
		if (repeats !== undefined) {
			const before = known.size;
			for (const id of repeats.idsOf(read.value)) known.add(id);
			pagesWithoutNews = known.size === before ? pagesWithoutNews + 1 : 0;
			isLast ||= pagesWithoutNews >= repeats.endAfter;
		}
		yield { ...read, isLast };
		if (isLast) return;
	}
}

/** The account's tasks, read as `readPages` does; also ends where a server sends the same tasks again and again. */
export function readTaskPages(
	readPage: (page: number, size: number) => Promise<ApiResult<TaskPage>>,
	options: Omit<PageOptions<TaskPage>, 'repeats' | 'shortPageEnds'> = {},
): AsyncGenerator<PageRead<TaskPage>, void, void> {
	const idsOf = ({ tasks }: TaskPage) => tasks.map(({ taskId }) => taskId);
	return readPages(readPage, {
		...options,
		repeats: { idsOf, endAfter: TASK_PAGES_WITHOUT_NEWS },
	});
}
