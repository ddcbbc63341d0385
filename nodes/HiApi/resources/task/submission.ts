import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { HiApiFailure } from '../../../shared/api/failure';
import { keyProblem } from '../../../shared/api/idempotency';
import { serialiseTaskRequest } from '../../../shared/api/taskRequest';
import type { CatalogAccess } from '../../../shared/models/catalog';
import { nonEmptyText } from '../../../shared/values';
import { describeCallbackUrl } from '../../../shared/webhook/callbackUrl';
import { readModelInput } from './modelInput';
import { optionsOf, requiredText } from './parameters';

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
 * @throws HiApiFailure for bad input; nothing has been sent to HiAPI's API then
 */
export async function readSubmission(context: IExecuteFunctions, itemIndex: number, catalog: CatalogAccess): Promise<Submission> {
	const model = requiredText(context, 'model', 'Model', itemIndex, "Select a model from the list, or switch to 'ID' and enter one.");
	const options = optionsOf(context, itemIndex);
	const route = nonEmptyText(options.route);
	const input = await readModelInput(context, itemIndex, catalog, model, route);
	const body = serialiseTaskRequest({
		model,
		input,
		route,
		storage: nonEmptyText(options.storage),
		callbackUrl: readCallbackUrl(context, itemIndex),
	});
	return { itemIndex, model, body, userKey: readUserKey(options) };
}

function readUserKey(options: IDataObject): string | undefined {
	const key = nonEmptyText(String(options.idempotencyKey ?? ''));
	const problem = key === undefined ? undefined : keyProblem(key, Number(options.retryFailedTasks ?? 0));
	if (problem === undefined) return key;
	throw new HiApiFailure(`'Idempotency Key' ${problem}`, 'Use a short text such as a row ID, or remove the option to have a key made.');
}

function readCallbackUrl(context: IExecuteFunctions, itemIndex: number): string | undefined {
	if (context.getNodeParameter('callback', itemIndex, 'none') !== 'url') return undefined;
	const text = requiredText(context, 'callbackUrl', 'Callback URL', itemIndex, "Enter the URL HiAPI is to call, or set 'Callback' to 'None'.");
	const { severity, problem, description } = describeCallbackUrl(text);
	if (severity === 'refuse') throw new HiApiFailure(problem ?? '', description ?? '');
	if (severity === 'warn') context.addExecutionHints({ message: `${problem}. ${description}`, type: 'warning', location: 'outputPane' });
	return text;
}
