/* What is used of gifenc 1.0.3, which has no types of its own. */
declare module 'gifenc' {
	/** Colours of red, green and blue, 0 to 255. */
	type Palette = number[][];

	interface FrameSettings {
		palette: Palette;
		/** Milliseconds. */
		delay: number;
		/** Times the film is repeated: 0 without end, -1 not at all. */
		repeat?: number;
		transparent?: boolean;
		transparentIndex?: number;
		/** What becomes of the frame when the next one comes: 1 leaves it. */
		dispose?: number;
	}

	interface Encoder {
		writeFrame: (index: Uint8Array, width: number, height: number, settings: FrameSettings) => void;
		finish: () => void;
		bytes: () => Uint8Array;
	}

	export function GIFEncoder(): Encoder;
	/** Finds the palette of pixels, four bytes each. */
	export function quantize(pixels: Uint8Array, mostColours: number): Palette;
	/** The index of the nearest colour for each pixel. */
	export function applyPalette(pixels: Uint8Array, palette: Palette): Uint8Array;
}
