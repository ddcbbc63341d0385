import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { HiApiError } from '../../shared/errors/apiError';
import type { ModelInput } from '../models/modelCatalog';
import type { Purpose, SettingName } from '../models/purposes';
import { applySetting, SETTING_LABELS } from '../models/usualSettings';

const DEPENDS_ON = ['model.value', 'options.route'];

/**
 * A choice the model offers. n8n's lint wants "Name or ID" at the end of such labels, which is meant for records of an
 * account: these are plain values.
 */
const choice = (
	name: SettingName,
	loadOptionsMethod: string,
	description: string,
): INodeProperties => ({
	displayName: SETTING_LABELS[name],
	name,
	type: 'options',
	typeOptions: { loadOptionsMethod, loadOptionsDependsOn: DEPENDS_ON },
	options: [{ name: 'Model Default', value: '' }],
	default: '',
	description,
});

/** The settings that matter most, as fields of their own. Empty means the model's own default. */
const FIELDS: Record<SettingName, INodeProperties> = {
	aspectRatio: choice(
		'aspectRatio',
		'getAspectRatios',
		'The shape of the result. The list holds what the model offers.',
	),
	resolution: choice(
		'resolution',
		'getResolutions',
		'The size of the result, which mostly decides what it costs. The list holds what the model offers.',
	),
	duration: choice(
		'duration',
		'getDurations',
		'The length of the video, which mostly decides what it costs. The list holds what the model offers.',
	),
	voice: {
		displayName: SETTING_LABELS.voice,
		name: 'voice',
		type: 'resourceLocator',
		default: { __rl: true, mode: 'list', value: '', cachedResultName: 'Model Default' },
		description:
			'Who speaks. Where the list is empty, the model wants the ID of one of its voices.',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a voice...',
				typeOptions: { searchListMethod: 'searchVoices', searchable: true },
			},
			{
				displayName: 'ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. longanlingxin',
			},
		],
	},
};

/** The usual settings of an operation. */
export const usualSettingFields = (purpose: Purpose): INodeProperties[] =>
	purpose.settings.map((name) => FIELDS[name]);

/** The usual settings of an item as the user chose them; what is left to the model is not there. */
export type ChosenSettings = Partial<Record<SettingName, unknown>>;

/** Reads an item's usual settings. */
export function readUsualSettings(
	context: IExecuteFunctions,
	itemIndex: number,
	purpose: Purpose,
): ChosenSettings {
	const entries = purpose.settings.map((name): [SettingName, unknown] => [
		name,
		context.getNodeParameter(name, itemIndex, '', { extractValue: true }),
	]);
	return Object.fromEntries(
		entries.filter(([, value]) => value !== undefined && value !== null && value !== ''),
	);
}

/**
 * The usual settings of an item, as fields of the model.
 *
 * @param mayStop whether what is known about the model is sure enough to stop the node
 * @throws HiApiError when the model does not offer what is chosen
 */
export function placeSettings(
	settings: ChosenSettings,
	itemIndex: number,
	known: ModelInput,
	mayStop: boolean,
): IDataObject {
	const input: IDataObject = {};
	for (const [name, value] of Object.entries(settings) as Array<[SettingName, unknown]>) {
		const applied = applySetting(name, value, known);
		if (!applied.ok && mayStop)
			throw notOffered(name, value, known.model, applied.offered, itemIndex);
		// HiAPI refuses what it does not take, free of charge
		const sent = applied.ok ? applied : applySetting(name, value, { ...known, fields: [] });
		if (sent.ok) input[sent.field] = sent.value as IDataObject[string];
	}
	return input;
}

function notOffered(
	name: SettingName,
	value: unknown,
	model: string,
	offered: unknown[],
	itemIndex: number,
): HiApiError {
	const label = SETTING_LABELS[name];
	const shown = String(value).slice(0, 40);
	const goOn = `No task was created for this item. If HiAPI takes it all the same, switch off the option 'Validate Before Sending'.`;
	return offered.length === 0
		? new HiApiError(
				`'${label}' is ${shown} in item ${itemIndex}, and ${model} has no such setting`,
				`It may have been chosen for another model. Set it to 'Model Default', or select another model. ${goOn}`,
			)
		: new HiApiError(
				`'${label}' is ${shown} in item ${itemIndex}, which ${model} does not offer`,
				`It may have been chosen for another model. The model offers: ${offered.join(', ')}. ${goOn}`,
			);
}
