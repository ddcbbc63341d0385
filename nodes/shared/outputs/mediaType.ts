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
	['video/x-m4v', 'video/mp4'],
	['text/xml', 'application/xml'],
]);

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

/** What a file is, or why it is none: nothing came, a web page came, or text where a picture, clip or sound was due. */
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

/** The mime type that the extension of a file's name stands for. */
export function typeOfName(name: string): string | undefined {
	const extension = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1].toLowerCase();
	return EXTENSIONS.find(([, known]) => known === extension)?.[0];
}

function named(mimeType: string, url: string): ContentVerdict {
	const known = EXTENSIONS.find(([type]) => type === mimeType)?.[1];
	return { ok: true, mimeType, extension: known ?? extensionOfUrl(url) ?? 'bin' };
}

/**
 * What a downloaded file is: as the response header says, else as the extension of its address says, else as its first
 * bytes say. A web page is no file, whatever it is called; text is none where a picture, clip or sound was due.
 */
export function judgeContent({
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
	const candidates = [told, byExtension, seen].filter((type) => type !== undefined);
	if (!MEDIA_OUTPUTS.has(outputType))
		return named(candidates.find((type) => type !== 'text/html') ?? UNKNOWN, url);
	// Bytes that are text cannot be made a picture by a header, nor bytes that are a picture be made text.
	if (seen !== undefined && isText(seen)) return { ok: false, reason: 'text' };
	if (told !== undefined && isText(told) && !isMedia(seen ?? ''))
		return { ok: false, reason: 'text' };
	return named(candidates.find(isMedia) ?? candidates[0] ?? UNKNOWN, url);
}
