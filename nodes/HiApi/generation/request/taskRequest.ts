import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { HiApiError } from '../../../shared/errors/apiError';
import { keyProblem } from './idempotencyKey';
import { serialiseTaskRequest } from './requestBody';
import { modelCatalog, type CatalogAccess, type PricedTask } from '../../models/modelCatalog';
import { trimmedOrUndefined } from '../../../shared/values';
import { replaceStandIns } from './fileInputs';
import { contentsOf } from './fileContents';
import { readModelInput } from './modelInput';
import { optionsOf, requiredText } from '../../parameters/readers';
import { checkText } from '../../parameters/promptText';
import { readCallbackUrl } from '../../parameters/callbackUrl';
import { readReference } from '../../parameters/reference';

/** One item's task, checked and ready to be sent. */
export interface Submission {
	itemIndex: number;
	/** Tells several tasks of the same item apart, from 0; 0 when not given. */
	variation?: number;
	model: string;
	/**
	 * The parameters the body is made from. The body also depends on what the model catalogue says about types, which may
	 * change between two tries of the same purchase; this does not.
	 */
	request: string;
	/** The request body, byte for byte as every try sends it, but for files: something stands for each of them. */
	body: string;
	/** The body with the files in it, where there are any; read only now. Rejects with HiApiError or an error of n8n. */
	complete?(): Promise<string>;
	/** The key the user typed in, if any. */
	userKey?: string;
	/** What the task will cost by HiAPI's price list; never rejects. Asked for at once, and nothing waits for it that need not. */
	cost: Promise<PricedTask>;
}

/**
 * Reads and checks everything that goes into one item's task.
 *
 * @param resumeUrl called when the task has ended, instead of what the user set as callback
 * @throws HiApiError for bad input; nothing has been sent to HiAPI's API then
 */
export async function readSubmission(
	context: IExecuteFunctions,
	itemIndex: number,
	catalog: CatalogAccess,
	resumeUrl?: string,
): Promise<Submission> {
	const model = requiredText(
		context,
		'model',
		'Model',
		itemIndex,
		"Select a model from the list, or switch to 'ID' and enter one.",
	);
	const options = optionsOf(context, itemIndex);
	const route = trimmedOrUndefined(options.route);
	const reference = readReference(context, itemIndex);
	const { input, given, files } = await readModelInput(context, itemIndex, catalog, model, route);
	const rest = {
		model,
		route,
		storage: trimmedOrUndefined(options.storage),
		callbackUrl: resumeUrl ?? (await readCallbackUrl(context, itemIndex, reference)),
	};
	return {
		itemIndex,
		model,
		request: JSON.stringify({ ...rest, given }),
		body: serialiseTaskRequest({ ...rest, input }),
		...(files.length > 0 && {
			complete: async () =>
				serialiseTaskRequest({
					...rest,
					input: replaceStandIns(input, await contentsOf(context, files)),
				}),
		}),
		userKey: readUserKey(options),
		cost: modelCatalog.estimate(catalog, model, route ?? '', input),
	};
}

function readUserKey(options: IDataObject): string | undefined {
	if (!Object.hasOwn(options, 'idempotencyKey')) return undefined;
	const value = options.idempotencyKey;
	const key = typeof value === 'number' ? String(value) : trimmedOrUndefined(value);
	const advice = 'Use a short text such as a row ID, or remove the option to have a key made.';
	// An expression that finds nothing must not quietly turn into a key of our own: a re-run would buy everything again.
	if (key === undefined) throw new HiApiError("'Idempotency Key' is empty or not a text", advice);
	// The same text for every row: the second row would get the task of the first.
	checkText('Idempotency Key', key);
	const problem = keyProblem(key, Number(options.retryFailedTasks ?? 0));
	if (problem !== undefined) throw new HiApiError(`'Idempotency Key' ${problem}`, advice);
	return key;
}
