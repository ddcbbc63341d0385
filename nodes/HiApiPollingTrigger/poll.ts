import { randomUUID } from 'node:crypto';

import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../shared/api/client';
import { toIsoTime } from '../shared/api/task';
import { systemClock } from '../shared/clock';
import { HiApiError } from '../shared/errors/apiError';
import { toFailure } from '../shared/errors/nodeError';
import { STATIC_DATA } from '../shared/stored';
import { isRecord, trimmedOrUndefined } from '../shared/values';
import { FailureWatch } from './failureWatch';
import { POLLING_LIMITS } from './limits';
import { createReader } from './reader';
import { RecentEmits } from './recentEmits';
import { readSettings, toItems, withinAge } from './settings';
import { readState, type PollingState } from './state';
import { TaskPoll, type PollResult } from './taskPoll';

interface Stored {
	state?: PollingState;
	credentialId?: string;
	/** A new one with every poll that emits tasks. */
	revision: string;
}

const NOTHING_LOST =
	"No task is lost: what finishes meanwhile starts the workflow once HiAPI can be read again, unless it is older than 'Maximum Age (Hours)' by then.";

const underWay = new Set<string>();
const failures = new FailureWatch();
const recentEmits = new RecentEmits();

function readStored(staticData: IDataObject): Stored {
	const stored: unknown = staticData[STATIC_DATA.place];
	if (!isRecord(stored)) return { revision: '' };
	const credentialId = typeof stored.credentialId === 'string' ? stored.credentialId : undefined;
	return {
		state: readState(stored),
		credentialId,
		revision: trimmedOrUndefined(stored.revision) ?? '',
	};
}

/** @throws what went wrong when it is time to tell; nothing else is needed to catch up, and the text says so */
function reportOrWait(isTimeToTell: boolean, error: unknown): INodeExecutionData[] {
	if (!isTimeToTell) return [];
	if (!(error instanceof HiApiError)) throw error as Error;
	const { message, description, details, request } = error;
	throw new HiApiError(message, `${description} ${NOTHING_LOST}`, details, request);
}

/** Which tasks were left out for good, and where to find them; both ends fit the filters of Get Many. */
function unreadWarning({ unread }: PollResult): string | undefined {
	if (unread === undefined) return undefined;
	const { pagesPerPoll, pageSize } = POLLING_LIMITS;
	const most = (pagesPerPoll * pageSize).toLocaleString('en');
	return `tasks created between ${toIsoTime(unread.from)} and ${toIsoTime(unread.to + 1)} were not read, because there are more than ${most} since the last poll; list them with Get Many`;
}

/** What the log has to say of a poll besides its failure. */
function warningsOf(result: PollResult, tooOld: number): string[] {
	return [
		tooOld > 0 &&
			`${tooOld} tasks started nothing, because they finished longer ago than 'Maximum Age (Hours)' allows; 'Get Many' shows them`,
		result.forgotten > 0 &&
			`${result.forgotten} unfinished tasks were forgotten; there are too many, or they are older than a week`,
		unreadWarning(result),
		result.outOfTime &&
			'the time for one poll was over before everything was read; the next poll reads again',
	].filter((warning) => typeof warning === 'string');
}

const MOST_IDS_PER_LINE = 100;

/** What the log has to say of tasks that start the workflow: n8n can lose an execution with everything it was to begin with. */
function noticesOf(items: INodeExecutionData[]): string[] {
	const count = Math.ceil(items.length / MOST_IDS_PER_LINE);
	return Array.from({ length: count }, (_, line) => {
		const some = items.slice(line * MOST_IDS_PER_LINE, (line + 1) * MOST_IDS_PER_LINE);
		const tasks = some.length === 1 ? '1 task' : `${some.length} tasks`;
		return `starts the workflow with ${tasks}: ${some.map(({ json }) => String(json.taskId)).join(', ')}`;
	});
}

/** Reads HiAPI's list once and moves the stored place on. */
async function pollOnce(context: IPollFunctions, key: string): Promise<INodeExecutionData[]> {
	const staticData = context.getWorkflowStaticData('node');
	const stored = readStored(staticData);
	const credentialId = context.getNode().credentials?.[CREDENTIAL_TYPE]?.id ?? undefined;
	const now = systemClock.now();
	const sinceStartMs = systemClock.monotonic();
	const warn = (text: string) => context.logger.warn(`HiAPI Polling Trigger: ${text}`);
	recentEmits.confirm(key, stored.revision);
	if (stored.state !== undefined && recentEmits.hasEmittedFrom(key, stored.revision, sinceStartMs))
		return [];
	try {
		const settings = readSettings(context);
		const reader = await createReader(context);
		const mayBeAnotherAccount = stored.credentialId !== credentialId;
		const poll = new TaskPoll(stored.state, Math.floor(now / 1000), mayBeAnotherAccount);
		const result = await poll.run(reader);
		const { finished, state, failure } = result;
		const fresh = finished.filter(({ taskId }) => !recentEmits.has(key, taskId));
		const { recent, tooOld } = withinAge(fresh, settings.maximumAgeSeconds, now / 1000);
		const items = toItems(recent, settings, new Date(now).toISOString());
		// In the same breath as what goes out: n8n stores both together.
		const revision =
			items.length > 0 || stored.state === undefined ? randomUUID() : stored.revision;
		if (state !== undefined)
			staticData[STATIC_DATA.place] = {
				...state,
				...(credentialId !== undefined && { credentialId }),
				revision,
			} as unknown as IDataObject;
		if (items.length > 0) {
			const taskIds = recent.map(({ taskId }) => taskId);
			recentEmits.add(
				key,
				{ from: stored.revision, to: revision, taskIds },
				systemClock.monotonic(),
			);
		}
		for (const notice of noticesOf(items)) context.logger.info(`HiAPI Polling Trigger ${notice}`);
		warningsOf(result, tooOld).forEach(warn);
		const unread = unreadWarning(result);
		// n8n lets a poll say nothing about its execution but its items.
		if (unread !== undefined && items.length > 0) items[0].json.warning = unread;
		if (failure === undefined) {
			failures.succeeded(key);
			return items;
		}
		if (items.length === 0) throw failure;
		warn(`not everything could be read, the rest follows with the next poll: ${failure.message}`);
		return items;
	} catch (error) {
		const failure = toFailure(error);
		warn(failure.message);
		// Someone who publishes the workflow has to know at once when it cannot work.
		if (stored.state === undefined) throw error as Error;
		return reportOrWait(failures.failed(key, failure, sinceStartMs), error);
	}
}

/**
 * The tasks that finished since the last poll, each one once.
 *
 * @returns an empty list when nothing is to start, also when an earlier poll still runs
 * @throws HiApiError or an error of n8n when HiAPI cannot be asked, see FailureWatch
 */
export async function pollForTasks(context: IPollFunctions): Promise<INodeExecutionData[]> {
	const key = JSON.stringify([context.getWorkflow().id, context.getNode().id]);
	// Both would find the same tasks.
	if (underWay.has(key)) return [];
	underWay.add(key);
	try {
		return await pollOnce(context, key);
	} finally {
		underWay.delete(key);
	}
}
