import { batchesWith, withoutBatches } from './pollingBatches.cts';
import type { Order, Way } from './schedule.cts';

/** A workflow's name here: a way of ordering, or one of the triggers. */
export type WorkflowName = Way | 'trigger' | 'pollingTrigger';

/** A task HiAPI was paid for. */
export interface SoldTask {
	taskId: string;
	prompt: string;
	ended: boolean;
	/** Whether n8n has answered its callback with 2xx. */
	acknowledged: boolean;
}

/** One execution as n8n has stored it. */
export interface SeenExecution {
	id: string;
	workflow: WorkflowName;
	status: string;
	retryOf?: string;
	/** Everything stored with it. */
	text: string;
	/** What was stored with it when it began. */
	begun: string;
	/** Task IDs of the items that any node put out. */
	itemTasks: string[];
	/** Task IDs of the items that reached the node after HiAPI, once per item and run. */
	nextTasks: string[];
	/** Task IDs of items that should have had a file, and have neither one nor a reason why there is none. */
	withoutFile: string[];
}

/** Everything that was asked for, sold and seen. */
export interface Books {
	orders: Order[];
	tasks: SoldTask[];
	executions: SeenExecution[];
	/** What n8n's processes have logged. */
	log: string;
	/** Texts that must be in no log, by what they are. */
	secrets: Record<string, string>;
}

/** Where a bought task can be found again. */
export const PLACES = ['item', 'error', 'log', 'trigger', 'polling trigger', 'nowhere'] as const;
export type Place = (typeof PLACES)[number];

/** The books of one way of ordering. */
export interface LedgerRow {
	way: Way;
	orders: number;
	/** How many tasks could have been bought at most, and at least. */
	allowed: { least: number; most: number };
	bought: number;
	/** Tasks by the first place they are found in. */
	places: Record<Place, number>;
	/** How often the node after HiAPI got one of these tasks. */
	delivered: number;
}

export interface Ledger {
	rows: LedgerRow[];
	/** Executions by workflow and status. */
	executions: Record<string, Record<string, number>>;
	/** Ended tasks, and how many of them each trigger's workflow got. */
	triggers: { ended: number; acknowledged: number; trigger: number; pollingTrigger: number };
	/** What is not as it has to be; empty when the books are balanced. */
	problems: string[];
}

const ENDED = ['success', 'error', 'canceled', 'crashed'];

/** Balances the books. */
export function balance(books: Books): Ledger {
	const problems: string[] = [];
	const tasksOf = new Map<string, SoldTask[]>(books.orders.map(({ id }) => [id, []]));
	for (const task of books.tasks) {
		const order = books.orders.find(({ id }) => task.prompt.includes(id));
		if (order) tasksOf.get(order.id)!.push(task);
		else problems.push(`${task.taskId} was bought for nobody`);
	}
	const rows = [...new Set(books.orders.map(({ way }) => way))].sort().map((way) => {
		const row = emptyRow(way);
		for (const order of books.orders.filter((one) => one.way === way))
			addOrder(row, order, tasksOf.get(order.id)!, books, problems);
		return row;
	});
	problems.push(...hanging(books), ...twiceAtNext(books), ...withoutFile(books), ...leaked(books));
	return {
		rows,
		executions: countExecutions(books),
		triggers: triggers(books, problems),
		problems,
	};
}

function emptyRow(way: Way): LedgerRow {
	const places = Object.fromEntries(PLACES.map((place) => [place, 0])) as Record<Place, number>;
	return { way, orders: 0, allowed: { least: 0, most: 0 }, bought: 0, places, delivered: 0 };
}

function addOrder(
	row: LedgerRow,
	order: Order,
	tasks: SoldTask[],
	books: Books,
	problems: string[],
): void {
	const allowed = allowedPurchases(order, books);
	row.orders += 1;
	row.allowed.least += allowed.least;
	row.allowed.most += allowed.most;
	row.bought += tasks.length;
	if (tasks.length < allowed.least || tasks.length > allowed.most)
		problems.push(
			`${order.id} (${order.way}) was bought ${tasks.length} times, allowed: ${allowed.least} to ${allowed.most} (${tasks.map(({ taskId }) => taskId).join(', ')})`,
		);
	for (const { taskId } of tasks) {
		const place = placeOf(taskId, books);
		row.places[place] += 1;
		if (place === 'nowhere')
			problems.push(`${taskId} (${order.way}, ${order.id}) was paid for and is nowhere`);
		row.delivered += books.executions.filter(
			({ workflow, nextTasks }) => workflow === order.way && nextTasks.includes(taskId),
		).length;
	}
}

/**
 * README, "Money": with a key of the user's one task per key. Without one each execution buys anew; retries of an execution share its
 * keys, except where it is suspended: each execution has a callback URL of its own.
 */
function allowedPurchases(
	{ id, way }: Order,
	{ executions }: Books,
): { least: number; most: number } {
	if (way === 'keyed') return { least: 1, most: 1 };
	const own = executions.filter(
		({ workflow, text, begun }) => workflow === way && `${begun} ${text}`.includes(id),
	);
	const buying = way === 'suspended' ? own : own.filter(({ retryOf }) => retryOf === undefined);
	// an item on the error output may say that nothing was created, or that nobody knows
	const succeeded = ({ status, text }: SeenExecution) =>
		status === 'success' && !/not created|no task was created|not known whether/i.test(text);
	const least = own.some(succeeded) ? 1 : 0;
	return { least, most: buying.length };
}

function placeOf(taskId: string, { executions, log }: Books): Place {
	const ordering = executions.filter(({ workflow }) => !isTrigger(workflow));
	if (ordering.some(({ itemTasks }) => itemTasks.includes(taskId))) return 'item';
	if (ordering.some(({ text }) => text.includes(taskId))) return 'error';
	if (withoutBatches(log).includes(taskId)) return 'log';
	const names = (workflow: WorkflowName) =>
		executions.some((one) => one.workflow === workflow && one.text.includes(taskId));
	if (names('trigger')) return 'trigger';
	return names('pollingTrigger') ? 'polling trigger' : 'nowhere';
}

const isTrigger = (workflow: WorkflowName) =>
	workflow === 'trigger' || workflow === 'pollingTrigger';

function hanging({ executions }: Books): string[] {
	return executions
		.filter(({ status }) => !ENDED.includes(status))
		.map(({ id, workflow, status }) => `execution ${id} (${workflow}) is still "${status}"`);
}

/** A task reaches the next node once per execution; behind a trigger once in all. */
function twiceAtNext({ executions }: Books): string[] {
	const problems: string[] = [];
	const behindTriggers = new Map<string, string[]>();
	for (const { id, workflow, nextTasks } of executions) {
		for (const taskId of new Set(nextTasks)) {
			const count = nextTasks.filter((one) => one === taskId).length;
			if (count > 1)
				problems.push(`the node after ${workflow} got ${taskId} ${count} times in execution ${id}`);
			if (!isTrigger(workflow)) continue;
			const name = `${workflow} got ${taskId}`;
			behindTriggers.set(name, [...(behindTriggers.get(name) ?? []), id]);
		}
	}
	for (const [name, ids] of behindTriggers)
		if (ids.length > 1)
			problems.push(`the node after ${name} in ${ids.length} executions: ${ids.join(', ')}`);
	return problems;
}

function withoutFile({ executions }: Books): string[] {
	return executions.flatMap(({ id, workflow, withoutFile }) =>
		withoutFile.map(
			(taskId) => `${workflow} left out the file of ${taskId} in execution ${id} without a word`,
		),
	);
}

function leaked({ log, secrets }: Books): string[] {
	return Object.entries(secrets)
		.filter(([, text]) => log.includes(text))
		.map(([name]) => `${name} is in a log`);
}

function countExecutions({ executions }: Books): Ledger['executions'] {
	const counts: Ledger['executions'] = {};
	for (const { workflow, status } of executions) {
		counts[workflow] ??= {};
		counts[workflow][status] = (counts[workflow][status] ?? 0) + 1;
	}
	return counts;
}

/**
 * The polling trigger brings every ended task of the account, the trigger every task whose callback was accepted: save for executions that
 * n8n has begun and given up together with what they were called with (reference.md). The polling trigger's log names its tasks all the same.
 */
function triggers(
	{ orders, tasks, executions, log }: Books,
	problems: string[],
): Ledger['triggers'] {
	const seenBy = (workflow: WorkflowName, taskId: string) =>
		executions.some((one) => one.workflow === workflow && one.text.includes(taskId));
	const created = orders.filter(({ way }) => way === 'created').map(({ id }) => id);
	const ended = tasks.filter((task) => task.ended);
	const acknowledged = ended.filter(
		({ prompt, acknowledged }) => acknowledged && created.some((id) => prompt.includes(id)),
	);
	const missing = (workflow: WorkflowName, list: SoldTask[]) =>
		list.filter(({ taskId }) => !seenBy(workflow, taskId));
	const givenUp = (workflow: WorkflowName) =>
		executions.filter(
			(one) =>
				one.workflow === workflow &&
				one.status !== 'success' &&
				!tasks.some(({ taskId }) => one.text.includes(taskId)),
		).length;
	for (const { taskId } of missing('trigger', acknowledged).slice(givenUp('trigger')))
		problems.push(`the callback of ${taskId} was accepted, and no execution has it`);
	const unbrought = missing('pollingTrigger', ended).map(({ taskId }) => taskId);
	const lost = batchesWith(unbrought, log).slice(0, givenUp('pollingTrigger')).flat();
	for (const taskId of unbrought)
		if (!lost.includes(taskId)) problems.push(`the polling trigger never brought ${taskId}`);
	return {
		ended: ended.length,
		acknowledged: acknowledged.length,
		trigger: acknowledged.length - missing('trigger', acknowledged).length,
		pollingTrigger: ended.length - unbrought.length,
	};
}
