import { typeOfFirstBytes } from './firstBytes';

/** Extension by mime type; the first entry of a type is the one files are named with. */
const EXTENSIONS: Array<[mimeType: string, extension: string]> = [
	['image/png', 'png'],
	['image/jpeg', 'jpg'],
	['image/jpeg', 'jpeg'],
	['image/webp', 'webp'],
	['image/gif', 'gif'],
	['image/avif', 'avif'],
	['image/heic', 'heic'],
	['image/svg+xml', 'svg'],
	['image/bmp', 'bmp'],
	['image/tiff', 'tiff'],
	['image/tiff', 'tif'],
	['video/mp4', 'mp4'],
	['video/mp4', 'm4v'],
	['video/webm', 'webm'],
	['video/quicktime', 'mov'],
	['video/x-matroska', 'mkv'],
	['video/x-msvideo', 'avi'],
	['audio/mpeg', 'mp3'],
	['audio/wav', 'wav'],
	['audio/ogg', 'ogg'],
	['audio/ogg', 'opus'],
	['audio/flac', 'flac'],
	['audio/aac', 'aac'],
	['audio/mp4', 'm4a'],
	['audio/aiff', 'aiff'],
	['video/3gpp', '3gp'],
	['application/json', 'json'],
	['application/pdf', 'pdf'],
	['application/xml', 'xml'],
	['application/zip', 'zip'],
	['model/gltf-binary', 'glb'],
	['text/plain', 'txt'],
	['text/vtt', 'vtt'],
	['application/x-subrip', 'srt'],
];

const OTHER_SPELLINGS = new Map([
	['image/jpg', 'image/jpeg'],
	['image/pjpeg', 'image/jpeg'],
	['audio/mp3', 'audio/mpeg'],
	['audio/x-wav', 'audio/wav'],
	['audio/wave', 'audio/wav'],
	['audio/x-m4a', 'audio/mp4'],
	['audio/x-flac', 'audio/flac'],
	['audio/x-aiff', 'audio/aiff'],
	['video/x-m4v', 'video/mp4'],
	['text/xml', 'application/xml'],
]);

/** Containers whose beginning does not tell which of several relatives they hold: there a label may say more. */
const RELATIVES: Array<[seen: string, told: RegExp]> = [
	['video/mp4', /^(audio\/mp4|video\/3gpp2?)$/],
	['video/webm', /^audio\/webm$/],
	['video/x-matroska', /^(audio\/x-matroska|(audio|video)\/webm)$/],
	['audio/ogg', /^(video\/ogg|audio\/opus)$/],
	['image/heic', /^image\/(hei[cf](-sequence)?|avif)$/],
	['image/tiff', /^image\//],
	['application/zip', /^application\//],
];

const UNKNOWN = 'application/octet-stream';
const MEDIA_OUTPUTS = new Set([
	'image',
	'video',
	'audio',
	'first_frame',
	'last_frame',
	'thumbnail',
]);

/** What came over the wire. */
export interface Content {
	/** The Content-Type header as sent. */
	contentType?: string;
	url: string;
	/** HiAPI's type of the output. */
	outputType: string;
	/** The beginning of the file, some hundred bytes if it has them. */
	firstBytes: Uint8Array;
}

/** What a file is, or why it is none: nothing came, a web page came, or text where an image, a video or audio was due. */
export type ContentVerdict =
	| { ok: true; mimeType: string; extension: string }
	| { ok: false; reason: 'empty' | 'page' | 'text' };

/** The mime type without parameters, in lower case and in its usual spelling. */
export function plainMimeType(value: string | undefined): string {
	const name = (value ?? '').split(';')[0].trim().toLowerCase();
	return OTHER_SPELLINGS.get(name) ?? name;
}

export const isMedia = (mimeType: string): boolean => /^(image|video|audio)\/./.test(mimeType);

const isText = (mimeType: string): boolean =>
	/^text\/|^application\/(json|xml|javascript)$|\+(json|xml)$/.test(mimeType) && !isMedia(mimeType);

/** The header's type where it says something; servers that know nothing call everything a stream of bytes. */
function toldType(contentType: string | undefined): string | undefined {
	const name = plainMimeType(contentType);
	return /^[\w.+-]+\/[\w.+-]+$/.test(name) &&
		!/octet-stream|download|^text\/plain$|^application\/(x-)?binary$/.test(name)
		? name
		: undefined;
}

function extensionOfUrl(url: string): string | undefined {
	const last = URL.canParse(url) ? new URL(url).pathname.split('/').pop() : undefined;
	return /\.([a-z0-9]{1,5})$/i.exec(last ?? '')?.[1].toLowerCase();
}

/** The mime type that the extension of a file's name stands for; what follows a `?` or `#` is no part of the name. */
export function typeOfName(name: string): string | undefined {
	const extension = /\.([a-z0-9]{1,5})$/i.exec(name.replace(/[?#].*$/s, ''))?.[1].toLowerCase();
	return EXTENSIONS.find(([, known]) => known === extension)?.[0];
}

function named(mimeType: string, url: string): ContentVerdict {
	const known = EXTENSIONS.find(([type]) => type === mimeType)?.[1];
	return { ok: true, mimeType, extension: known ?? extensionOfUrl(url) ?? 'bin' };
}

/**
 * What a file is that begins so: its bytes decide, and a label counts where they show nothing or not enough.
 *
 * @param labels mime types that were told, the most trusted first
 */
function typeOf(seen: string | undefined, labels: string[]): string | undefined {
	if (seen === undefined) return labels[0];
	const related = RELATIVES.find(([type]) => type === seen)?.[1];
	const closer = labels.find((label) => (isText(seen) ? isText(label) : related?.test(label)));
	return closer ?? seen;
}

/** A file that a model is to get as input. */
export interface LabelledFile {
	/** The mime type it came with. */
	mimeType?: string;
	fileName?: string;
	/** Without a dot. */
	fileExtension?: string;
	/** The beginning of the file, some hundred bytes if it has them. */
	firstBytes: Uint8Array;
}

/** What an input file is, whatever it is called; undefined when neither its bytes nor its labels tell. */
export function inputFileType(file: LabelledFile): string | undefined {
	const labels = [
		toldType(file.mimeType),
		typeOfName(file.fileName ?? ''),
		typeOfName(`.${file.fileExtension ?? ''}`),
	].filter((type) => type !== undefined);
	const media = labels.filter(isMedia);
	return typeOf(typeOfFirstBytes(file.firstBytes), media.length > 0 ? media : labels);
}

/**
 * What a downloaded file is: as its first bytes show, else as the response header says, else as the extension of its
 * address says. A web page is no file, whatever it is called; text is none where an image, a video or audio was due.
 */
export function checkContent({
	contentType,
	url,
	outputType,
	firstBytes,
}: Content): ContentVerdict {
	if (firstBytes.length === 0) return { ok: false, reason: 'empty' };
	const seen = typeOfFirstBytes(firstBytes);
	const told = toldType(contentType);
	const byExtension = EXTENSIONS.find(([, extension]) => extension === extensionOfUrl(url))?.[0];
	if (seen === 'text/html' || (told === 'text/html' && !isMedia(seen ?? '')))
		return { ok: false, reason: 'page' };
	const labels = [told, byExtension].filter(
		(type) => type !== undefined && type !== 'text/html',
	) as string[];
	if (!MEDIA_OUTPUTS.has(outputType)) return named(typeOf(seen, labels) ?? UNKNOWN, url);
	// Bytes that are text cannot be made an image by a header, nor bytes that are an image be made text.
	if (seen !== undefined && isText(seen)) return { ok: false, reason: 'text' };
	if (told !== undefined && isText(told) && !isMedia(seen ?? ''))
		return { ok: false, reason: 'text' };
	const media = labels.filter(isMedia);
	return named(typeOf(seen, media.length > 0 ? media : labels) ?? UNKNOWN, url);
}
