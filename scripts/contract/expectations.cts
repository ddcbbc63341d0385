import { storedOutputList } from '../../nodes/HiApi/actions/storedOutput/storedOutput';
import { isRecord, trimmedOrUndefined } from '../../nodes/shared/values';
import {
	firstModel,
	indexDifferences,
	pricingDifferences,
	schemaDifferences,
} from './catalogueShapes.cts';
import type { Answer, FreeRequest } from './freeRequest.cts';
import {
	kindOf,
	pageDifferences,
	refusalDifferences,
	successDifferences,
	taskDifferences,
	type Differences,
} from './shapes.cts';

/** Asks for something free: of the API with or without the key, or of the public catalogue, which never gets a key. */
export type Ask = (
	from: 'api with key' | 'api without key' | 'catalogue',
	request: FreeRequest,
) => Promise<Answer>;

/** One thing the package relies on. */
export interface Expectation {
	what: string;
	needsKey: boolean;
	/** The differences found, or why it could not be looked at. */
	check(ask: Ask): Promise<Differences | { skipped: string }>;
}

const PAGE_OF_ONE = '/tasks?page=1&size=1';
/** The largest page there is; the package reads lists with it. */
const LARGEST_PAGE = 100;
/** Of the right form, and nobody's. */
const NOBODYS_TASK = '/tasks/tk-hiapi-00000000000000000000000000';

const dataOf = ({ body }: Answer) => (isRecord(body) ? body.data : undefined);

async function page(ask: Ask, size: number): Promise<Differences> {
	const answer = await ask('api with key', { read: `/tasks?page=1&size=${size}` });
	const wrong = successDifferences(answer);
	return wrong.length > 0 ? wrong : pageDifferences(dataOf(answer), size);
}

async function latestTaskId(ask: Ask): Promise<string | undefined> {
	const data = dataOf(await ask('api with key', { read: PAGE_OF_ONE }));
	const [task] = isRecord(data) && Array.isArray(data.tasks) ? (data.tasks as unknown[]) : [];
	return isRecord(task) ? trimmedOrUndefined(task.taskId) : undefined;
}

/** Everything of HiAPI's contract that can be looked at without buying anything, in the order it is looked at. */
export const EXPECTATIONS: Expectation[] = [
	{
		what: 'GET /docs/models.json lists models with their fields',
		needsKey: false,
		check: async (ask) => indexDifferences(await ask('catalogue', { read: '/docs/models.json' })),
	},
	{
		what: 'GET /api/models/content?name= has the input schema of a listed model',
		needsKey: false,
		check: async (ask) => {
			const model = firstModel(await ask('catalogue', { read: '/docs/models.json' }));
			if (model === undefined) return { skipped: 'no model is listed' };
			return schemaDifferences(
				await ask('catalogue', { read: `/api/models/content?name=${encodeURIComponent(model)}` }),
				model,
			);
		},
	},
	{
		what: 'GET /api/pricing has prices of task models',
		needsKey: false,
		check: async (ask) => pricingDifferences(await ask('catalogue', { read: '/api/pricing' })),
	},
	{
		what: 'GET /v1/tasks without a key is refused in a documented form',
		needsKey: false,
		check: async (ask) =>
			refusalDifferences(await ask('api without key', { read: PAGE_OF_ONE }), [401, 403]),
	},
	{
		what: 'POST /v1/tasks without a key, with an empty body, is refused in a documented form',
		needsKey: false,
		check: async (ask) =>
			refusalDifferences(
				await ask('api without key', { create: 'with an empty body' }),
				[400, 401, 403],
			),
	},
	{
		what: 'GET /v1/tasks?page=1&size=1 is a page of one task in the documented form',
		needsKey: true,
		check: async (ask) => await page(ask, 1),
	},
	{
		what: `GET /v1/tasks?page=1&size=${LARGEST_PAGE} is a page of ${LARGEST_PAGE}, newest first`,
		needsKey: true,
		check: async (ask) => await page(ask, LARGEST_PAGE),
	},
	{
		what: 'GET /v1/tasks/{taskId} is the same task in the documented form',
		needsKey: true,
		check: async (ask) => {
			const taskId = await latestTaskId(ask);
			if (taskId === undefined) return { skipped: 'the account has no task' };
			const answer = await ask('api with key', { read: `/tasks/${encodeURIComponent(taskId)}` });
			const wrong = successDifferences(answer);
			if (wrong.length > 0) return wrong;
			const task = dataOf(answer);
			return [
				...taskDifferences(task),
				...(isRecord(task) && task.taskId === taskId ? [] : ['it is another task']),
			];
		},
	},
	{
		what: 'GET /v1/tasks/{taskId} of an unknown task is refused with 404 in a documented form',
		needsKey: true,
		check: async (ask) =>
			refusalDifferences(await ask('api with key', { read: NOBODYS_TASK }), [404]),
	},
	{
		what: 'POST /v1/tasks with an empty body is refused with 400 in a documented form',
		needsKey: true,
		check: async (ask) =>
			refusalDifferences(await ask('api with key', { create: 'with an empty body' }), [400]),
	},
	{
		what: 'GET /v1/storages lists stored outputs in a form the package can read',
		needsKey: true,
		check: async (ask) => {
			const answer = await ask('api with key', { read: `/storages?page=1&size=${LARGEST_PAGE}` });
			const wrong = successDifferences(answer);
			if (wrong.length > 0) return wrong;
			return storedOutputList(dataOf(answer)) === undefined
				? [`no list is found in 'data', which is ${kindOf(dataOf(answer))}`]
				: [];
		},
	},
];
