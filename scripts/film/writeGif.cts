/// <reference path="./gifenc.d.cts" />
import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import { Jimp } from 'jimp';

/** A frame as PNG, and how long it is shown. */
export interface Frame {
	png: Buffer;
	milliseconds: number;
}

/** The last colour of a palette stands for "as before". */
const UNCHANGED = 255;
const BYTES_PER_PIXEL = 4;
/** Colours of a frame that are kept as they are. */
const MOST_PLAIN = 64;

/**
 * The film as an animated GIF that repeats without end. Only what changes from frame to frame is stored, which keeps a film
 * of an editor small.
 *
 * @param frames all of one size
 * @param width in pixels; the height follows
 */
export async function toGif(frames: Frame[], width: number): Promise<Buffer> {
	const encoder = GIFEncoder();
	let before: Uint8Array | undefined;
	for (const { png, milliseconds } of merged(frames)) {
		const image = await Jimp.read(png);
		image.resize({ w: width });
		const pixels = new Uint8Array(image.bitmap.data);
		const changed = changedPixels(pixels, before);
		const { palette, index } = indexed(pixels, changed);
		if (before !== undefined)
			changed.forEach((isChanged, pixel) => {
				if (!isChanged) index[pixel] = UNCHANGED;
			});
		while (palette.length <= UNCHANGED) palette.push([0, 0, 0]);
		encoder.writeFrame(index, image.bitmap.width, image.bitmap.height, {
			palette,
			delay: milliseconds,
			repeat: 0,
			dispose: 1,
			...(before !== undefined && { transparent: true, transparentIndex: UNCHANGED }),
		});
		before = pixels;
	}
	encoder.finish();
	return Buffer.from(encoder.bytes());
}

/**
 * The frame in at most 255 colours, made for what changes. The colours it has most of are kept exactly: an editor is mostly
 * plain areas, which would show through one another otherwise.
 */
function indexed(
	pixels: Uint8Array,
	changed: boolean[],
): { palette: number[][]; index: Uint8Array } {
	const added = withoutUnchanged(pixels, changed);
	const counts = new Map<number, number>();
	for (const colour of colours(added)) counts.set(colour, (counts.get(colour) ?? 0) + 1);
	const plain = [...counts]
		.sort(([, a], [, b]) => b - a)
		.slice(0, MOST_PLAIN)
		.map(([colour]) => colour);
	const palette = [
		...plain.map((colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255]),
		...quantize(added, UNCHANGED - plain.length),
	];
	const index = applyPalette(pixels, palette);
	const places = new Map(plain.map((colour, place) => [colour, place]));
	colours(pixels).forEach((colour, pixel) => {
		index[pixel] = places.get(colour) ?? index[pixel];
	});
	return { palette, index };
}

/** Four bytes a pixel as one number a pixel. */
function colours(bytes: Uint8Array): Uint32Array {
	return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / BYTES_PER_PIXEL);
}

/** Frames that look the same become one that is shown for longer. */
function merged(frames: Frame[]): Frame[] {
	const result: Frame[] = [];
	for (const frame of frames) {
		const last = result.at(-1);
		if (last?.png.equals(frame.png)) last.milliseconds += frame.milliseconds;
		else result.push({ ...frame });
	}
	return result;
}

function changedPixels(pixels: Uint8Array, before: Uint8Array | undefined): boolean[] {
	const then = before && colours(before);
	return Array.from(colours(pixels), (colour, pixel) => colour !== then?.[pixel]);
}

/** The pixels that a frame adds, so that its palette is made for them; all of them when none does. */
function withoutUnchanged(pixels: Uint8Array, changed: boolean[]): Uint8Array {
	const count = changed.filter(Boolean).length;
	if (count === 0) return pixels;
	const result = new Uint8Array(count * BYTES_PER_PIXEL);
	let at = 0;
	changed.forEach((isChanged, pixel) => {
		if (!isChanged) return;
		const start = pixel * BYTES_PER_PIXEL;
		result.set(pixels.subarray(start, start + BYTES_PER_PIXEL), at);
		at += BYTES_PER_PIXEL;
	});
	return result;
}
