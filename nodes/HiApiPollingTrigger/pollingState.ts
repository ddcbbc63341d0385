import { isRecord, trimmedOrUndefined } from '../shared/values';

/** A task's id and when it was created, in Unix seconds of HiAPI. */
export type TaskMark = [taskId: string, created: number];

/** How far a sweep over the list has come that did not fit into one poll. */
export interface UnfinishedSweep {
	/** When it began, in Unix seconds of this machine. */
	startedAt: number;
	/** The newest task's time when it began. */
	newest: number;
	/** What `floor` becomes when it is through. */
	floorAfter: number;
	/** Tasks created after this, up to `floorAfter`, have been dealt with; those of this very second perhaps not all. */
	below: number;
	/** The page the sweep came to, and how many entries came before it. */
	page: number;
	entriesBefore: number;
}

/** The place in an account's list of tasks. Plain JSON; times in Unix seconds. */
export interface PollingState {
	/** Tasks created before this have been dealt with, except those in `pending`. */
	floor: number;
	/** Finished tasks created since `floor`, which are not to come again. */
	settled: TaskMark[];
	/** Tasks seen unfinished, the one asked about longest ago first. */
	pending: TaskMark[];
	/** The newest task's time of an earlier sweep, and when that sweep began by this machine's clock. */
	mark?: { at: number; newest: number };
	sweep?: UnfinishedSweep;
}

const isNumber = (value: unknown): value is number =>
	typeof value === 'number' && Number.isFinite(value);

function readMarks(value: unknown): TaskMark[] | undefined {
	if (!Array.isArray(value)) return undefined;
	const marks = value.map((entry: unknown) => {
		const [taskId, created] = Array.isArray(entry) ? (entry as unknown[]) : [];
		return trimmedOrUndefined(taskId) !== undefined && isNumber(created)
			? ([taskId, created] as TaskMark)
			: undefined;
	});
	return marks.some((mark) => mark === undefined) ? undefined : (marks as TaskMark[]);
}

function numbersOf<Name extends string>(
	value: unknown,
	names: Name[],
): Record<Name, number> | undefined {
	if (!isRecord(value) || !names.every((name) => isNumber(value[name]))) return undefined;
	return Object.fromEntries(names.map((name) => [name, value[name]])) as Record<Name, number>;
}

/**
 * The state as it was stored, in plain objects of its own.
 *
 * @returns undefined when nothing was stored, or something that is no state
 */
export function readState(value: unknown): PollingState | undefined {
	if (!isRecord(value) || !isNumber(value.floor)) return undefined;
	const settled = readMarks(value.settled);
	const pending = readMarks(value.pending);
	if (settled === undefined || pending === undefined) return undefined;
	const mark = numbersOf(value.mark, ['at', 'newest']);
	const sweep = numbersOf(value.sweep, [
		'startedAt',
		'newest',
		'floorAfter',
		'below',
		'page',
		'entriesBefore',
	]);
	return { floor: value.floor, settled, pending, ...(mark && { mark }), ...(sweep && { sweep }) };
}
