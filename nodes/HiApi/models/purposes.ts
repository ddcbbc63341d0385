import type { ModelKind } from './snapshot';

/** What a file given to a model is for; each model has fields of its own for it. */
export type FileRole = 'image' | 'lastFrame' | 'reference' | 'referenceVideo' | 'referenceAudio';

/** Settings that stand in the panel of their own, whatever the model calls them. */
export type SettingName = 'aspectRatio' | 'resolution' | 'duration' | 'voice';

/**
 * What an operation of Image, Video and Audio is about. Everything else about it is that of Task → Run and Wait.
 */
export interface Purpose {
	resource: ModelKind;
	operation: string;
	/** A model fits when it has one of these. */
	modes: string[];
	/** Chosen in a new node. Stored by nobody: changing it would change workflows that are in use. */
	defaultModel: { id: string; name: string };
	/** Whether the model is told in words what is wanted. `optional`: some of the models do without. */
	text: 'required' | 'optional' | 'none';
	textLabel: 'Prompt' | 'Text';
	settings: SettingName[];
	/** What the first file is for; undefined where none is needed. */
	image?: 'image' | 'reference';
	/** What further files may be for. */
	moreFiles: FileRole[];
}

/** The operations of Image, Video and Audio. Names and default models are stored in workflows and stay as they are. */
export const purposes: Purpose[] = [
	{
		resource: 'image',
		operation: 'generate',
		modes: ['text-to-image'],
		defaultModel: { id: 'gpt-image-2/text-to-image', name: 'GPT Image 2' },
		text: 'required',
		textLabel: 'Prompt',
		settings: ['aspectRatio', 'resolution'],
		moreFiles: [],
	},
	{
		resource: 'image',
		operation: 'edit',
		modes: ['image-to-image'],
		// its field takes links and files alike
		defaultModel: { id: 'gpt-image-2.5-flare/image-to-image', name: 'GPT Image 2.5 Flare' },
		text: 'required',
		textLabel: 'Prompt',
		settings: ['aspectRatio', 'resolution'],
		image: 'image',
		moreFiles: ['image'],
	},
	{
		resource: 'image',
		operation: 'removeBackground',
		modes: ['background-removal'],
		defaultModel: { id: '851-labs/background-remover', name: 'Background Remover' },
		text: 'none',
		textLabel: 'Prompt',
		settings: [],
		image: 'image',
		moreFiles: [],
	},
	{
		resource: 'video',
		operation: 'generate',
		modes: ['text-to-video'],
		defaultModel: { id: 'happyhorse-1.1/text-to-video', name: 'HappyHorse 1.1' },
		text: 'required',
		textLabel: 'Prompt',
		settings: ['duration', 'aspectRatio', 'resolution'],
		moreFiles: [],
	},
	{
		resource: 'video',
		operation: 'animateImage',
		modes: ['image-to-video'],
		// the one documented model that needs no words, so that a picture is enough
		defaultModel: { id: 'happyhorse-1.1/image-to-video', name: 'HappyHorse 1.1' },
		text: 'optional',
		textLabel: 'Prompt',
		settings: ['duration', 'aspectRatio', 'resolution'],
		image: 'image',
		moreFiles: ['lastFrame', 'reference', 'referenceAudio'],
	},
	{
		resource: 'video',
		operation: 'generateFromReferences',
		modes: ['reference-to-video'],
		defaultModel: { id: 'happyhorse-1.1/reference-to-video', name: 'HappyHorse 1.1' },
		text: 'required',
		textLabel: 'Prompt',
		settings: ['duration', 'aspectRatio', 'resolution'],
		image: 'reference',
		moreFiles: ['reference', 'referenceVideo', 'referenceAudio'],
	},
	{
		resource: 'audio',
		operation: 'generateSpeech',
		modes: ['text-to-speech', 'text-to-dialogue'],
		defaultModel: { id: 'qwen-audio-3.0-tts-plus', name: 'Qwen Audio 3.0 TTS Plus' },
		text: 'required',
		textLabel: 'Text',
		settings: ['voice'],
		moreFiles: [],
	},
	{
		resource: 'audio',
		operation: 'generateMusic',
		modes: ['text-to-music'],
		// needs a prompt only: others also want the lyrics
		defaultModel: { id: 'lyria-3.5', name: 'Lyria 3.5' },
		text: 'required',
		textLabel: 'Prompt',
		settings: [],
		moreFiles: [],
	},
];

/** The purpose of an operation; undefined for operations that work with any model, or with none. */
export function findPurpose(resource: unknown, operation: unknown): Purpose | undefined {
	return purposes.find((each) => each.resource === resource && each.operation === operation);
}
