import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { systemTiming } from '../shared/timing';
import { judgeDelivery, judgeTask } from '../shared/webhook/delivery';
import { DeliveryMemory, type AnswerState } from '../shared/webhook/deliveryMemory';
import { readTaskBack } from './readBack';
import { packReceivedTask, type ReceivedTask } from './receivedTask';
import { malformed, notNow, type Refusal } from './refusal';
import { readSettings, type TriggerSettings } from './settings';
import { whyUnverified } from './verify';

type Response = ReturnType<IWebhookFunctions['getResponseObject']>;

/** What becomes of a request. `start` and `settled` are a success for the sender. */
type Outcome =
	| { kind: 'start'; received: ReceivedTask }
	| { kind: 'settled'; message: string }
	| { kind: 'refused'; refusal: Refusal };

const MESSAGES: Record<Refusal['status'], string> = {
	400: 'Not a HiAPI task',
	401: 'Not accepted as a callback of HiAPI',
	503: 'Try again later',
};

const refused = (refusal: Refusal): Outcome => ({ kind: 'refused', refusal });

// One memory for all triggers of this process. HiAPI tries for about 26 minutes (hiapi-api-examples).
const memory = new DeliveryMemory(
	{ stored: 20_000, pending: 5_000, pendingMs: 60 * 60_000, patienceMs: 5_000 },
	systemTiming,
);

/**
 * The bytes as they came. n8n leaves content types it does not know unread, and uses multipart up without keeping its
 * bytes; what cannot be read counts as empty, which no signature fits.
 */
async function readBody(context: IWebhookFunctions): Promise<Buffer> {
	const request = context.getRequestObject();
	try {
		await request.readRawBody();
	} catch (error) {
		context.logger.debug(`HiAPI Trigger: the body of the request could not be read: ${(error as Error).message}`);
	}
	return (request.rawBody as Buffer | undefined) ?? Buffer.alloc(0);
}

/** n8n answers 2xx once the run is stored, and an error when it could not be. */
function answerState(response: Response): AnswerState {
	if (!response.writableEnded) return 'pending';
	return response.statusCode < 300 ? 'stored' : 'lost';
}

async function judge(context: IWebhookFunctions): Promise<Outcome> {
	const settings = readSettings(context);
	const body = await readBody(context);
	const refusal = await whyUnverified(context, body, settings);
	if (refusal !== undefined) return refused(refusal);

	const verdict = judgeDelivery(body, settings.subscription);
	if (verdict.action === 'refuse') return refused(malformed(verdict.reason));
	if (verdict.action === 'ignore') return { kind: 'settled', message: `Not wanted by this trigger: ${verdict.reason}` };

	const receivedAt = new Date(systemTiming.now()).toISOString();
	const readBack = settings.verification === 'readBack';
	const received: ReceivedTask = { task: verdict.task, event: verdict.event, receivedAt, readBack };
	// While someone tries things out in the editor, the same task may come as often as they like.
	if (context.getMode() === 'manual') return readBack ? await confirm(context, received, settings) : { kind: 'start', received };
	return await takeTurn(context, received, settings);
}

/** Lets the first of many copies through. */
async function takeTurn(context: IWebhookFunctions, received: ReceivedTask, settings: TriggerSettings): Promise<Outcome> {
	const key = JSON.stringify([context.getWorkflow().id, context.getNode().id, received.task.taskId]);
	const response = context.getResponseObject();
	const turn = await memory.enter(key, () => answerState(response));
	if (turn === 'duplicate') return { kind: 'settled', message: 'Received before' };
	if (turn === 'undecided') return refused(notNow('another copy of the same callback is still being stored'));
	if (turn === 'full') return refused(notNow('too many callbacks wait for n8n to store them'));
	response.once('finish', () => memory.settle(key)).once('close', () => memory.settle(key));

	if (!received.readBack) return { kind: 'start', received };
	let outcome: Outcome | undefined;
	try {
		outcome = await confirm(context, received, settings);
		return outcome;
	} finally {
		if (outcome?.kind !== 'start') memory.forget(key);
	}
}

/** Replaces what the callback says by what HiAPI says. */
async function confirm(context: IWebhookFunctions, received: ReceivedTask, settings: TriggerSettings): Promise<Outcome> {
	const read = await readTaskBack(context, received.task.taskId, systemTiming);
	if (!read.ok) return refused(read.refusal);
	const verdict = judgeTask(read.task, settings.subscription);
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
		outcome = await judge(context);
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
	return answerRefusal(context, outcome.refusal);
}

function answerRefusal(context: IWebhookFunctions, { status, reason }: Refusal): IWebhookResponseData {
	context.logger.warn(`HiAPI Trigger answered ${status}: ${reason}`, {
		workflowId: context.getWorkflow().id,
		nodeName: context.getNode().name,
	});
	const response = context.getResponseObject();
	if (!response.headersSent) response.status(status).json({ message: MESSAGES[status] });
	return { noWebhookResponse: true };
}
