import type { IDataObject } from 'n8n-workflow';

import { HiApiError } from '../../../shared/errors/apiError';
import { takesFiles } from '../../models/fileFields';
import type { CatalogAccess, ModelInput } from '../../models/modelCatalog';
import type { Purpose } from '../../models/purposes';
import type { WantedFile } from '../../parameters/imageFrom';
import { placeSettings, type ChosenSettings } from '../../parameters/usualSettings';
import type { FilePorts } from './fileContents';
import type { InputFile } from './fileInputs';
import type { FilePlace } from './fileSources';
import { readRoleFiles, withRoleFiles } from './roleFiles';

/** What the user gave for one item. */
export interface PanelParameters {
	itemIndex: number;
	/** What an operation with a purpose asks for. */
	wantedFiles?: WantedFile[];
	settings?: ChosenSettings;
	/** What files are looked for in. */
	place: FilePlace;
	/** Whether to compare the input with what HiAPI publishes about the model. */
	validate: boolean;
}

/** What the panel of Image, Video and Audio asks for besides the prompt and the model's own fields. */
export interface PanelInput {
	files: InputFile[];
	/** What the user gave, the same for every try of the same create. */
	given: unknown[];
	/** The input with it, and with what the model insists on and everybody leaves as it is. */
	complete(input: IDataObject): IDataObject;
}

/**
 * Puts images and usual settings of an item into the fields of its model.
 *
 * @throws HiApiError when a file is missing or has no place, or a setting is not one of the model's
 */
export async function readPanel(
	{ itemIndex, wantedFiles = [], settings = {}, place, validate }: PanelParameters,
	purpose: Purpose,
	known: ModelInput,
	catalog: CatalogAccess,
	ports: FilePorts,
): Promise<PanelInput> {
	const asked = { itemIndex, wantedFiles, place };
	const files = await readRoleFiles(asked, known, purpose, ports);
	// a bundled list that only stands in for an unreachable catalogue may be older than what the editor showed
	const isSure = known.source !== 'snapshot' || catalog.baseUrl === undefined;
	const placed = placeSettings(settings, itemIndex, known, validate && isSure);
	return {
		files: files.files,
		given: [settings, files.asked],
		complete: (input) => {
			const given = withRoleFiles({ ...placed, ...input }, files, known.model, itemIndex);
			const complete = { ...neededDefaults(known), ...given };
			if (validate) checkFiles(complete, known, itemIndex);
			return complete;
		},
	};
}

/** A model that insists on a field says what is usual; nobody has to look that up for a first result. */
const neededDefaults = ({ fields, usual }: ModelInput): IDataObject =>
	Object.fromEntries(
		fields
			.filter(({ name, required }) => required || usual.includes(name))
			.filter(({ defaultValue }) => defaultValue !== undefined)
			.map(({ name, defaultValue }) => [name, defaultValue as IDataObject[string]]),
	);

/** @throws HiApiError when the model works on a file that this operation does not give it */
function checkFiles(input: IDataObject, { fields, model }: ModelInput, itemIndex: number): void {
	const missing = fields.find(
		(field) => field.required && takesFiles(field) && input[field.name] === undefined,
	);
	if (missing === undefined) return;
	throw new HiApiError(
		`${model} works on a file, which item ${itemIndex} does not give it`,
		"Select a model from the list, which holds those that fit the operation, or an operation that takes an image, such as 'Edit' or 'Animate Image'. No task was created for this item.",
	);
}
