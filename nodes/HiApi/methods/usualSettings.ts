import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';

import type { SettingName } from '../models/purposes';
import { settingChoices } from '../models/usualSettings';
import { currentModel, currentPurpose } from './openPanel';

const MODEL_DEFAULT = { name: 'Model Default', value: '' };

async function choicesOf(
	context: ILoadOptionsFunctions,
	name: SettingName,
): Promise<INodePropertyOptions[]> {
	const kind = currentPurpose(context)?.resource ?? 'image';
	const choices = settingChoices(name, await currentModel(context), kind);
	return [
		choices.length > 0
			? MODEL_DEFAULT
			: { ...MODEL_DEFAULT, description: 'This model offers no choice here' },
		...choices.map((value) => ({ name: String(value), value })),
	];
}

/** Fills 'Aspect Ratio' with what the chosen model offers. */
export async function getAspectRatios(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return await choicesOf(this, 'aspectRatio');
}

/** Fills 'Resolution' with what the chosen model offers. */
export async function getResolutions(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await choicesOf(this, 'resolution');
}

/** Fills 'Duration (Seconds)' with what the chosen model offers. */
export async function getDurations(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await choicesOf(this, 'duration');
}

/**
 * Fills 'Voice' with what the chosen model offers.
 *
 * @param filter a text that must occur in the voice
 */
export async function searchVoices(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const wanted = (filter ?? '').toLowerCase();
	const voices = await choicesOf(this, 'voice');
	return {
		results: voices
			.filter(({ name }) => name.toLowerCase().includes(wanted))
			.map(({ name, value }) => ({ name, value: String(value) })),
	};
}
