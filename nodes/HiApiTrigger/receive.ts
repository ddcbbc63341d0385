import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { systemClock } from '../shared/clock';
import {
	sendRefusal,
	claimDelivery,
	malformed,
	notNow,
	type Refusal,
} from '../shared/webhook/answer';
import { decideDelivery, decideTask } from '../shared/webhook/callback';
import { InFlightDedupe } from '../shared/webhook/inFlightDedupe';
import { readBody, whyUnverified } from '../shared/webhook/verify';
import { readTaskBack } from './readBack';
import { packReceivedTask, type ReceivedTask } from './receivedTask';
import { readSettings, type TriggerSettings } from './settings';

/** What becomes of a request. `start` and `settled` are a success for the sender. */
type Outcome =
	| { kind: 'start'; received: ReceivedTask }
	| { kind: 'settled'; message: string }
	| { kind: 'refused'; refusal: Refusal };

const refused = (refusal: Refusal): Outcome => ({ kind: 'refused', refusal });

// One memory for all triggers of this process. HiAPI tries for about 26 minutes (hiapi-api-examples).
const memory = new InFlightDedupe(
	{ stored: 20_000, pending: 5_000, pendingMs: 60 * 60_000, patienceMs: 5_000 },
	systemClock,
);

/** Verifies who sent a request, then decides what becomes of it. */
async function verifyCallback(context: IWebhookFunctions): Promise<Outcome> {
	const settings = readSettings(context);
	const body = await readBody(context);
	const refusal = await whyUnverified(context, body, settings);
	if (refusal !== undefined) return refused(refusal);

	const verdict = decideDelivery(body, settings.subscription);
	if (verdict.action === 'refuse') return refused(malformed(verdict.reason));
	if (verdict.action === 'ignore')
		return { kind: 'settled', message: `Not wanted by this trigger: ${verdict.reason}` };

	const receivedAt = new Date(systemClock.now()).toISOString();
	const readBack = settings.verification === 'readBack';
	const query = context.getQueryData() as IDataObject;
	const received: ReceivedTask = {
		task: verdict.task,
		event: verdict.event,
		receivedAt,
		readBack,
		...(Object.keys(query).length > 0 && { query }),
	};
	// While someone tries things out in the editor, the same task may come as often as they like.
	if (context.getMode() === 'manual')
		return readBack ? await confirm(context, received, settings) : { kind: 'start', received };
	return await startOnce(context, received, settings);
}

/** Lets the first of many copies through. */
async function startOnce(
	context: IWebhookFunctions,
	received: ReceivedTask,
	settings: TriggerSettings,
): Promise<Outcome> {
	const key = JSON.stringify([
		context.getWorkflow().id,
		context.getNode().id,
		received.task.taskId,
	]);
	const claim = await claimDelivery(context, memory, key);
	if (claim === 'duplicate') return { kind: 'settled', message: 'Received before' };
	if (claim === 'undecided')
		return refused(notNow('another copy of the same callback is still being stored'));
	if (claim === 'full') return refused(notNow('too many callbacks wait for n8n to store them'));

	if (!received.readBack) return { kind: 'start', received };
	let outcome: Outcome | undefined;
	try {
		outcome = await confirm(context, received, settings);
		return outcome;
	} finally {
		if (outcome?.kind !== 'start') memory.release(key);
	}
}

/** Replaces what the callback says by what HiAPI says. */
async function confirm(
	context: IWebhookFunctions,
	received: ReceivedTask,
	settings: TriggerSettings,
): Promise<Outcome> {
	const read = await readTaskBack(context, received.task.taskId, systemClock);
	if (!read.ok) return refused(read.refusal);
	const verdict = decideTask(read.task, settings.subscription);
	if (verdict.action !== 'start') return { kind: 'settled', message: 'Not wanted by this trigger' };
	return { kind: 'start', received: { ...received, task: verdict.task, event: verdict.event } };
}

/**
 * Answers one request to the trigger's URL. Never throws: n8n would then store an execution, and strangers could fill
 * the list of executions with them.
 *
 * A start is answered by n8n itself, after it has stored the run; everything else is answered here.
 */
export async function receiveCallback(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	let outcome: Outcome;
	try {
		outcome = await verifyCallback(context);
	} catch (error) {
		outcome = refused(notNow(`the request could not be checked: ${(error as Error).message}`));
	}
	if (outcome.kind === 'start') {
		return {
			workflowData: [[{ json: packReceivedTask(outcome.received) }]],
			webhookResponse: { message: 'Received' },
		};
	}
	if (outcome.kind === 'settled') return { webhookResponse: { message: outcome.message } };
	const { status, reason } = outcome.refusal;
	context.logger.warn(`HiAPI Trigger answered ${status}: ${reason}`, {
		workflowId: context.getWorkflow().id,
		nodeName: context.getNode().name,
	});
	return sendRefusal(context, outcome.refusal);
}
