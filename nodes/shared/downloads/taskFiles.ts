import type { IBinaryKeyData } from 'n8n-workflow';

import { isSecondaryOutput, type Task } from '../api/task';
import { downloadFile, type DownloadTools } from './downloadFile';
import { MOST_RETRIES, mayPass, isExpired, isFresh } from './downloadProblem';
import type { DownloadSettings } from './downloadSettings';
import { wordDownloadProblem } from './downloadWording';
import { fileName } from './fileName';
import { wantedOutputs, type WantedOutput } from './wantedOutputs';

/** A file that was wanted and did not arrive, as the item tells it. */
export interface FileFailure {
	url: string;
	type: string;
	/** What happened. */
	message: string;
	/** How to get on. */
	description: string;
	/** Whether downloading it later can help. */
	retryable: boolean;
}

/** The files of one task. */
export interface TaskFiles {
	/** By binary field: the field of the settings for the first file, then `_1`, `_2`, … A file that did not arrive leaves its field out. */
	binary: IBinaryKeyData;
	/** The binary field of each output that arrived, by the output's place from 0. */
	fields: Map<number, string>;
	failures: FileFailure[];
	/** How many wanted files the count limit left out. */
	leftOut: number;
}

/** Fetches the wanted files of a task, one after another. Never rejects: what did not arrive is told. */
export async function downloadTaskFiles(
	task: Task,
	settings: DownloadSettings,
	tools: DownloadTools,
): Promise<TaskFiles> {
	const wanted = wantedOutputs(task.outputs, settings.types);
	const chosen = wanted.slice(0, settings.maximumFiles);
	const files: TaskFiles = {
		binary: {},
		fields: new Map(),
		failures: [],
		leftOut: wanted.length - chosen.length,
	};
	// When one file has been waited for in vain, the others of its task most likely share the reason.
	let mostRetries = MOST_RETRIES;
	for (const [position, output] of chosen.entries()) {
		const nowMs = tools.timing.now();
		const fresh = isFresh(task, nowMs) && !isExpired(output, nowMs);
		const result = await downloadFile(
			{
				url: output.url,
				outputType: output.type,
				isFresh: fresh,
				mostRetries,
				maximumBytes: settings.maximumBytes,
				nameFor: (extension) => nameOf(task, output, extension),
			},
			tools,
		);
		if (result.ok) {
			const field = position === 0 ? settings.field : `${settings.field}_${position}`;
			files.binary[field] = result.file;
			files.fields.set(output.index, field);
		} else {
			const retryable = mayPass(result.problem, fresh);
			if (retryable) mostRetries = 0;
			const { url, type, expiresAt } = output;
			const situation = {
				taskId: task.taskId,
				expiresAt,
				maximumBytes: settings.maximumBytes,
				nowMs: tools.timing.now(),
			};
			files.failures.push({
				url,
				type,
				...wordDownloadProblem(result.problem, situation),
				retryable,
			});
		}
	}
	return files;
}

function nameOf({ taskId, model, outputs }: Task, output: WantedOutput, extension: string): string {
	return fileName({
		taskId,
		model,
		...(isSecondaryOutput(output.type) && { role: output.type }),
		...(outputs.length > 1 && { number: output.index + 1 }),
		extension,
	});
}
