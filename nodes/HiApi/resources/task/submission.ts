import type { IExecuteFunctions } from 'n8n-workflow';

import { HiApiFailure } from '../../../shared/api/failure';
import { keyProblem } from '../../../shared/api/idempotency';
import { readInput, serialiseTaskRequest } from '../../../shared/api/taskRequest';
import { nonEmptyText } from '../../../shared/values';
import { describeCallbackUrl } from '../../../shared/webhook/callbackUrl';
import { optionsOf, rawParameter, requiredText } from './parameters';

/** One item's task, checked and ready to be sent. */
export interface Submission {
	itemIndex: number;
	model: string;
	/** The request body, byte for byte as every try sends it. */
	body: string;
	/** The key the user typed in, if any. */
	userKey?: string;
}

/**
 * Reads and checks everything that goes into one item's task.
 *
 * @throws HiApiFailure for bad input; nothing has been sent then
 */
export function readSubmission(context: IExecuteFunctions, itemIndex: number): Submission {
	const model = requiredText(context, 'model', 'Model', itemIndex, "Select a model from the list, or switch to 'ID' and enter one.");
	const input = readInput(rawParameter(context, 'input', itemIndex), textParameter(context, 'prompt', itemIndex));
	if (!input.ok) throw new HiApiFailure(input.problem.message, input.problem.description);
	const options = optionsOf(context, itemIndex);
	const userKey = nonEmptyText(String(options.idempotencyKey ?? ''));
	const problem = userKey === undefined ? undefined : keyProblem(userKey, Number(options.retryFailedTasks ?? 0));
	if (problem !== undefined) {
		throw new HiApiFailure(`'Idempotency Key' ${problem}`, 'Use a short text such as a row ID, or remove the option to have a key made.');
	}
	const body = serialiseTaskRequest({
		model,
		input: input.input,
		route: nonEmptyText(options.route),
		storage: nonEmptyText(options.storage),
		callbackUrl: readCallbackUrl(context, itemIndex),
	});
	return { itemIndex, model, body, userKey };
}

function textParameter(context: IExecuteFunctions, name: string, itemIndex: number): string {
	const value: unknown = context.getNodeParameter(name, itemIndex, '');
	if (value === undefined || value === null) return '';
	return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}

function readCallbackUrl(context: IExecuteFunctions, itemIndex: number): string | undefined {
	if (context.getNodeParameter('callback', itemIndex, 'none') !== 'url') return undefined;
	const text = requiredText(context, 'callbackUrl', 'Callback URL', itemIndex, "Enter the URL HiAPI is to call, or set 'Callback' to 'None'.");
	const { severity, problem, description } = describeCallbackUrl(text);
	if (severity === 'refuse') throw new HiApiFailure(problem ?? '', description ?? '');
	if (severity === 'warn') context.addExecutionHints({ message: `${problem}. ${description}`, type: 'warning', location: 'outputPane' });
	return text;
}
