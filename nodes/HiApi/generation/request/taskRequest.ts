import { modelCatalog, type CatalogAccess, type PricedTask } from '../../models/modelCatalog';
import { contentsOf, type FilePorts } from './fileContents';
import { resolvePlaceholders } from './fileInputs';
import { readModelInput, type InputParameters } from './modelInput';
import { serialiseTaskRequest } from './requestBody';

/** One item's task, checked and ready to be sent. */
export interface Submission {
	itemIndex: number;
	/** Tells several tasks of the same item apart, from 0; 0 when not given. */
	variation?: number;
	model: string;
	/**
	 * The parameters the body is made from. The body also depends on what the model catalogue says about types, which may
	 * change between two tries of the same create; this does not.
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

/** What the user gave for one task, as read from the panel. */
export interface RequestParameters extends InputParameters {
	storage?: string;
	callbackUrl?: string;
	/** The key the user typed in, if any. */
	userKey?: string;
}

/**
 * Checks and completes what goes into one task.
 *
 * @throws HiApiError for bad input; nothing has been sent to HiAPI's API then
 */
export async function toSubmission(
	parameters: RequestParameters,
	catalog: CatalogAccess,
	ports: FilePorts,
): Promise<Submission> {
	const { itemIndex, model, route, storage, callbackUrl, userKey } = parameters;
	const { input, given, files } = await readModelInput(parameters, catalog, ports);
	const rest = { model, route, storage, callbackUrl };
	return {
		itemIndex,
		model,
		request: JSON.stringify({ ...rest, given }),
		body: serialiseTaskRequest({ ...rest, input }),
		...(files.length > 0 && {
			complete: async () =>
				serialiseTaskRequest({
					...rest,
					input: resolvePlaceholders(input, await contentsOf(files, ports)),
				}),
		}),
		userKey,
		cost: modelCatalog.estimate(catalog, model, route ?? '', input),
	};
}
