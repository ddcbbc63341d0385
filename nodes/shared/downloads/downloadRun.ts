import type { IBinaryKeyData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Task } from '../api/task';
import { Semaphore } from '../semaphore';
import { pathOfFile, showHint } from '../n8nCompat';
import type { Timing } from '../clock';
import { isRecord } from '../values';
import type { DownloadTools } from './downloadFile';
import type { DownloadSettings } from './downloadSettings';
import { MemoryLimit } from './memoryLimit';
import { downloadTaskFiles, type FileFailure, type TaskFiles } from './taskFiles';

// A task's files come one at a time, and those of this many tasks at once: more would share the same line.
const TASKS_AT_ONCE = 4;

/** JSON and files of an item whose task's outputs were fetched. */
export interface ItemWithFiles {
	json: IDataObject;
	/** Missing when nothing arrived. */
	binary?: IBinaryKeyData;
	failures: FileFailure[];
}

/** The downloads of one run of a node, with what a person gets to know of them in the end. */
export class DownloadRun {
	private readonly gate = new Semaphore(TASKS_AT_ONCE);
	private readonly tools: DownloadTools;
	private readonly failures: FileFailure[] = [];
	private leftOut = 0;

	/**
	 * @param allowPrivate whether files may lie in private networks, which is so when the API does
	 * @param signal ends all downloads at once
	 */
	constructor(
		context: IExecuteFunctions,
		timing: Timing,
		allowPrivate: boolean,
		signal?: AbortSignal,
	) {
		this.tools = { context, timing, allowPrivate, signal, memory: new MemoryLimit(context) };
	}

	/**
	 * Fetches a task's files for an item. Never rejects: the task is paid, so the item goes on with its links whatever
	 * happens, and `downloadFailures` names the files that did not arrive. A field `error` would make n8n run the node,
	 * and create tasks, again.
	 *
	 * @param json the item's JSON as it is without files; simplified outputs are told their binary fields
	 */
	async attach(task: Task, json: IDataObject, settings: DownloadSettings): Promise<ItemWithFiles> {
		const files = await this.gate.run(
			async () => await downloadTaskFiles(task, settings, this.tools),
		);
		const { binary, failures } = files;
		this.failures.push(...failures);
		this.leftOut += files.leftOut;
		for (const { message } of failures)
			this.tools.context.logger.warn(
				`HiAPI task ${task.taskId}: a file was not downloaded: ${message}`,
			);
		return {
			json: {
				...json,
				...withFields(json, files, this.tools.context),
				...(failures.length > 0 && {
					downloadFailures: failures.map((failure) => ({ ...failure })),
				}),
			},
			...(Object.keys(binary).length > 0 && { binary }),
			failures,
		};
	}

	/** Says in the output pane what did not arrive. */
	close(): void {
		const { context } = this.tools;
		const [first] = this.failures;
		if (first !== undefined) {
			const count = this.failures.length;
			const message = `${count === 1 ? 'A file was' : `${count} files were`} not downloaded: ${first.message}. The items carry their tasks and links all the same, and 'downloadFailures' says more.`;
			showHint(context, message, 'warning');
		}
		if (this.leftOut > 0) {
			const message = `${this.leftOut === 1 ? 'A file was' : `${this.leftOut} files were`} left out because of 'Maximum Files'.`;
			showHint(context, message, 'info');
		}
	}
}

/** The simplified outputs with the binary field of each; HiAPI's own list stays as HiAPI sent it. */
function withFields(
	{ outputs }: IDataObject,
	{ fields, binary }: TaskFiles,
	context: IExecuteFunctions,
): IDataObject {
	if (!Array.isArray(outputs) || fields.size === 0) return {};
	return {
		outputs: outputs.map((output, index) => {
			const field = fields.get(index);
			return isRecord(output) && field !== undefined
				? { ...output, binaryField: pathOfFile(context, field, binary[field]) }
				: output;
		}) as IDataObject[],
	};
}
