import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { AnswerState, InFlightDedupe, Turn } from './inFlightDedupe';
import { REFUSAL_MESSAGES, type Refusal } from './refusal';

type Response = ReturnType<IWebhookFunctions['getResponseObject']>;

/** n8n answers 2xx once it has stored or resumed the execution, and an error when it could not. */
function answerState(response: Response): AnswerState {
	if (!response.writableEnded) return 'pending';
	return response.statusCode < 300 ? 'stored' : 'lost';
}

/** Asks for the turn of this request among its copies. The memory learns of n8n's answer to the first by itself. */
export async function takeTurn(
	context: IWebhookFunctions,
	memory: InFlightDedupe,
	key: string,
): Promise<Turn> {
	const response = context.getResponseObject();
	const turn = await memory.enter(key, () => answerState(response));
	const settle = () => memory.settle(key);
	if (turn === 'first') response.once('finish', settle).once('close', settle);
	return turn;
}

/** Answers a request that has no effect. The reason is for n8n's log; the sender learns no more than the status says. */
export function sendRefusal(context: IWebhookFunctions, { status }: Refusal): IWebhookResponseData {
	const response = context.getResponseObject();
	if (!response.headersSent) response.status(status).json({ message: REFUSAL_MESSAGES[status] });
	return { noWebhookResponse: true };
}
