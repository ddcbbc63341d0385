import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { createClient, CREDENTIAL_TYPE } from '../../shared/api/client';
import { systemClock } from '../../shared/clock';
import { trimmedOrUndefined } from '../../shared/values';
import { calledNonce, resumeWith, stayWaiting, suspensionOf } from './suspension';
import {
	hasNonce,
	pendingTasks,
	type KnownTasks,
	type Suspension,
} from '../generation/suspend/suspensionState';
import {
	malformed,
	notNow,
	sendRefusal,
	claimDelivery,
	type Refusal,
} from '../../shared/webhook/answer';
import { readDelivery } from '../../shared/webhook/callback';
import { InFlightDedupe } from '../../shared/webhook/inFlightDedupe';
import { CachedRead } from '../../shared/webhook/cachedRead';
import { claimsSignature, DEFAULT_TOLERANCE_SECONDS } from '../../shared/webhook/signature';
import { readBody, readVerification, whyUnverified } from '../../shared/webhook/verify';
import { endedTaskToJson, toItem } from '../generation/items/taskItem';
import { decideResume } from '../generation/suspend/resumeDecision';
import { pollOnce } from '../generation/wait/pollOnce';
import { taskReader } from '../generation/wait/taskReader';

/** What becomes of a request. All but `refused` are a success for the sender. */
type Outcome =
	| { kind: 'answered'; answer: IWebhookResponseData }
	| { kind: 'refused'; refusal: Refusal };

// HiAPI waits 10 s for an answer (hiapi-api-examples), and n8n needs some of them.
const LONGEST_POLL_MS = 6_000;

// Callbacks of one wait that come within this time share a poll, which starts after the last of them came.
const POLL_GAP_MS = 200;
const polls = new CachedRead<KnownTasks>(systemClock, 100, POLL_GAP_MS);

// n8n resumes an execution once, and answers all further calls of the same moment with an error.
const resumes = new InFlightDedupe(
	{ stored: 5_000, pending: 5_000, pendingMs: 10 * 60_000, patienceMs: 5_000 },
	systemClock,
);

const answered = (answer: IWebhookResponseData): Outcome => ({ kind: 'answered', answer });
const refused = (refusal: Refusal): Outcome => ({ kind: 'refused', refusal });

/**
 * Answers a call to a suspended execution's resume URL, and lets the execution go on when its last task has ended. Never
 * throws: n8n would end the execution with an error, and run the next node with an empty item.
 */
export async function receiveResume(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	let outcome: Outcome;
	try {
		outcome = await verifyCallback(context);
	} catch (error) {
		outcome = refused(notNow(`the callback could not be checked: ${(error as Error).message}`));
	}
	if (outcome.kind === 'answered') return outcome.answer;
	const { status, reason } = outcome.refusal;
	context.logger.warn(
		`HiAPI answered ${status} to a callback for a suspended execution: ${reason}`,
		{
			executionId: context.getExecutionId(),
			nodeName: context.getNode().name,
		},
	);
	return sendRefusal(context, outcome.refusal);
}

/** Verifies who sent a request, then decides what becomes of it. */
async function verifyCallback(context: IWebhookFunctions): Promise<Outcome> {
	const body = await readBody(context);
	const verification = readVerification(context.getNodeParameter('verification', 'signature'));
	const refusal = await whyUnverified(context, body, {
		verification,
		toleranceSeconds: DEFAULT_TOLERANCE_SECONDS,
	});
	// Where nothing in the callback is believed, a signature that nobody can check does no harm.
	const uncheckable =
		refusal !== undefined && verification === 'readBack' && !(await hasSecret(context));
	if (refusal !== undefined && !uncheckable) return refused(refusal);
	const delivery = readDelivery(body);
	if (!delivery.ok) return refused(malformed(delivery.reason));

	const suspension = suspensionOf(context);
	if (suspension === undefined || !hasNonce(suspension, calledNonce(context)))
		return answered(stayWaiting('Not waited for any more'));
	const { task } = delivery;
	if (!pendingTasks(suspension).some(({ taskId }) => taskId === task.taskId))
		return answered(stayWaiting('Not one of the tasks waited for'));

	const isSigned = claimsSignature(context.getRequestObject().headers) && !uncheckable;
	const believed = verification !== 'readBack' || isSigned;
	const key = JSON.stringify([context.getExecutionId(), suspension.nonce, suspension.runIndex]);
	const known = await polls.fresh(key, async () => await poll(context, suspension));
	const verdict = decideResume(suspension, task, believed, known, endedTaskToJson);
	if (verdict.action === 'wait') return answered(stayWaiting(verdict.message));
	if (verdict.action === 'retry') return refused(notNow(verdict.reason));
	return await resumeOnce(context, key, () =>
		resumeWith(
			verdict.items.map((json, index) => toItem(json, suspension.places[index].itemIndex)),
		),
	);
}

/** Lets the first of several calls that could all resume the execution do it. */
async function resumeOnce(
	context: IWebhookFunctions,
	key: string,
	resume: () => IWebhookResponseData,
): Promise<Outcome> {
	const claim = await claimDelivery(context, resumes, key);
	if (claim === 'duplicate') return answered(stayWaiting('Resumed before'));
	if (claim !== 'first') return refused(notNow('another callback is resuming the execution'));
	return answered(resume());
}

async function poll(context: IWebhookFunctions, suspension: Suspension): Promise<KnownTasks> {
	const client = await createClient(context, systemClock);
	const signal = AbortSignal.timeout(LONGEST_POLL_MS);
	return await pollOnce(pendingTasks(suspension), taskReader(client, signal));
}

async function hasSecret(context: IWebhookFunctions): Promise<boolean> {
	const { webhookSecret, previousWebhookSecret } = await context.getCredentials(CREDENTIAL_TYPE);
	return [webhookSecret, previousWebhookSecret].some(
		(secret) => trimmedOrUndefined(secret) !== undefined,
	);
}
