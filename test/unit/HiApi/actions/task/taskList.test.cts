import fc from 'fast-check';

import { parseTask, type Task } from '../../../../../nodes/shared/api/task';
import {
	collectTasks as collectPages,
	matchesFilter,
	type TaskFilter,
} from '../../../../../nodes/HiApi/actions/task/taskList';
import { HiApiError } from '../../../../../nodes/shared/errors/apiError';
import type { TaskPage } from '../../../../../nodes/shared/api/tasks';

const makeTask = (number: number, more: Record<string, unknown> = {}): Task =>
	parseTask({
		taskId: `tk-${number}`,
		model: 'm',
		status: 'success',
		created: 1_700_000_000 - number,
		...more,
	}) as Task;
const range = (count: number, first = 0) =>
	Array.from({ length: count }, (_, index) => makeTask(first + index));
const ids = (tasks: Task[]) => tasks.map(({ taskId }) => taskId);

type ReadPage = (page: number, size: number) => Promise<TaskPage>;

/** Get Many's tasks, for pages that can all be read. */
const collectTasks = async (readPage: ReadPage, filter: TaskFilter, limit: number) =>
	await collectPages(
		async (page, size) => ({ ok: true, value: await readPage(page, size) }),
		filter,
		limit,
	);

/** An account's list as HiAPI gives it, newest first, and what was asked of it. */
function listOf(
	all: () => Task[],
	{ total = true, unreadable = 0 }: { total?: boolean; unreadable?: number } = {},
) {
	const asked: Array<[page: number, size: number]> = [];
	const readPage = async (page: number, size: number): Promise<TaskPage> => {
		asked.push([page, size]);
		if (asked.length > 50) throw new Error('asked for ever');
		const entries = all().slice((page - 1) * size, page * size);
		return {
			tasks: entries.slice(unreadable),
			entries: entries.length,
			...(total && { total: all().length }),
		};
	};
	return { asked, readPage };
}

describe('a filter', () => {
	const task = makeTask(0, { model: 'gpt-image-2/text-to-image@ext', created: 1000 });

	test.each<[TaskFilter, boolean]>([
		[{}, true],
		[{ statuses: ['success', 'fail'] }, true],
		[{ statuses: ['queued'] }, false],
		[{ statuses: [] }, false],
		[{ model: 'gpt-image-2/text-to-image@ext' }, true],
		[{ model: 'gpt-image-2/text-to-image' }, true],
		[{ model: 'gpt-image-2/text-to-image@beta' }, false],
		[{ model: 'gpt-image-2' }, false],
		[{ createdAfter: 1000 }, true],
		[{ createdAfter: 1001 }, false],
		[{ createdBefore: 1001 }, true],
		[{ createdBefore: 1000 }, false],
		[{ statuses: ['success'], model: 'other' }, false],
	])('%j: %p', (filter, expected) => {
		expect(matchesFilter(task, filter)).toBe(expected);
	});

	test('knows the other words for success and fail', () => {
		expect(matchesFilter(makeTask(0, { status: 'succeeded' }), { statuses: ['success'] })).toBe(
			true,
		);
		expect(matchesFilter(makeTask(0, { status: 'timeout' }), { statuses: ['fail'] })).toBe(true);
		expect(
			matchesFilter(makeTask(0, { status: 'timeout' }), { statuses: ['success', 'queued'] }),
		).toBe(false);
	});

	test('a task without a time is not after anything', () => {
		expect(matchesFilter(makeTask(0, { created: 0 }), { createdAfter: 1 })).toBe(false);
	});
});

describe('pages', () => {
	test('no larger than needed, no more than needed', async () => {
		const list = listOf(() => range(250));
		expect(ids(await collectTasks(list.readPage, {}, 30))).toEqual(ids(range(30)));
		expect(list.asked).toEqual([[1, 30]]);
	});

	test('all of them, a hundred at a time', async () => {
		const list = listOf(() => range(250));
		expect(await collectTasks(list.readPage, {}, Number.POSITIVE_INFINITY)).toHaveLength(250);
		expect(list.asked).toEqual([
			[1, 100],
			[2, 100],
			[3, 100],
		]);
	});

	test('none after a full last page when the total says so, one more when nobody says', async () => {
		const told = listOf(() => range(200));
		await collectTasks(told.readPage, {}, Number.POSITIVE_INFINITY);
		expect(told.asked).toHaveLength(2);
		const untold = listOf(() => range(200), { total: false });
		expect(await collectTasks(untold.readPage, {}, Number.POSITIVE_INFINITY)).toHaveLength(200);
		expect(untold.asked).toHaveLength(3);
	});

	test('a limit above a hundred, and one that is not whole', async () => {
		expect(await collectTasks(listOf(() => range(250)).readPage, {}, 120)).toHaveLength(120);
		const list = listOf(() => range(250));
		expect(await collectTasks(list.readPage, {}, 2.5)).toHaveLength(3);
		expect(list.asked).toEqual([[1, 3]]);
	});

	test('an empty account', async () => {
		const list = listOf(() => []);
		expect(await collectTasks(list.readPage, { model: 'm' }, 50)).toEqual([]);
		expect(list.asked).toEqual([[1, 100]]);
	});

	test('end as soon as nothing newer than wanted can come', async () => {
		const list = listOf(() => range(1000));
		const found = await collectTasks(
			list.readPage,
			{ createdAfter: 1_700_000_000 - 130 },
			Number.POSITIVE_INFINITY,
		);
		expect(ids(found)).toEqual(ids(range(131)));
		expect(list.asked).toHaveLength(2);
	});

	test('do not end within the last second that is wanted', async () => {
		const list = listOf(() => range(120).map((task) => ({ ...task, created: 1000 })));
		expect(
			await collectTasks(list.readPage, { createdAfter: 1000 }, Number.POSITIVE_INFINITY),
		).toHaveLength(120);
	});

	test('do not end at a task without a time', async () => {
		const list = listOf(() =>
			range(150).map((task, index) => (index === 5 ? { ...task, created: null } : task)),
		);
		const found = await collectTasks(
			list.readPage,
			{ createdAfter: 1_700_000_000 - 140 },
			Number.POSITIVE_INFINITY,
		);
		expect(found).toHaveLength(140);
	});

	test('go on over unreadable entries', async () => {
		for (const total of [true, false]) {
			const list = listOf(() => range(250), { unreadable: 10, total });
			expect(await collectTasks(list.readPage, {}, Number.POSITIVE_INFINITY)).toHaveLength(220);
		}
	});

	test('go on when HiAPI gives smaller pages than asked for', async () => {
		const all = range(120);
		const readPage = async (page: number): Promise<TaskPage> => {
			const tasks = all.slice((page - 1) * 50, page * 50);
			return { tasks, entries: tasks.length, total: 120 };
		};
		expect(await collectTasks(readPage, {}, Number.POSITIVE_INFINITY)).toHaveLength(120);
	});

	test('do not go on for ever when HiAPI ignores the page', async () => {
		for (const total of [undefined, 100_000]) {
			let asked = 0;
			const readPage = async (): Promise<TaskPage> => {
				if (++asked > 10) throw new Error('asked for ever');
				return { tasks: range(100), entries: 100, total };
			};
			expect(await collectTasks(readPage, {}, Number.POSITIVE_INFINITY)).toHaveLength(100);
		}
	});

	test('throw when a page cannot be read', async () => {
		const failure = new HiApiError('gone', '');
		const readPage = async () => await Promise.resolve({ ok: false as const, failure });
		await expect(collectPages(readPage, {}, 5)).rejects.toBe(failure);
	});
});

test('whatever is created meanwhile, every task that was there is found once, newest first', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.nat(350),
			fc.array(fc.nat(120), { maxLength: 6 }),
			fc.boolean(),
			async (count, arrivals, total) => {
				let all = range(count);
				let newest = 0;
				const still = [...arrivals];
				const list = listOf(() => all, { total });
				const readPage = async (page: number, size: number) => {
					const result = await list.readPage(page, size);
					for (let left = still.shift() ?? 0; left > 0; left--) all = [makeTask(--newest), ...all];
					return result;
				};
				const found = ids(await collectTasks(readPage, {}, Number.POSITIVE_INFINITY));
				expect(new Set(found).size).toBe(found.length);
				expect(found.filter((id) => !id.startsWith('tk--'))).toEqual(ids(range(count)));
			},
		),
		{ numRuns: 60, examples: [[101, [100, 100], false]] },
	);
});
