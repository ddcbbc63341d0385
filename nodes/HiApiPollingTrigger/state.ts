import { isRecord, trimmedOrUndefined } from '../shared/values';

/** A task's id and when it was created, in Unix seconds of HiAPI. */
export type TaskMark = [taskId: string, created: number];

/** The place in an account's list of tasks, as n8n stores it. Plain JSON; times in Unix seconds. */
export interface PollingState {
	/** Tasks created before this have been dealt with, except those in `pending`. */
	watermark: number;
	/** The newest task when the list was last read down to the watermark: there is nothing up to here that was not read. */
	readTo: number;
	/** Finished tasks created since the watermark, which are not to come again. */
	seenFinished: TaskMark[];
	/** Tasks seen unfinished, the one asked about longest ago first. */
	pending: TaskMark[];
	/** The newest task of an earlier poll, and when that poll began by this machine's clock. */
	checkpoint?: { at: number; newest: number };
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

/**
 * The state as it was stored, in plain objects of its own.
 *
 * @returns undefined when nothing was stored, or something that is no state
 */
export function readState(value: unknown): PollingState | undefined {
	if (!isRecord(value) || !isNumber(value.watermark)) return undefined;
	const { watermark, readTo, checkpoint } = value;
	const seenFinished = readMarks(value.seenFinished);
	const pending = readMarks(value.pending);
	if (seenFinished === undefined || pending === undefined) return undefined;
	const { at, newest } = isRecord(checkpoint) ? checkpoint : ({} as Record<string, unknown>);
	return {
		watermark,
		readTo: isNumber(readTo) ? readTo : watermark,
		seenFinished,
		pending,
		...(isNumber(at) && isNumber(newest) && { checkpoint: { at, newest } }),
	};
}
