import { HiApiError } from '../../../../../nodes/shared/errors/apiError';
import { parseTask } from '../../../../../nodes/shared/api/task';
import type { PolledTask } from '../../../../../nodes/HiApi/generation/wait/findInList';
import { pollOnce } from '../../../../../nodes/HiApi/generation/wait/pollOnce';

interface Account {
	/** Newest first, as the list shows them. */
	list?: Array<[taskId: string, status: string]>;
	/** What a single read shows; the list's status when missing. */
	single?: Record<string, string>;
	listFails?: boolean;
	signal?: AbortSignal;
}

const CREATED_SECONDS = 1_000_000;
const pending = (...taskIds: string[]): PolledTask[] =>
	taskIds.map((taskId) => ({ taskId, createdMs: CREATED_SECONDS * 1000 }));
const ids = (count: number, prefix = 't') =>
	Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const failure = () => ({ ok: false, failure: new HiApiError('no', '') }) as const;

async function look(
	tasks: PolledTask[],
	{ list = [], single = {}, listFails, signal }: Account,
	createdSeconds = CREATED_SECONDS,
) {
	const pages: number[] = [];
	const reads: string[] = [];
	let open = 0;
	let most = 0;
	const known = await pollOnce(tasks, {
		signal,
		readPage: async (page, size) => {
			pages.push(page);
			if (listFails) return failure();
			const entries = list.slice((page - 1) * size, page * size);
			return {
				ok: true,
				value: {
					entries: entries.length,
					tasks: entries.map(
						([taskId, status]) => parseTask({ taskId, status, created: createdSeconds })!,
					),
				},
			};
		},
		readTask: async (taskId) => {
			reads.push(taskId);
			open += 1;
			most = Math.max(most, open);
			await new Promise((resolve) => setImmediate(resolve));
			open -= 1;
			const status = single[taskId] ?? list.find(([listed]) => listed === taskId)?.[1];
			return status === undefined ? failure() : { ok: true, value: parseTask({ taskId, status })! };
		},
	});
	return {
		states: Object.fromEntries([...known].map(([taskId, { state }]) => [taskId, state])),
		pages,
		reads,
		most,
	};
}

test('few tasks are read one by one', async () => {
	const { states, pages, reads } = await look(pending('a', 'b'), {
		single: { a: 'success', b: 'handling' },
	});
	expect([states, pages, reads]).toEqual([{ a: 'success', b: 'running' }, [], ['a', 'b']]);
});

test('many tasks take one page and no further request while several run', async () => {
	const list = ids(50).map((taskId, index): [string, string] => [
		taskId,
		index % 2 ? 'success' : 'handling',
	]);
	const { states, pages, reads } = await look(pending(...ids(50)), { list });
	expect(Object.keys(states)).toHaveLength(50);
	expect([pages, reads]).toEqual([[1], []]);
});

test('when the list calls few of them running, they are asked for by name: the list may be behind', async () => {
	const list = ids(6).map((taskId, index): [string, string] => [
		taskId,
		index < 4 ? 'success' : 'handling',
	]);
	const { states, reads } = await look(pending(...ids(6)), {
		list,
		single: { t4: 'success', t5: 'fail' },
	});
	expect(reads).toEqual(['t4', 't5']);
	expect(states).toMatchObject({ t4: 'success', t5: 'fail' });
});

test('tasks behind newer ones are found on later pages', async () => {
	const newer = ids(130, 'newer').map((taskId): [string, string] => [taskId, 'success']);
	const { states, pages } = await look(pending(...ids(5)), {
		list: [...newer, ...ids(5).map((taskId): [string, string] => [taskId, 'success'])],
	});
	expect(pages).toEqual([1, 2]);
	expect(Object.values(states)).toEqual(Array(5).fill('success'));
});

test('the list is read no further than tasks that are older than ours', async () => {
	const older = ids(300, 'older').map((taskId): [string, string] => [taskId, 'success']);
	const { pages, reads } = await look(pending(...ids(5)), { list: older }, CREATED_SECONDS - 200);
	expect(pages).toEqual([1]);
	expect(reads).toEqual(ids(5));
});

test('no more than ten pages, even of an account full of newer tasks', async () => {
	const newer = ids(5_000, 'newer').map((taskId): [string, string] => [taskId, 'success']);
	const { pages, states } = await look(pending(...ids(4)), {
		list: newer,
		single: Object.fromEntries(ids(4).map((taskId) => [taskId, 'success'])),
	});
	expect(pages).toHaveLength(10);
	expect(Object.keys(states)).toHaveLength(4);
});

test('without the list at most twenty are read one by one, five at a time', async () => {
	const { reads, most, states } = await look(pending(...ids(60)), {
		listFails: true,
		single: Object.fromEntries(ids(60).map((taskId) => [taskId, 'success'])),
	});
	expect(reads).toHaveLength(20);
	expect(most).toBe(5);
	expect(Object.keys(states)).toHaveLength(20);
});

test('what cannot be read is missing', async () => {
	const { states } = await look(pending('a', 'b'), { single: { b: 'success' } });
	expect(states).toEqual({ b: 'success' });
});

test('nothing is asked after the end of its time', async () => {
	const { pages, reads, states } = await look(pending(...ids(8)), { signal: AbortSignal.abort() });
	expect([pages, reads, states]).toEqual([[], [], {}]);
});
