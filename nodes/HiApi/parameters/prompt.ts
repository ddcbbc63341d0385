import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { HiApiError } from '../../shared/errors/apiError';
import { fieldsOf } from '../models/inputSchema';
import type { ModelInput } from '../models/modelCatalog';
import type { Purpose } from '../models/purposes';
import { snapshot } from '../models/snapshot';
import { textFieldOf } from '../models/textField';
import { withAgentsOwn } from './agentsOwn';
import { promptText } from './promptText';

/** The words that say what is wanted, and where they go in the model's input. */
export interface Prompt {
	text: string;
	/** The model's own field; undefined for a model without one. */
	field: string | undefined;
}

const PROMPT: INodeProperties = {
	displayName: 'Prompt',
	name: 'prompt',
	type: 'string',
	typeOptions: { rows: 3 },
	default: '',
};

/** The prompt where any model may be chosen. */
export const promptFields: INodeProperties[] = withAgentsOwn(
	{
		...PROMPT,
		placeholder: 'e.g. A quiet alpine lake at dawn',
		description:
			"What to generate. Goes into the model's own field for it, such as 'prompt' or 'text', and replaces what is given there otherwise. Leave empty for models without one.",
	},
	'What to generate, in one or two sentences',
);

const WORDS: Record<string, { placeholder: string; description: string; told: string }> = {
	'image/generate': {
		placeholder: 'e.g. A quiet alpine lake at dawn',
		description: 'What the image shows',
		told: 'What the image shows, in one or two sentences',
	},
	'image/edit': {
		placeholder: 'e.g. Make the sky stormy',
		description: 'What to change',
		told: 'What to change in the image, in one or two sentences',
	},
	'video/generate': {
		placeholder: 'e.g. Waves roll onto a beach at sunset',
		description: 'What the video shows',
		told: 'What the video shows, in one or two sentences',
	},
	'video/animateImage': {
		placeholder: 'e.g. The camera moves slowly closer',
		description: 'What happens in the video. Some models do without.',
		told: 'What happens in the video, in one or two sentences',
	},
	'video/generateFromReferences': {
		placeholder: 'e.g. The cat plays in the snow',
		description: 'What the video shows',
		told: 'What the video shows, in one or two sentences',
	},
	'audio/generateSpeech': {
		placeholder: 'e.g. Welcome to the show',
		description: 'The words to speak',
		told: 'The words to speak, and nothing else',
	},
	'audio/generateMusic': {
		placeholder: 'e.g. Calm piano with soft rain',
		description: 'What the music is like',
		told: 'What the music is like, in one or two sentences',
	},
};

/** Bundled models for a purpose that are known to take no text, such as those that take a dialogue line by line. */
const withoutText = (purpose: Purpose) =>
	snapshot.models
		.filter(({ modes }) => modes.some((mode) => purpose.modes.includes(mode)))
		.filter(({ inputSchema }) => {
			const fields = inputSchema === undefined ? [] : fieldsOf(inputSchema);
			return fields.length > 0 && textFieldOf(fields) === undefined;
		})
		// a list of fields that is only partly known may miss the one for the text
		.filter(({ limits }) => limits?.some((limit) => limit.includes('instead of a prompt')))
		.map(({ id }) => id);

/** The prompt of an operation of Image, Video or Audio; none where nothing is to be told. */
export function promptFieldsFor(purpose: Purpose): INodeProperties[] {
	if (purpose.text === 'none') return [];
	const { told, ...words } = WORDS[`${purpose.resource}/${purpose.operation}`];
	const hidden = withoutText(purpose);
	return withAgentsOwn(
		{
			...PROMPT,
			...words,
			displayName: purpose.textLabel,
			required: purpose.text === 'required',
			...(hidden.length > 0 && { displayOptions: { hide: { model: hidden } } }),
		},
		told,
	);
}

/** What an item says is wanted. @throws HiApiError when it is not a text */
export function readPrompt(
	context: IExecuteFunctions,
	itemIndex: number,
	purpose: Purpose | undefined,
): string {
	return promptText(
		context.getNodeParameter('prompt', itemIndex, ''),
		context.getNode().parameters.prompt,
		labelOf(purpose),
	);
}

/**
 * An item's prompt with the field it goes into.
 *
 * @param known what is known about the model's input; undefined when nobody asked
 * @throws HiApiError when the model has no place for it
 */
export function placePrompt(
	text: string,
	itemIndex: number,
	known: ModelInput | undefined,
	purpose: Purpose | undefined,
): Prompt {
	const field = textFieldOf(known?.fields ?? [], purpose);
	if (field !== undefined || text.trim() === '') return { text, field };
	// where any model may be chosen, HiAPI is the one to say what it does not take
	if (purpose === undefined) return { text, field: 'prompt' };
	throw new HiApiError(
		`${known?.model} takes no text, and '${labelOf(purpose)}' is not empty in item ${itemIndex}`,
		`Empty '${labelOf(purpose)}' and fill in the fields of the model under 'More Fields', or select another model. No task was created for this item.`,
	);
}

const labelOf = (purpose: Purpose | undefined) => purpose?.textLabel ?? 'Prompt';

/** Whether a task without words makes no sense, or HiAPI will not take it. */
function isNeeded(field: string, known: ModelInput | undefined, purpose?: Purpose): boolean {
	const required: unknown = known?.schema?.required;
	if (Array.isArray(required) && required.includes(field)) return true;
	if (purpose === undefined) return false;
	if (known?.usual.includes(field)) return true;
	return purpose.text === 'required' && known?.source !== 'live';
}

/**
 * Makes sure that an input that needs words has some, whether or not the catalogue can be read.
 *
 * @throws HiApiError when they are missing
 */
export function checkPrompt(
	{ field }: Prompt,
	input: IDataObject,
	itemIndex: number,
	known: ModelInput | undefined,
	purpose: Purpose | undefined,
): void {
	if (field === undefined || !isNeeded(field, known, purpose)) return;
	const value = input[field];
	const isEmpty =
		value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
	if (!isEmpty) return;
	const label = labelOf(purpose);
	throw new HiApiError(
		`'${label}' is empty in item ${itemIndex}`,
		`The model needs it. Enter a text, or an expression that gives one for every item, for example {{ $json.prompt }}. No task was created for this item.`,
	);
}
