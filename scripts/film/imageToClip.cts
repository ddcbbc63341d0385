import type { Editor } from '../screenshots/editor.cts';
import type { Camera } from './camera.cts';

/** Milliseconds. */
const LONG_ENOUGH_TO_READ = 1_400;
const SHORT = 500;

const CLIP_SECONDS = 2;
const CLIP_STEP_SECONDS = 0.1;

/** The scene: an empty canvas, an image from a text, and a clip that begins with that image. */
export async function imageToClip(editor: Editor, camera: Camera): Promise<void> {
	const { page } = editor;
	const by = (testId: string) => page.locator(`[data-test-id="${testId}"]`).first();
	const shown = (text: string) => page.getByText(text, { exact: true }).first();

	/** Finds the action in the nodes panel, which is open, and adds its node. */
	const addAction = async (words: string, action: string) => {
		await editor.settle();
		await camera.type(words);
		await editor.settle();
		await camera.hold(SHORT);
		await camera.click(by('node-creator').getByText('HiAPI', { exact: true }).first());
		await editor.settle();
		await camera.hold(SHORT);
		// folded in where n8n expects a trigger
		if (!(await shown(action).isVisible()))
			await camera.click(page.getByText(/^Actions \(\d+\)$/).first());
		await editor.settle();
		await camera.click(shown(action));
		await by('output-panel').waitFor({ timeout: 60_000 });
		await editor.settle();
		await camera.hold(LONG_ENOUGH_TO_READ);
	};
	/** Writes the prompt of the open node, and runs it. */
	const run = async (prompt: string) => {
		await camera.click(by('parameter-input-prompt'));
		await camera.type(prompt);
		await camera.hold(SHORT);
		await camera.click(by('node-execute-button'));
		await camera.until(by('output-panel').getByText('Binary', { exact: true }), 12);
		await camera.click(by('output-panel').getByText('Binary', { exact: true }));
		await editor.settle();
		await camera.click(by('output-panel').locator('[data-test-id="ndv-view-binary-data"]'));
		await editor.settle();
	};

	/** Films the clip in the output, which may run at any speed here. */
	const playClip = async () => {
		const clip = by('output-panel').locator('video').first();
		await clip.waitFor({ timeout: 60_000 });
		for (let seconds = 0; seconds < CLIP_SECONDS; seconds += CLIP_STEP_SECONDS) {
			await clip.evaluate((element, time) => {
				const video = element as unknown as { pause: () => void; currentTime: number };
				video.pause();
				video.currentTime = time;
			}, seconds);
			await camera.hold(CLIP_STEP_SECONDS * 1000);
		}
	};
	const backToCanvas = async () => {
		await page.keyboard.press('Escape');
		await by('output-panel').waitFor({ state: 'hidden' });
		await by('zoom-to-fit').dispatchEvent('click');
		await editor.settle();
	};

	await page.goto(`${editor.address}/workflow/new`, { waitUntil: 'domcontentloaded' });
	await by('canvas-add-button').waitFor({ timeout: 60_000 });
	await editor.settle();
	await camera.start();
	await camera.hold(LONG_ENOUGH_TO_READ);
	await camera.click(by('canvas-add-button'));
	await addAction('generate image', 'Generate an image');
	await run('A red kite over the dunes at sunset, watercolour');
	await camera.hold(LONG_ENOUGH_TO_READ);

	await backToCanvas();
	await camera.hold(LONG_ENOUGH_TO_READ);
	await camera.click(page.locator('[data-test-id="canvas-handle-plus"]').last());
	await addAction('image to video', 'Generate a video from an image');
	await run('The kite dances in the wind');
	await playClip();
	await backToCanvas();
	await camera.hold(2 * LONG_ENOUGH_TO_READ);
}
