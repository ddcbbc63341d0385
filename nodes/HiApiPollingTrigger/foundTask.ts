import type { IDataObject } from 'n8n-workflow';

import { parseTask, type Task } from '../shared/api/task';
import { isRecord } from '../shared/values';

/** A finished task whose files are still to be downloaded. */
export interface FoundTask {
	task: Task;
	/** What the item holds besides its files. */
	json: IDataObject;
}

/** The item that n8n stores between poll(), which has little time, and execute(), which may run in another process. */
export function packFoundTask({ task, json }: FoundTask): IDataObject {
	return { taskId: task.taskId, hiApiTask: { task: task.source, json } };
}

/** The other way round; undefined for any item that `packFoundTask` did not make, such as pinned data. */
export function unpackFoundTask({ hiApiTask: packed }: IDataObject): FoundTask | undefined {
	if (!isRecord(packed) || !isRecord(packed.json)) return undefined;
	const task = parseTask(packed.task);
	return task && { task, json: packed.json as IDataObject };
}
