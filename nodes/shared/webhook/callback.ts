import { parseTask, type Task } from '../api/task';
import { parseHiApiJson, isRecord } from '../values';
import { select, type Subscription, type TaskEvent, type UnwantedReason } from '../taskFilter';

export type MalformedReason = 'notJson' | 'notAnObject' | 'noTaskId';

/** What a body says, once its sender is known. */
export type ReadDelivery = { ok: true; task: Task } | { ok: false; reason: MalformedReason };

/** What to do with a delivery, and the HTTP status that tells the sender so. */
export type DeliveryVerdict =
	| { action: 'start'; status: 200; task: Task; event: TaskEvent }
	| { action: 'ignore'; status: 200; task: Task; reason: UnwantedReason }
	| { action: 'refuse'; status: 400; reason: MalformedReason };

// Real ids have 35 characters. Longer ones would let an unsigned sender fill the memory of deliveries.
const LONGEST_TASK_ID = 255;

/**
 * Reads the task out of a callback's bytes (UTF-8, with or without byte order mark). HiAPI sends the bare task
 * (docs.hiapi.ai/async-api); one wrapped in `data`, as in its other replies, is accepted too. Never throws.
 */
export function readDelivery(body: Uint8Array): ReadDelivery {
	const value = parseHiApiJson(new TextDecoder().decode(body));
	if (value === undefined) return { ok: false, reason: 'notJson' };
	if (!isRecord(value)) return { ok: false, reason: 'notAnObject' };
	const task = parseTask(value.data) ?? parseTask(value);
	if (task === undefined || task.taskId.length > LONGEST_TASK_ID)
		return { ok: false, reason: 'noTaskId' };
	return { ok: true, task };
}

/** Decides what a task means for a trigger. */
export function decideTask(task: Task, subscription: Subscription): DeliveryVerdict {
	const selection = select(task, subscription);
	if (!selection.wanted) return { action: 'ignore', status: 200, task, reason: selection.reason };
	return { action: 'start', status: 200, task, event: selection.event };
}

/**
 * Decides what to do with a callback whose sender has been checked. Everything that is well formed but not wanted is
 * a success for the sender: HiAPI would otherwise send it three more times.
 */
export function decideDelivery(body: Uint8Array, subscription: Subscription): DeliveryVerdict {
	const read = readDelivery(body);
	return read.ok
		? decideTask(read.task, subscription)
		: { action: 'refuse', status: 400, reason: read.reason };
}

/** The name in a callback URL's query under which a Reference travels. Stored in workflows and in URLs HiAPI was given. */
export const REFERENCE_PARAMETER = 'reference';

/**
 * A callback URL that carries a Reference back to n8n. Only n8n's own webhook URLs are extended: another receiver may
 * refuse a URL it did not make. The rest of the URL stays as it is, to the byte.
 *
 * @param reference well-formed text
 */
export function withReference(url: string, reference: string): string {
	const parsed = new URL(url);
	if (!/\/webhook(-test)?\//.test(parsed.pathname) || parsed.searchParams.has(REFERENCE_PARAMETER))
		return url;
	const end = url.indexOf('#');
	const address = end < 0 ? url : url.slice(0, end);
	const joint = address.includes('?') ? (/[?&]$/.test(address) ? '' : '&') : '?';
	return `${address}${joint}${REFERENCE_PARAMETER}=${encodeURIComponent(reference)}`;
}
