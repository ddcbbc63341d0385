import type { IDataObject } from 'n8n-workflow';

import { parseTask, type Task } from '../shared/api/task';
import { isRecord, trimmedOrUndefined } from '../shared/values';
import type { TaskEvent } from '../shared/taskFilter';

/** What webhook() hands on to execute(), which may run in another process and after a restart. */
export interface ReceivedTask {
	task: Task;
	event: TaskEvent;
	/** When the callback came, ISO 8601 in UTC. */
	receivedAt: string;
	/** Whether the task is HiAPI's own answer and not only what the callback said. */
	readBack: boolean;
	/** The query of the URL that was called, if it has one. HiAPI does not sign it. */
	query?: IDataObject;
}

/** The item that n8n stores until execute() takes it up. */
export function packReceivedTask({
	task,
	event,
	receivedAt,
	readBack,
	query,
}: ReceivedTask): IDataObject {
	return {
		hiApiCallback: { task: task.source, event, receivedAt, readBack, ...(query && { query }) },
	};
}

/** The other way round; undefined for any item that `packReceivedTask` did not make, such as test data typed in. */
export function unpackReceivedTask(json: IDataObject): ReceivedTask | undefined {
	const packed = json.hiApiCallback;
	if (!isRecord(packed)) return undefined;
	const task = parseTask(packed.task);
	if (task === undefined) return undefined;
	return {
		task,
		event: packed.event as TaskEvent,
		receivedAt: trimmedOrUndefined(packed.receivedAt) ?? '',
		readBack: packed.readBack === true,
		...(isRecord(packed.query) && { query: packed.query as IDataObject }),
	};
}
