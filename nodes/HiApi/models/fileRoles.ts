import { takesFiles } from './fileFields';
import type { InputField } from './inputSchema';
import type { ModelInput } from './modelCatalog';
import type { FileRole, Purpose } from './purposes';

/** Where a file goes in a model's input. */
export interface RoleField {
	name: string;
	isList: boolean;
	/** The field is a list of objects such as `{ type: 'first_frame', url }` (wan2.7-video/image-to-video); this is the type. */
	objectType?: string;
	/** The model fetches the file itself: its content cannot be sent inside the request. */
	linksOnly: boolean;
}

/** What a model nobody describes most probably calls it. HiAPI refuses a field it does not know, free of charge. */
const USUAL_NAMES: Record<FileRole, string> = {
	image: 'image_urls',
	lastFrame: 'last_frame_url',
	reference: 'reference_image_urls',
	referenceVideo: 'reference_video_urls',
	referenceAudio: 'reference_audio_urls',
};

const OBJECT_TYPES: Record<FileRole, string> = {
	image: 'first_frame',
	lastFrame: 'last_frame',
	reference: 'reference_image',
	referenceVideo: 'reference_video',
	referenceAudio: 'reference_audio',
};

/** What a field is for by its name. `plain`: an image without a special part. */
function partOf({ name }: InputField): FileRole | 'first' | 'plain' | 'other' {
	if (/mask/.test(name)) return 'other';
	if (/audio/.test(name)) return 'referenceAudio';
	if (/video/.test(name)) return 'referenceVideo';
	if (/last|tail|end_/.test(name)) return 'lastFrame';
	if (/first|start_/.test(name)) return 'first';
	return /reference|style/.test(name) ? 'reference' : 'plain';
}

const isObjectList = ({ name, type, entryType }: InputField) =>
	name === 'media' && type === 'list' && entryType === 'object';

/** HiAPI's descriptions say "hosted picture", "public URLs" or "over HTTP(S)" where a file's content is of no use. */
const wantsLink = ({ linksOnly, description = '' }: InputField) =>
	linksOnly === true ||
	(/\bhosted\b|\bpublic\b.*\burls?\b|over https?/i.test(description) &&
		!/data uri/i.test(description));

function fieldFor(role: FileRole, fields: InputField[], purpose: Purpose): InputField | undefined {
	const files = fields.filter((field) => takesFiles(field) || isObjectList(field));
	const ofPart = (part: ReturnType<typeof partOf>) =>
		files.find((field) => partOf(field) === part && !isObjectList(field));
	const media = files.find(isObjectList);
	switch (role) {
		case 'image':
			return (
				ofPart('first') ??
				ofPart('plain') ??
				media ??
				(purpose.resource === 'image' ? ofPart('reference') : undefined)
			);
		case 'reference':
			// where a first frame has a field of its own, the plain one is for references
			return (
				ofPart('reference') ??
				(ofPart('first') !== undefined || purpose.image === 'reference'
					? ofPart('plain')
					: undefined) ??
				media
			);
		default:
			return ofPart(role) ?? media;
	}
}

/**
 * Which field of a model gets a file, by the part the file plays.
 *
 * @returns undefined when the model is known to have no such field
 */
export function fieldForRole(
	role: FileRole,
	{ fields, schema, source }: Pick<ModelInput, 'fields' | 'schema' | 'source'>,
	purpose: Purpose,
): RoleField | undefined {
	const field = fieldFor(role, fields, purpose);
	if (field === undefined) {
		const isComplete = source === 'live' || schema?.additionalProperties === false;
		return isComplete
			? undefined
			: { name: USUAL_NAMES[role], isList: /s$/.test(USUAL_NAMES[role]), linksOnly: false };
	}
	return {
		name: field.name,
		isList: field.type === 'list',
		...(isObjectList(field) && { objectType: OBJECT_TYPES[role] }),
		linksOnly: wantsLink(field),
	};
}
