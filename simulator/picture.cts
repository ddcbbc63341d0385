import { Jimp, loadFont } from 'jimp';
import { SANS_16_WHITE, SANS_32_WHITE } from 'jimp/fonts';

/** What a picture shows. */
export interface PictureOrder {
	taskId: string;
	model: string;
	prompt: string;
	type: string;
	/** Position among the task's outputs; changes the colour. */
	index: number;
	input: Record<string, unknown>;
}

const LONG_SIDE = 640;
const SHORTEST_SIDE = 256;

/** Pixels for an aspect ratio such as `16:9` or a size such as `2048*2048`; square when it says nothing. */
function pictureSize(input: Record<string, unknown>): { width: number; height: number } {
	const wanted = String(input.aspect_ratio ?? input.size ?? '');
	const [, across, down] = /^(\d+)[:x*](\d+)$/.exec(wanted) ?? [];
	const ratio =
		across && down && Number(across) > 0 && Number(down) > 0 ? Number(across) / Number(down) : 1;
	const short = (factor: number) => Math.max(SHORTEST_SIDE, Math.round(LONG_SIDE * factor));
	return ratio >= 1
		? { width: LONG_SIDE, height: short(1 / ratio) }
		: { width: short(ratio), height: LONG_SIDE };
}

function hueOf(text: string): number {
	let hash = 0;
	for (const character of text) hash = (hash * 31 + character.codePointAt(0)!) % 360;
	return hash;
}

/** 0xRRGGBBAA of a colour given as hue (degrees), saturation and lightness (0 to 1). */
function colour(hue: number, saturation: number, lightness: number): number {
	const part = (offset: number) => {
		const position = (offset + hue / 30) % 12;
		const value =
			lightness -
			saturation *
				Math.min(lightness, 1 - lightness) *
				Math.max(-1, Math.min(position - 3, 9 - position, 1));
		return Math.round(value * 255);
	};
	return ((part(0) << 24) | (part(8) << 16) | (part(4) << 8) | 0xff) >>> 0;
}

/** The drawing fonts know Latin letters only. */
function drawable(text: string): string {
	return text.replace(/[^\x20-\x7e\u00a1-\u00ff]+/gu, '?');
}

/** A PNG that shows the prompt, the model and the task's id, coloured by the prompt. */
export async function drawPicture({
	taskId,
	model,
	prompt,
	type,
	index,
	input,
}: PictureOrder): Promise<Buffer> {
	const [large, small] = await Promise.all([loadFont(SANS_32_WHITE), loadFont(SANS_16_WHITE)]);
	const { width, height } = pictureSize(input);
	const hue = hueOf(`${prompt}${index}`);
	const image = new Jimp({ width, height });
	for (let y = 0; y < height; y += 1) {
		const line = colour((hue + (60 * y) / height) % 360, 0.5, 0.42 - (0.22 * y) / height);
		for (let x = 0; x < width; x += 1) image.bitmap.data.writeUInt32BE(line, (y * width + x) * 4);
	}
	const margin = 24;
	const footer = 72;
	const maxWidth = width - 2 * margin;
	const maxHeight = height - footer - 2 * margin;
	const text = drawable(prompt || '(no prompt)').slice(0, 600);
	image.print({
		font: text.length > 120 ? small : large,
		x: margin,
		y: margin,
		text,
		maxWidth,
		maxHeight,
	});
	const label = `${drawable(model)}  #${index} ${type}`;
	image.print({ font: small, x: margin, y: height - footer, text: label, maxWidth });
	image.print({ font: small, x: margin, y: height - footer + 28, text: taskId, maxWidth });
	return await image.getBuffer('image/png');
}
