import { isRecord } from '../../shared/values';
import type { FieldChoice, InputField } from './inputSchema';
import { toInputValue } from './inputValues';
import type { ModelInput } from './modelCatalog';
import type { SettingName } from './purposes';

/** What the panel calls the settings. */
export const SETTING_LABELS: Record<SettingName, string> = {
	aspectRatio: 'Aspect Ratio',
	resolution: 'Resolution',
	duration: 'Duration (Seconds)',
	voice: 'Voice',
};

/** What models call them, the most usual name first. */
const NAMES: Record<SettingName, string[]> = {
	aspectRatio: ['aspect_ratio', 'ratio'],
	resolution: ['resolution', 'size'],
	duration: ['duration', 'seconds', 'duration_seconds', 'length'],
	voice: ['voice', 'voice_id'],
};

/** For a model that has the setting and does not say which values it takes. */
const COMMON: Record<'image' | 'video' | 'audio', Partial<Record<SettingName, FieldChoice[]>>> = {
	image: { aspectRatio: ['1:1', '16:9', '9:16', '4:3', '3:4'], resolution: ['1K', '2K', '4K'] },
	video: {
		aspectRatio: ['16:9', '9:16', '1:1'],
		resolution: ['480p', '720p', '1080p'],
		duration: [5, 10],
	},
	audio: {},
};

/** More than any model's longest clip, and as many as a list can show. */
const MOST_SECONDS = 60;

/** The model's field for a setting. */
export function settingField(name: SettingName, fields: InputField[]): InputField | undefined {
	return NAMES[name]
		.map((one) => fields.find((field) => field.name === one))
		.find((field) => field !== undefined && field.type !== 'list' && field.type !== 'object');
}

/** Whether anything is known that tells which settings a model has. */
const isDescribed = ({ fields }: Pick<ModelInput, 'fields'>) => fields.length > 0;

function rangeOf({ name }: InputField, { schema }: Pick<ModelInput, 'schema'>) {
	const properties = isRecord(schema?.properties) ? schema.properties : {};
	const declared = isRecord(properties[name]) ? properties[name] : {};
	const bound = (value: unknown) => (typeof value === 'number' ? value : undefined);
	return { least: bound(declared.minimum), most: bound(declared.maximum) };
}

/** The values a model states for a setting; undefined when it leaves them open. */
function statedChoices(
	name: SettingName,
	field: InputField,
	model: Pick<ModelInput, 'schema'>,
): FieldChoice[] | undefined {
	if (field.choices !== undefined) return field.choices;
	if (name !== 'duration') return undefined;
	const { least, most } = rangeOf(field, model);
	if (most === undefined || most > MOST_SECONDS) return undefined;
	// -1 means "as long as you like" to some models, which nobody would guess
	const from = Math.max(1, Math.ceil(least ?? 1));
	return Array.from({ length: Math.floor(most) - from + 1 }, (_, index) => from + index);
}

/**
 * The values the panel offers for a setting: the model's own, or those most models have. Empty when the model does not
 * have the setting.
 */
export function settingChoices(
	name: SettingName,
	model: ModelInput,
	kind: 'image' | 'video' | 'audio',
): FieldChoice[] {
	const field = settingField(name, model.fields);
	if (field === undefined) return isDescribed(model) ? [] : (COMMON[kind][name] ?? []);
	return statedChoices(name, field, model) ?? COMMON[kind][name] ?? [];
}

/** What a setting becomes in a model's input, or why it cannot be sent. */
export type SettingResult =
	| { ok: true; field: string; value: unknown }
	| { ok: false; offered: FieldChoice[] };

/** Looks whether a model takes a value that was chosen, which may have been with another model in mind. */
export function applySetting(name: SettingName, value: unknown, model: ModelInput): SettingResult {
	const field = settingField(name, model.fields);
	if (field === undefined)
		return isDescribed(model)
			? { ok: false, offered: [] }
			: { ok: true, field: NAMES[name][0], value };
	const sent = toInputValue(value, field);
	const offered = statedChoices(name, field, model);
	const isOffered = offered === undefined || offered.includes(sent as FieldChoice);
	if (isOffered || isInRange(sent, field, model))
		return { ok: true, field: field.name, value: sent };
	return { ok: false, offered };
}

function isInRange(value: unknown, field: InputField, model: ModelInput): boolean {
	if (typeof value !== 'number' || field.choices !== undefined) return false;
	const { least = -Infinity, most = Infinity } = rangeOf(field, model);
	return value >= least && value <= most;
}
