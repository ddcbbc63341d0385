import type { CatalogModel } from './modelCatalog';

/** Something a word in the search box says about a model. */
type Wish = (model: CatalogModel) => boolean;

const ofKind =
	(kind: string): Wish =>
	(model) =>
		model.kind === kind;
const withMode =
	(...modes: string[]): Wish =>
	(model) =>
		model.modes.some((mode) => modes.includes(mode));

const SPEECH = withMode('text-to-speech', 'text-to-dialogue');
const MUSIC = withMode('text-to-music');
const AVATAR = withMode('avatar-video', 'image-to-video', 'reference-to-video');

const SOURCES: Record<string, string> = {
	text: 'text',
	txt: 'text',
	t: 'text',
	image: 'image',
	img: 'image',
	photo: 'image',
	picture: 'image',
	i: 'image',
	reference: 'reference',
};

const RESULTS: Record<string, Wish> = {
	audio: ofKind('audio'),
	sound: ofKind('audio'),
	speech: SPEECH,
	voice: SPEECH,
	music: MUSIC,
	song: MUSIC,
};

const RESULT_KINDS: Record<string, string> = {
	image: 'image',
	img: 'image',
	photo: 'image',
	picture: 'image',
	i: 'image',
	video: 'video',
	vid: 'video',
	clip: 'video',
	v: 'video',
};

/** Words that people use and no model has in its name. */
const SYNONYMS: Record<string, Wish> = {
	photo: ofKind('image'),
	picture: ofKind('image'),
	pic: ofKind('image'),
	thumbnail: ofKind('image'),
	clip: ofKind('video'),
	movie: ofKind('video'),
	film: ofKind('video'),
	animate: withMode('image-to-video'),
	animation: ofKind('video'),
	edit: withMode('image-to-image'),
	sound: ofKind('audio'),
	voice: SPEECH,
	speak: SPEECH,
	speech: SPEECH,
	narration: SPEECH,
	tts: SPEECH,
	song: MUSIC,
	music: MUSIC,
	avatar: AVATAR,
	lipsync: AVATAR,
};

/** `text to image`, `image-to-video`, `t2v`. */
const FROM_TO = /(?<![\w/.])([a-z]+)\s*(?:[\s-]to[\s-]|2)\s*([a-z]+)(?![\w/.])/g;

function fromTo(from: string, to: string): Wish | undefined {
	const source = SOURCES[from];
	if (source === undefined) return undefined;
	const kind = RESULT_KINDS[to];
	if (kind !== undefined) return withMode(`${source}-to-${kind}`);
	return source === 'text' ? RESULTS[to] : undefined;
}

const singular = (word: string) => (word.length > 3 ? word.replace(/s$/, '') : word);

/**
 * What a text in the search box of the model picker asks for: words that all have to occur in a model's ID, other
 * spellings, title, kind or modes, or that mean its kind or one of its modes.
 */
export function modelSearch(filter: string): (model: CatalogModel) => boolean {
	const wishes: Wish[] = [];
	const rest = filter
		.toLowerCase()
		.replace(/\blip[\s-]+sync\b/g, 'lipsync')
		.replace(/\bremove\s+(the\s+)?background\b/g, 'background-removal')
		.replace(FROM_TO, (phrase, from: string, to: string) => {
			const wish = fromTo(from, singular(to));
			if (wish === undefined) return phrase;
			wishes.push(wish);
			return ' ';
		});
	for (const word of rest.split(/\s+/).filter(Boolean)) {
		const meant = Object.hasOwn(SYNONYMS, singular(word)) ? SYNONYMS[singular(word)] : undefined;
		wishes.push((model) => isIn(model, word) || meant?.(model) === true);
	}
	return (model) => wishes.every((wish) => wish(model));
}

function isIn(model: CatalogModel, word: string): boolean {
	return [model.id, model.title, model.kind, ...model.modes, ...(model.aliases ?? [])].some(
		(text) => text.toLowerCase().includes(word),
	);
}
