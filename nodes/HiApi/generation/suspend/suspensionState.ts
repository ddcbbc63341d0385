import { timingSafeEqual } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import type { Task } from '../../../shared/api/task';
import { isRecord, trimmedOrUndefined } from '../../../shared/values';

/** A task that has not been seen finished, with what its result needs to be put out. */
export interface PendingTask {
	taskId: string;
	model: string;
	/** When it was created, in milliseconds since 1970. */
	createdMs: number;
	simplify: boolean;
	/** Nothing was created now: HiAPI or this execution's memory already had the task. */
	replayed?: boolean;
	/** The user's own text for the item. */
	reference?: string;
	/** What the task will cost by HiAPI's price list; absent where that is not known, or nothing was created now. */
	estimatedCostUsd?: number;
	/** Persistent storage was asked for, so the result says where the files are. */
	asksPersistent?: boolean;
	/** Fields of the incoming item that come out with the result. */
	inputFields?: IDataObject;
}

/** What an output item of the suspended run is: done, with the JSON it goes on with, or a task still running. */
export type Place = { itemIndex: number } & ({ json: IDataObject } | { pending: PendingTask });

/** Everything a callback needs to know about the run it may resume. One place per output item, in order. */
export interface Suspension {
	/** Secret of this execution's waits at this node. */
	nonce: string;
	/** Which run of the node waits: a loop's next round resumes, too. */
	runIndex: number;
	places: Place[];
}

/** Tasks by their id, as far as they could be read. */
export type KnownTasks = ReadonlyMap<string, Task>;

/** A suspension as text, to be kept with the execution. */
export function writeSuspension(suspension: Suspension): string {
	return JSON.stringify(suspension);
}

/** The suspension behind such a text; undefined for anything else. */
export function readSuspension(text: unknown): Suspension | undefined {
	if (typeof text !== 'string') return undefined;
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}
	if (
		!isRecord(value) ||
		trimmedOrUndefined(value.nonce) === undefined ||
		!Array.isArray(value.places)
	)
		return undefined;
	return value.places.every(isPlace) ? (value as unknown as Suspension) : undefined;
}

function isPlace(value: unknown): boolean {
	if (!isRecord(value) || typeof value.itemIndex !== 'number') return false;
	if (isRecord(value.json)) return true;
	return isRecord(value.pending) && trimmedOrUndefined(value.pending.taskId) !== undefined;
}

/** Whether a callback carries the secret of this wait. Takes the same time however much of it is right. */
export function hasNonce({ nonce }: Suspension, claimed: unknown): boolean {
	if (typeof claimed !== 'string') return false;
	const [expected, given] = [nonce, claimed].map((text) => Buffer.from(text, 'utf8'));
	return expected.length === given.length && timingSafeEqual(expected, given);
}

/** The tasks that were running when the execution was suspended. Two items may share one: it is listed once. */
export function pendingTasks({ places }: Suspension): PendingTask[] {
	const tasks = places.flatMap((place) => ('pending' in place ? [place.pending] : []));
	return [...new Map(tasks.map((task) => [task.taskId, task])).values()];
}

/** What is known of the pending tasks: those that have ended, those that run, and those nobody could tell about. */
export interface Progress {
	ended: string[];
	running: string[];
	unknown: string[];
}

/** Sorts the pending tasks by what is known of them. */
export function progressOf(suspension: Suspension, known: KnownTasks): Progress {
	const progress: Progress = { ended: [], running: [], unknown: [] };
	for (const { taskId } of pendingTasks(suspension)) {
		const task = known.get(taskId);
		if (task === undefined) progress.unknown.push(taskId);
		else progress[task.state === 'running' ? 'running' : 'ended'].push(taskId);
	}
	return progress;
}

/**
 * The items to go on with, in order; undefined while a pending task has not ended.
 *
 * @param show gives the JSON for a task that has ended
 */
export function settle(
	suspension: Suspension,
	known: KnownTasks,
	show: (task: Task, pending: PendingTask) => IDataObject,
): IDataObject[] | undefined {
	const items: IDataObject[] = [];
	for (const place of suspension.places) {
		if ('json' in place) {
			items.push(place.json);
			continue;
		}
		const task = known.get(place.pending.taskId);
		if (task === undefined || task.state === 'running') return undefined;
		items.push(show(task, place.pending));
	}
	return items;
}

/**
 * The JSON that items leave the node with when time runs out: n8n passes on what the run left as its input and does not
 * run the node again.
 *
 * @param known the tasks as they were last seen
 * @param timeoutHint what the person should know and check then
 */
export function itemsOnTimeout(
	{ places }: Suspension,
	known: KnownTasks,
	timeoutHint: string,
): IDataObject[] {
	return places.map((place) =>
		'json' in place
			? place.json
			: { ...unfinished(place.pending, known), timedOut: true, timeoutHint },
	);
}

/** Whoever gets a placeholder, as a person in the executions list or a caller of the workflow, is not to take it for a result. */
const PLACEHOLDER = {
	suspended: true,
	message:
		'This is not the result. The execution is suspended and goes on with the result when HiAPI has called back.',
};

/**
 * The JSON that stands for items while the execution is suspended. None has a field `error`: with Retry On Fail n8n
 * would run the node again at once, on the items that were made for the time-out.
 */
export function itemsWhileWaiting({ places }: Suspension, known: KnownTasks): IDataObject[] {
	return places.map((place) => {
		if ('pending' in place) return { ...unfinished(place.pending, known), ...PLACEHOLDER };
		const { error, ...rest } = place.json;
		return error === undefined ? place.json : { ...rest, failure: error };
	});
}

function unfinished(
	{ taskId, model, replayed, reference, estimatedCostUsd, inputFields }: PendingTask,
	known: KnownTasks,
): IDataObject {
	const seen = known.get(taskId);
	return {
		...inputFields,
		taskId,
		model: seen?.model ? seen.model : model,
		status: seen?.status ?? 'unknown',
		...(replayed && { replayed }),
		...(reference !== undefined && { reference }),
		...(estimatedCostUsd !== undefined && { estimatedCostUsd }),
	};
}
