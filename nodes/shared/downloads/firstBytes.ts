type Signature = [mimeType: string, offset: number, bytes: number[] | string];

const SIGNATURES: Signature[] = [
	['image/png', 0, [0x89, 0x50, 0x4e, 0x47]],
	['image/jpeg', 0, [0xff, 0xd8, 0xff]],
	['image/gif', 0, 'GIF8'],
	['image/tiff', 0, [0x49, 0x49, 0x2a, 0x00]],
	['image/tiff', 0, [0x4d, 0x4d, 0x00, 0x2a]],
	['image/webp', 8, 'WEBP'],
	['audio/wav', 8, 'WAVE'],
	['audio/aiff', 8, 'AIFF'],
	['video/x-msvideo', 8, 'AVI '],
	['image/avif', 4, 'ftypavif'],
	['image/avif', 4, 'ftypavis'],
	['image/heic', 4, 'ftyphei'],
	['image/heic', 4, 'ftypmif1'],
	['video/quicktime', 4, 'ftypqt'],
	['audio/mp4', 4, 'ftypM4A'],
	['audio/mp4', 4, 'ftypM4B'],
	['video/mp4', 4, 'ftyp'],
	['audio/mpeg', 0, 'ID3'],
	['audio/ogg', 0, 'OggS'],
	['audio/flac', 0, 'fLaC'],
	['application/pdf', 0, '%PDF-'],
	['application/zip', 0, [0x50, 0x4b, 0x03, 0x04]],
	['model/gltf-binary', 0, 'glTF'],
];

const EBML = [0x1a, 0x45, 0xdf, 0xa3];
const BEGINNING = 512;

function startsWith(bytes: Uint8Array, offset: number, signature: number[] | string): boolean {
	const expected =
		typeof signature === 'string'
			? [...signature].map((letter) => letter.charCodeAt(0))
			: signature;
	return expected.every((byte, index) => bytes[offset + index] === byte);
}

/** A bitmap begins with two letters only; the four bytes that are always 0 tell it from a text. */
function bitmap(bytes: Uint8Array): string | undefined {
	return startsWith(bytes, 0, 'BM') && startsWith(bytes, 6, [0, 0, 0, 0]) ? 'image/bmp' : undefined;
}

/**
 * MPEG audio frames have no name in front, only eleven set bits; layer 0 is AAC in its ADTS form. A text in UTF-16 begins
 * with set bits as well, but not with numbers that are in use (ISO/IEC 11172-3: bit rate and sampling frequency).
 */
function audioFrame(bytes: Uint8Array): string | undefined {
	if (bytes.length < 3 || bytes[0] !== 0xff || bytes[1] < 0xe0 || bytes[1] === 0xfe)
		return undefined;
	if ((bytes[1] & 0x06) === 0) return 'audio/aac';
	return bytes[2] >> 4 === 0x0f || (bytes[2] & 0x0c) === 0x0c ? undefined : 'audio/mpeg';
}

function textType(beginning: string): string | undefined {
	const text = beginning
		.replace(/^\u00ef\u00bb\u00bf/, '')
		.trimStart()
		.toLowerCase();
	if (/^(<!doctype html|<html|<head|<body|<script)/.test(text)) return 'text/html';
	if (text.startsWith('<?xml') || text.startsWith('<!--') || text.startsWith('<svg')) {
		if (text.includes('<svg')) return 'image/svg+xml';
		return text.includes('<html') ? 'text/html' : 'application/xml';
	}
	if (/^<[a-z]/.test(text)) return 'application/xml';
	if (/^[[{]\s*["[{\]}]/.test(text)) return 'application/json';
	return /^[\t\n\r\x20-\x7e]+$/.test(beginning) ? 'text/plain' : undefined;
}

/** The mime type that the beginning of a file shows, undefined when it shows none of those known here. */
export function typeOfFirstBytes(bytes: Uint8Array): string | undefined {
	if (startsWith(bytes, 0, EBML)) {
		return String.fromCharCode(...bytes.subarray(0, 64)).includes('webm')
			? 'video/webm'
			: 'video/x-matroska';
	}
	const found = SIGNATURES.find(([, offset, signature]) =>
		startsWith(bytes, offset, signature),
	)?.[0];
	return (
		found ??
		bitmap(bytes) ??
		audioFrame(bytes) ??
		textType(String.fromCharCode(...bytes.subarray(0, BEGINNING)))
	);
}
