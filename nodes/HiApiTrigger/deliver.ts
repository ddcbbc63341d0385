import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { createClient, type HiApiClient } from '../shared/api/client';
import { toNodeError } from '../shared/api/errors';
import { fullTask, simplifyTask, type Task } from '../shared/api/task';
import { getTask } from '../shared/api/tasks';
import { systemTiming } from '../shared/timing';
import { isFirstTime } from './once';
import { unpackReceivedTask, type ReceivedTask } from './receivedTask';

const LONGEST_RE_READ_MS = 60_000;

interface Wishes {
	simplify: boolean;
	reRead: boolean;
}

function readWishes(context: IExecuteFunctions): Wishes {
	const options = context.getNodeParameter('options', 0, {});
	return { simplify: context.getNodeParameter('simplify', 0, true) as boolean, reRead: options.reRead === true };
}

/**
 * The task as HiAPI reports it now. The callback is enough to go on with, so when HiAPI does not answer the workflow
 * runs with what it has, and says so.
 */
async function reReadTask(context: IExecuteFunctions, known: Task): Promise<Task> {
	let problem: string;
	try {
		const client: HiApiClient = await createClient(context, systemTiming);
		const signal = context.getExecutionCancelSignal();
		const read = await getTask(client, known.taskId, { deadlineMs: systemTiming.now() + LONGEST_RE_READ_MS, signal });
		if (read.ok && read.value.state === known.state) return read.value;
		problem = read.ok ? `HiAPI now reports '${read.value.status}'` : read.failure.message;
	} catch (error) {
		problem = (error as Error).message;
	}
	const message = `Task ${known.taskId} could not be re-read, so the output is the task as it was in the callback: ${problem}`;
	context.logger.warn(`HiAPI Trigger: ${message}`);
	context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
	return known;
}

async function toOutput(context: IExecuteFunctions, received: ReceivedTask, wishes: Wishes): Promise<IDataObject> {
	const reRead = wishes.reRead && !received.readBack;
	const task = reRead ? await reReadTask(context, received.task) : received.task;
	const shown = wishes.simplify ? simplifyTask(task) : fullTask(task);
	return { ...shown, event: received.event, receivedAt: received.receivedAt };
}

/**
 * Turns what webhook() accepted into the trigger's output. A task the workflow has already gone on with gives no item,
 * so nothing after the trigger runs.
 */
export async function deliverTasks(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const output: INodeExecutionData[] = [];
	try {
		const wishes = readWishes(context);
		for (const [index, item] of context.getInputData().entries()) {
			const received = unpackReceivedTask(item.json);
			if (received === undefined) {
				output.push(item);
			} else if (await isFirstTime(context, received.task.taskId)) {
				output.push({ json: await toOutput(context, received, wishes), pairedItem: { item: index } });
			} else {
				context.logger.info(`HiAPI Trigger: task ${received.task.taskId} came before; nothing to do`);
			}
		}
	} catch (error) {
		throw toNodeError(context.getNode(), error, 0);
	}
	return [output];
}
