import type { IDataObject } from 'n8n-workflow';

import { HiApiError } from '../../../shared/errors/apiError';
import { readPanel, type PanelParameters } from './panelInput';
import { readInput } from './requestBody';
import { modelCatalog, type CatalogAccess, type ModelInput } from '../../models/modelCatalog';
import { checkInput, problemText } from '../../models/checkInput';
import { isRecord } from '../../../shared/values';
import { mappedInput } from '../../models/mappedInput';
import { insertFiles, type InputFile } from './fileInputs';
import { readInputFiles, type FilePorts } from './fileContents';
import type { Purpose } from '../../models/purposes';
import { checkPrompt, placePrompt } from '../../parameters/prompt';
import { checkTexts } from '../../parameters/promptText';

/** What the user gave for the input of a task. */
export interface InputParameters extends PanelParameters {
	model: string;
	route?: string;
	/** What the node's operation is for; absent for operations that take any model. */
	purpose?: Purpose;
	prompt: string;
	/** Whether `raw` comes from the mapper's fields; otherwise it is JSON, as text or as an object. */
	usesFields: boolean;
	raw: unknown;
	/** The entries of 'Files as Input'. */
	fileEntries: IDataObject[];
}

/** A task's input, and what the user gave for it. */
export interface GivenInput {
	/** With placeholders for the files. */
	input: IDataObject;
	given: unknown;
	files: InputFile[];
}

/**
 * The `input` of one item's task, from the mapper's fields or from JSON, with the prompt in it, compared with what HiAPI
 * publishes about the model. Only a schema that is in force now may stop a create: a bundled one may be out of date, and
 * HiAPI refuses bad input free of charge.
 *
 * @throws HiApiError when the input is not an object, holds an object where a text belongs, or breaks the published
 * schema
 */
export async function readModelInput(
	parameters: InputParameters,
	catalog: CatalogAccess,
	ports: FilePorts,
): Promise<GivenInput> {
	const { itemIndex, model, route, purpose, usesFields, raw, validate } = parameters;
	const files = await readInputFiles(parameters.fileEntries, parameters.place, ports);
	const known = await modelCatalog.modelInput(catalog, model, route);
	const prompt = placePrompt(parameters.prompt, itemIndex, known, purpose);
	const read = readInput(usesFields ? mappedInput(raw, known) : raw, prompt.text, prompt.field);
	if (!read.ok) throw new HiApiError(read.problem.message, read.problem.description);
	checkTexts(read.input);
	checkPrompt(prompt, read.input, itemIndex, known, purpose);
	const isList = (name: string) =>
		known.fields.filter((field) => field.name === name).map(({ type }) => type === 'list')[0];
	refuseInlineWhereLinksAreNeeded(files, known);
	const placed = insertFiles(read.input, files, isList);
	const form = purpose && (await readPanel(parameters, purpose, known, catalog, ports));
	const input = form === undefined ? placed : form.complete(placed);
	const result = {
		input,
		files: [...files, ...(form?.files ?? [])],
		given: [
			prompt.text,
			isRecord(raw) && usesFields ? raw.value : raw,
			...files.map(({ field, placeholder }) => [field, placeholder]),
			...(form?.given ?? []),
		],
	};
	if (!validate) return result;
	const { problems, isCertain } = checkInput(known, input);
	if (problems.length === 0 || !isCertain) return result;
	throw new HiApiError(
		`The input does not fit the model: ${problemText(problems)}`,
		"No task was created and nothing was charged. Correct the fields named above; the operation 'Get' of the resource Model lists what the model takes. If HiAPI accepts this input all the same, switch off the option 'Validate Before Sending'.",
	);
}

/** @throws HiApiError when a file would go into the request for a field that takes web addresses only */
function refuseInlineWhereLinksAreNeeded(files: InputFile[], known: ModelInput): void {
	const file = files.find(
		({ field, sendAs }) =>
			sendAs === 'inline' &&
			known.fields.some(({ name, linksOnly }) => name === field && linksOnly),
	);
	if (file === undefined) return;
	throw new HiApiError(
		`The field '${file.field}' of ${known.model} takes links only, and the file in '${file.label}' is set to be sent inside the request`,
		"Set 'Send As' to 'Link', or put the file where HiAPI can fetch it and give its address in the model's field. No task was created for this item.",
	);
}
