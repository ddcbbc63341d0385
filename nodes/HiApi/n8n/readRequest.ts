import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { HiApiError } from '../../shared/errors/apiError';
import { isTool } from '../../shared/n8nCompat';
import { isRecord, trimmedOrUndefined } from '../../shared/values';
import { keyProblem } from '../generation/request/idempotencyKey';
import {
	toSubmission,
	type RequestParameters,
	type Submission,
} from '../generation/request/taskRequest';
import type { CatalogAccess } from '../models/modelCatalog';
import { readCallbackUrl } from '../parameters/callbackUrl';
import { readWantedFiles } from '../parameters/imageFrom';
import { readPrompt } from '../parameters/prompt';
import { checkText } from '../parameters/promptText';
import { purposeOf } from '../parameters/purpose';
import { optionsOf, rawParameter, requiredText } from '../parameters/readers';
import { readReference } from '../parameters/reference';
import { readUsualSettings } from '../parameters/usualSettings';
import { readVariations } from '../parameters/variations';
import { filePorts } from './binaryFiles';

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
	return await toSubmission(
		await readRequest(context, itemIndex, resumeUrl),
		catalog,
		filePorts(context),
	);
}

/** What the panel says of an item's task. Rejects with HiApiError for what is missing or no text. */
export async function readRequest(
	context: IExecuteFunctions,
	itemIndex: number,
	resumeUrl?: string,
): Promise<RequestParameters> {
	const model = requiredText(
		context,
		'model',
		'Model',
		itemIndex,
		"Select a model from the list, or switch to 'ID' and enter one.",
	);
	const options = optionsOf(context, itemIndex);
	const usesFields = context.getNodeParameter('inputMode', itemIndex, 'fields') === 'fields';
	const entries: unknown = context.getNodeParameter('inputFiles.file', itemIndex, []);
	const reference = readReference(context, itemIndex);
	const purpose = purposeOf(context, itemIndex);
	return {
		itemIndex,
		model,
		route: trimmedOrUndefined(options.route),
		purpose,
		prompt: readPrompt(context, itemIndex, purpose),
		usesFields,
		raw: rawParameter(context, usesFields ? 'fields' : 'input', itemIndex),
		fileEntries: Array.isArray(entries) ? (entries.filter(isRecord) as IDataObject[]) : [],
		place: { item: context.getInputData()[itemIndex], isTool: isTool(context) },
		...(purpose && {
			wantedFiles: readWantedFiles(context, itemIndex, purpose),
			settings: readUsualSettings(context, itemIndex, purpose),
		}),
		validate: options.validate !== false,
		storage: trimmedOrUndefined(options.storage),
		callbackUrl: resumeUrl ?? (await readCallbackUrl(context, itemIndex, reference)),
		userKey: readUserKey(options, purpose === undefined ? 1 : readVariations(context, itemIndex)),
	};
}

function readUserKey(options: IDataObject, variations: number): string | undefined {
	if (!Object.hasOwn(options, 'idempotencyKey')) return undefined;
	const value = options.idempotencyKey;
	const key = typeof value === 'number' ? String(value) : trimmedOrUndefined(value);
	const advice = 'Use a short text such as a row ID, or remove the option to have a key made.';
	// An expression that finds nothing must not quietly turn into a key of our own: a re-run would create everything again.
	if (key === undefined) throw new HiApiError("'Idempotency Key' is empty or not a text", advice);
	// The same text for every row: the second row would get the task of the first.
	checkText('Idempotency Key', key);
	const problem = keyProblem(key, Number(options.retryFailedTasks ?? 0), variations);
	if (problem !== undefined) throw new HiApiError(`'Idempotency Key' ${problem}`, advice);
	return key;
}
