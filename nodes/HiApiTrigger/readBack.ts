import type { IWebhookFunctions } from 'n8n-workflow';

import { createClient } from '../shared/api/client';
import type { Task } from '../shared/api/task';
import { getTask } from '../shared/api/tasks';
import type { Timing } from '../shared/clock';
import { notNow, type Refusal } from '../shared/webhook/answer';

export type ReadBack = { ok: true; task: Task } | { ok: false; refusal: Refusal };

// HiAPI waits 10 s for an answer (hiapi-api-examples), and n8n needs some of them.
const LONGEST_READ_MS = 6_000;
// Invented task ids must not use up the account's rate limit, which reading and creating share.
const MOST_READS_AT_ONCE = 4;

let readsUnderWay = 0;

const refuse = (refusal: Refusal): ReadBack => ({ ok: false, refusal });

/**
 * Asks HiAPI whether a task exists and has ended, because the request that says so may come from anyone. One try: a
 * sender that is HiAPI comes back.
 */
export async function readTaskBack(
	context: IWebhookFunctions,
	taskId: string,
	timing: Timing,
): Promise<ReadBack> {
	if (readsUnderWay >= MOST_READS_AT_ONCE)
		return refuse(notNow('too many tasks are being read back at the same time'));
	readsUnderWay += 1;
	try {
		const client = await createClient(context, timing);
		const budget = { deadlineMs: timing.monotonic(), signal: AbortSignal.timeout(LONGEST_READ_MS) };
		const read = await getTask(client, taskId, budget);
		if (!read.ok) {
			const { message, description, request } = read.failure;
			const unknown = request?.kind === 'answer' && request.status === 404;
			return refuse(
				unknown
					? {
							status: 401,
							reason:
								'HiAPI does not know the task: the request was invented, or the credential belongs to another account',
						}
					: notNow(`the task could not be read back: ${message}. ${description}`),
			);
		}
		if (read.value.taskId !== taskId) return refuse(notNow('HiAPI answered with another task'));
		if (read.value.state === 'running')
			return refuse(notNow('HiAPI says that the task is still running'));
		return { ok: true, task: read.value };
	} finally {
		readsUnderWay -= 1;
	}
}
