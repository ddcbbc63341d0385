import { randomUUID } from 'node:crypto';

import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../shared/api/client';
import { toFailure } from '../shared/errors/nodeError';
import { HiApiError } from '../shared/errors/apiError';
import { withinAge } from './ageLimit';
import { Delivered } from './delivered';
import { FailureWatch } from './failureWatch';
import { HandedOver } from './handedOver';
import { readState, type PollingState } from './pollingState';
import { runPoll } from './runPoll';
import { TaskPoll } from './taskPoll';
import { systemClock } from '../shared/clock';
import { isRecord, trimmedOrUndefined } from '../shared/values';
import { createReader } from './reader';
import { readSettings, toItems } from './settings';

/** The name in the node's static data under which n8n stores the place in the list. */
const PLACE = 'place';

interface Stored {
	state?: PollingState;
	credentialId?: string;
	/** A new one with every poll that hands tasks over; empty in a place that an older version of this package stored. */
	revision: string;
}

const NOTHING_LOST =
	"No task is lost: what finishes meanwhile starts the workflow once HiAPI can be read again, unless it is older than 'Maximum Age (Hours)' by then.";

const underWay = new Set<string>();
const failures = new FailureWatch();
const handedOver = new HandedOver();
const delivered = new Delivered();

function readStored(staticData: IDataObject): Stored {
	const stored: unknown = staticData[PLACE];
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

/** Looks at HiAPI's list once and moves the stored place on. */
async function look(context: IPollFunctions, key: string): Promise<INodeExecutionData[]> {
	const staticData = context.getWorkflowStaticData('node');
	const stored = readStored(staticData);
	const credentialId = context.getNode().credentials?.[CREDENTIAL_TYPE]?.id ?? undefined;
	const now = systemClock.now();
	delivered.confirm(key, stored.revision);
	if (stored.state !== undefined && handedOver.has(key, stored.revision, now)) return [];
	try {
		const settings = readSettings(context);
		const reader = await createReader(context);
		const poll = new TaskPoll(
			stored.state,
			Math.floor(now / 1000),
			stored.credentialId !== credentialId,
		);
		const { finished, state, forgotten, failure } = await runPoll(poll, reader);
		const fresh = finished.filter(({ taskId }) => !delivered.has(key, taskId));
		const { recent, tooOld } = withinAge(fresh, settings.maximumAgeSeconds, now / 1000);
		const items = toItems(recent, settings, new Date(now).toISOString());
		// In the same breath as what goes out: n8n stores both together.
		const revision =
			items.length > 0 || stored.state === undefined ? randomUUID() : stored.revision;
		if (state !== undefined)
			staticData[PLACE] = {
				...state,
				...(credentialId !== undefined && { credentialId }),
				revision,
			} as unknown as IDataObject;
		if (items.length > 0) {
			handedOver.add(key, stored.revision, systemClock.now());
			delivered.handOver(
				key,
				revision,
				recent.map(({ taskId }) => taskId),
			);
		}
		if (tooOld > 0)
			context.logger.warn(
				`HiAPI Polling Trigger: ${tooOld} tasks started nothing, because they finished longer ago than 'Maximum Age (Hours)' allows; 'Get Many' shows them`,
			);
		if (forgotten > 0)
			context.logger.warn(
				`HiAPI Polling Trigger: ${forgotten} unfinished tasks were forgotten; there are too many, or they are older than a week`,
			);
		if (failure === undefined) {
			failures.succeeded(key);
			return items;
		}
		if (items.length === 0) throw failure;
		context.logger.warn(
			`HiAPI Polling Trigger: not everything could be read, the rest follows with the next poll: ${failure.message}`,
		);
		return items;
	} catch (error) {
		const failure = toFailure(error);
		context.logger.warn(`HiAPI Polling Trigger: ${failure.message}`);
		// Someone who publishes the workflow has to know at once when it cannot work.
		if (stored.state === undefined) throw error as Error;
		return reportOrWait(failures.failed(key, failure, now), error);
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
		return await look(context, key);
	} finally {
		underWay.delete(key);
	}
}
