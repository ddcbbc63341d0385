import type { Locator, Page } from 'playwright-core';

import type { Frame } from './writeGif.cts';

const FRAME_MILLISECONDS = 80;
const READY_MILLISECONDS = 60_000;
/** How many frames the pointer takes from one place to the next. */
const POINTER_STEPS = 6;
const LETTERS_PER_FRAME = 3;
/** A browser without a window shows no pointer, so the page gets one. */
const POINTER = `
	const pointer = document.createElement('div');
	pointer.id = 'film-pointer';
	pointer.innerHTML = '<svg width="22" height="30" viewBox="0 0 22 30"><path d="M2 2 L2 24 L8 19 L12 28 L16 26 L12 18 L20 18 Z" fill="#000" stroke="#fff" stroke-width="1.5"/></svg>';
	Object.assign(pointer.style, { position: 'fixed', left: '0', top: '0', zIndex: 2147483647, pointerEvents: 'none' });
	document.body.append(pointer);
`;

/**
 * Films what is done in a page. How long a frame is shown is decided here and not measured, so that the film is the same on
 * a slow machine.
 */
export class Camera {
	readonly frames: Frame[] = [];
	private pointer = { x: 640, y: 560 };

	constructor(private readonly page: Page) {}

	/** Shows the pointer; to be called once the page is there. */
	async start(): Promise<void> {
		await this.page.evaluate(POINTER);
		await this.movePointer(this.pointer);
	}

	/** Films the page as it is, for so long. */
	async hold(milliseconds: number): Promise<void> {
		const png = await this.page.screenshot({ caret: 'initial' });
		this.frames.push({ png, milliseconds });
	}

	/** Moves the pointer to an element and clicks it. */
	async click(target: Locator): Promise<void> {
		await target.waitFor({ timeout: READY_MILLISECONDS });
		await target.scrollIntoViewIfNeeded();
		const box = await target.boundingBox();
		if (box === null) throw new Error(`Nothing to click: ${String(target)}`);
		const from = this.pointer;
		const to = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
		for (let step = 1; step <= POINTER_STEPS; step++) {
			const part = (1 - Math.cos((Math.PI * step) / POINTER_STEPS)) / 2;
			await this.movePointer({
				x: from.x + (to.x - from.x) * part,
				y: from.y + (to.y - from.y) * part,
			});
			await this.hold(FRAME_MILLISECONDS);
		}
		await this.hold(3 * FRAME_MILLISECONDS);
		await target.click();
	}

	/** Types into what has the focus. */
	async type(text: string): Promise<void> {
		for (let at = 0; at < text.length; at += LETTERS_PER_FRAME) {
			await this.page.keyboard.type(text.slice(at, at + LETTERS_PER_FRAME));
			await this.hold(FRAME_MILLISECONDS);
		}
	}

	/** Films the waiting until an element is there, at most so many frames of it. */
	async until(target: Locator, mostFrames: number): Promise<void> {
		const found = target.waitFor({ timeout: READY_MILLISECONDS });
		let isFound = false;
		void found.then(
			() => (isFound = true),
			() => (isFound = true),
		);
		for (let frame = 0; frame < mostFrames && !isFound; frame++)
			await this.hold(2 * FRAME_MILLISECONDS);
		await found;
	}

	private async movePointer(to: { x: number; y: number }): Promise<void> {
		this.pointer = to;
		await this.page.mouse.move(to.x, to.y);
		await this.page.evaluate(
			`document.getElementById('film-pointer').style.transform = 'translate(${to.x}px, ${to.y}px)'`,
		);
	}
}
