import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { createClient, HiApiClient } from '../shared/api/client';
import { toNodeError } from '../shared/errors/nodeError';
import { fullTask, simplifyTask, type Task } from '../shared/api/task';
import { getTask } from '../shared/api/tasks';
import { showHint } from '../shared/n8nCompat';
import { DownloadRun } from '../shared/downloads/downloadRun';
import { readDownloadSettings, type DownloadSettings } from '../shared/downloads/downloadSettings';
import { systemClock } from '../shared/clock';
import { trimmedOrUndefined } from '../shared/values';
import { REFERENCE_PARAMETER } from '../shared/webhook/callback';
import { markProcessed } from './processedTasks';
import { unpackReceivedTask, type ReceivedTask } from './receivedTask';

const LONGEST_RE_READ_MS = 60_000;

const UNPROVEN = {
	message: 'Nothing was downloaded, because the callback was not verified',
	description:
		"'Verification' is set to 'None', and HiAPI did not confirm the task. Set it to 'Signature', or read the task with the operation 'Get' of the HiAPI node.",
};

type ItemOutput = Pick<INodeExecutionData, 'json' | 'binary'>;

interface TriggerOptions {
	simplify: boolean;
	reRead: boolean;
	/** undefined: the files stay where they are. */
	download?: DownloadSettings;
	/** Whether the trigger also believes callbacks that anyone can send. */
	believesAnyone: boolean;
}

function readTriggerOptions(context: IExecuteFunctions): TriggerOptions {
	const options = context.getNodeParameter('options', 0, {});
	return {
		simplify: context.getNodeParameter('simplify', 0, true) as boolean,
		reRead: options.reRead === true,
		download:
			context.getNodeParameter('downloadOutputs', 0, false) === true
				? readDownloadSettings(options)
				: undefined,
		believesAnyone: context.getNodeParameter('verification', 0, 'signature') === 'none',
	};
}

/**
 * The task as HiAPI reports it now. The callback is enough to go on with, so when HiAPI does not answer the workflow
 * runs with what it has, and says so.
 */
async function reReadTask(
	context: IExecuteFunctions,
	client: HiApiClient | Error,
	known: Task,
): Promise<{ task: Task; confirmed: boolean }> {
	let problem: string;
	if (client instanceof Error) {
		problem = client.message;
	} else {
		const signal = context.getExecutionCancelSignal();
		const read = await getTask(client, known.taskId, {
			deadlineMs: systemClock.monotonic() + LONGEST_RE_READ_MS,
			signal,
		});
		if (read.ok && read.value.state === known.state) return { task: read.value, confirmed: true };
		problem = read.ok ? `HiAPI now reports '${read.value.status}'` : read.failure.message;
	}
	const message = `Task ${known.taskId} could not be re-read, so the output is the task as it was in the callback: ${problem}`;
	context.logger.warn(`HiAPI Trigger: ${message}`);
	showHint(context, message, 'warning');
	return { task: known, confirmed: false };
}

/** What the callback URL carried. HiAPI signs the body only, so anyone who has seen a callback could change it. */
function fromQuery(query: IDataObject | undefined): IDataObject {
	if (query === undefined) return {};
	const reference = trimmedOrUndefined(query[REFERENCE_PARAMETER]);
	return { ...(reference !== undefined && { reference }), query, queryVerified: false };
}

async function toItem(
	context: IExecuteFunctions,
	received: ReceivedTask,
	options: TriggerOptions,
): Promise<ItemOutput> {
	const { download, simplify } = options;
	// Whoever may start the workflow must not get this machine to fetch whatever they name.
	const isBelieved = received.readBack || !options.believesAnyone;
	const reRead = !received.readBack && (options.reRead || (download !== undefined && !isBelieved));
	const client =
		reRead || download
			? await createClient(context, systemClock).catch((error: Error) => error)
			: undefined;
	const { task, confirmed } =
		reRead && client
			? await reReadTask(context, client, received.task)
			: { task: received.task, confirmed: isBelieved };
	const json = {
		...(simplify ? simplifyTask(task) : fullTask(task)),
		event: received.event,
		receivedAt: received.receivedAt,
		...fromQuery(received.query),
	};
	if (download === undefined || task.outputs.length === 0) return { json };
	if (!confirmed && !isBelieved)
		return {
			json: {
				...json,
				downloadFailures: task.outputs.map(({ url, type }) => ({ url, type, ...UNPROVEN })),
			},
		};
	const isLocal = client instanceof HiApiClient && client.isLocal;
	const downloads = new DownloadRun(
		context,
		systemClock,
		isLocal,
		context.getExecutionCancelSignal(),
	);
	const { json: withFiles, binary } = await downloads.attach(task, json, download);
	downloads.close();
	return { json: withFiles, ...(binary && { binary }) };
}

/**
 * Turns what webhook() accepted into the trigger's output. A task the workflow has already gone on with gives no item,
 * so nothing after the trigger runs.
 */
export async function deliverTasks(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const output: INodeExecutionData[] = [];
	try {
		const options = readTriggerOptions(context);
		for (const [index, item] of context.getInputData().entries()) {
			const received = unpackReceivedTask(item.json);
			if (received === undefined) {
				output.push(item);
			} else if (await markProcessed(context, received.task.taskId)) {
				output.push({ ...(await toItem(context, received, options)), pairedItem: { item: index } });
			} else {
				context.logger.info(
					`HiAPI Trigger: task ${received.task.taskId} came before; nothing to do`,
				);
			}
		}
	} catch (error) {
		throw toNodeError(context.getNode(), error, 0);
	}
	return [output];
}
