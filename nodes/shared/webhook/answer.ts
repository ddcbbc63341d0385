import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { MalformedReason } from './callback';
import type { AnswerState, Claim, InFlightDedupe } from './inFlightDedupe';
import type { SignatureProblem } from './signature';

/** A request that has no effect because something is wrong with it or with the set-up. */
export interface Refusal {
	status: 400 | 401 | 503;
	/** For n8n's log: what happened and what to do. The sender never sees it. */
	reason: string;
}

/** What the sender is told. */
const REFUSAL_MESSAGES: Record<Refusal['status'], string> = {
	400: 'Not a HiAPI task',
	401: 'Not accepted as a callback of HiAPI',
	503: 'Try again later',
};

const SET_SECRET =
	"In the HiAPI console set a 'Webhook signing key', and store the same text as 'Webhook Signing Secret' in the credential 'HiAPI API' of this node";

const SIGNATURE_REASONS: Record<SignatureProblem, string> = {
	noSecret: `no signing secret is stored, so no callback can be verified. ${SET_SECRET}`,
	missingTimestamp: `the request is not signed (no X-HiAPI-Timestamp). If it came from HiAPI, its signing key is not set. ${SET_SECRET}`,
	missingSignature: `the request is not signed (no X-HiAPI-Signature). If it came from HiAPI, its signing key is not set. ${SET_SECRET}`,
	malformedTimestamp: 'X-HiAPI-Timestamp is not a number of seconds, which HiAPI never sends',
	malformedSignature: 'X-HiAPI-Signature is not 64 lower-case hex digits, which HiAPI never sends',
	outsideTolerance:
		"X-HiAPI-Timestamp is too far from this machine's time: an old request sent again, or this machine's clock is wrong",
	mismatch: `the signature does not match. If it came from HiAPI, the secret in the credential is not the signing key of the HiAPI console, or something on the way changed the request. ${SET_SECRET}`,
};

const MALFORMED_REASONS: Record<MalformedReason, string> = {
	notJson: 'the body is not JSON',
	notAnObject: 'the body is not a JSON object',
	noTaskId: "the body holds no 'taskId'",
};

/** Nobody proved to be HiAPI. */
export function unsigned(problem: SignatureProblem): Refusal {
	return { status: 401, reason: SIGNATURE_REASONS[problem] };
}

/** The sender may be HiAPI, but what came is not a task. */
export function malformed(reason: MalformedReason): Refusal {
	return { status: 400, reason: MALFORMED_REASONS[reason] };
}

/** Something the sender can help by trying again, which HiAPI does after about 1, 5 and 20 minutes. */
export function notNow(reason: string): Refusal {
	return { status: 503, reason };
}

type Response = ReturnType<IWebhookFunctions['getResponseObject']>;

/** n8n answers 2xx once it has stored or resumed the execution, and an error when it could not. */
function answerState(response: Response): AnswerState {
	if (!response.writableEnded) return 'pending';
	return response.statusCode < 300 ? 'stored' : 'lost';
}

/** Claims a delivery for this request among its copies. The memory learns of n8n's answer to the first by itself. */
export async function claimDelivery(
	context: IWebhookFunctions,
	memory: InFlightDedupe,
	key: string,
): Promise<Claim> {
	const response = context.getResponseObject();
	const claim = await memory.claim(key, () => answerState(response));
	const resolve = () => memory.resolve(key);
	if (claim === 'first') response.once('finish', resolve).once('close', resolve);
	return claim;
}

/** Answers a request that has no effect. The reason is for n8n's log; the sender learns no more than the status says. */
export function sendRefusal(context: IWebhookFunctions, { status }: Refusal): IWebhookResponseData {
	const response = context.getResponseObject();
	if (!response.headersSent) response.status(status).json({ message: REFUSAL_MESSAGES[status] });
	return { noWebhookResponse: true };
}
