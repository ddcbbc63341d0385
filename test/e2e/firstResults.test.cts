import type { Locator, Page } from 'playwright-core';

import { describeInBrowser, useEditor } from './support/browser.cts';
import { useLab } from './support/lab.cts';
import { until } from './support/until.cts';

/*
 * What a builder does in the editor who has never read HiAPI's documentation. Clicks and fields are counted: a click more
 * is a failure. The aim is 8 clicks and 1 field for an image or speech, and 6 clicks for a clip of the image.
 */

const lab = useLab();

/** A person at the editor, of whom every click and every filled-in field counts. */
class Person {
	clicks = 0;
	fields = 0;

	constructor(private readonly page: Page) {}

	async click(target: Locator): Promise<void> {
		await target.first().waitFor({ timeout: 20_000 });
		await target.first().click();
		this.clicks += 1;
		await this.page.waitForTimeout(700);
	}

	/** Typing into a search box that has the focus already, and choosing what it finds, is no field of the node. */
	async search(box: Locator, words: string): Promise<void> {
		await box.first().fill(words);
		await this.page.waitForTimeout(1_000);
	}

	/** Into a field: the click that brings the cursor there counts as well. */
	async fill(field: Locator, text: string): Promise<void> {
		await this.click(field);
		await field.first().fill(text);
		this.fields += 1;
	}
}

describeInBrowser('a first result', () => {
	const inEditor = useEditor(lab);
	const byTestId = (page: Page, id: string) => page.locator(`[data-test-id="${id}"]`);
	const found = (page: Page, text: string) =>
		byTestId(page, 'node-creator-item-name').getByText(text, { exact: true });

	/** Opens an empty canvas, picks an action of the node and gives it its words. */
	async function generate(page: Page, person: Person, words: string, action: string, text: string) {
		await page.goto(`${lab.server.address}/workflow/new`, { waitUntil: 'domcontentloaded' });
		await person.click(byTestId(page, 'canvas-add-button').or(page.getByText('Add first step')));
		await person.search(byTestId(page, 'node-creator-search-bar'), words);
		await person.click(found(page, 'HiAPI'));
		// folded up while the workflow has no trigger
		await person.click(page.getByText(/^Actions \(\d+\)$/));
		await person.click(page.getByText(action, { exact: true }));
		await page.locator('[data-test-id="output-panel"]').waitFor({ timeout: 20_000 });
		const prompt = byTestId(page, 'parameter-input-prompt').locator('textarea');
		const box = await prompt.first().boundingBox();
		expect((box?.y ?? 900) + (box?.height ?? 0)).toBeLessThan(900);
		await person.fill(prompt, text);
		await person.click(byTestId(page, 'node-execute-button'));
	}

	lab.test(
		'an image takes 6 clicks and 1 field, a clip of it 4 more and no expression',
		async () => {
			await inEditor(async ({ page }) => {
				const person = new Person(page);
				await generate(page, person, 'generate image', 'Generate an image', 'A quiet alpine lake');
				await until(() => lab.simulator.purchases === 1);
				await page.getByText('1 HiAPI task: 1 succeeded').first().waitFor({ timeout: 30_000 });
				expect([person.clicks, person.fields]).toEqual([6, 1]);

				const more = new Person(page);
				await page.keyboard.press('Escape');
				await more.click(byTestId(page, 'canvas-handle-plus'));
				await more.search(byTestId(page, 'node-creator-search-bar'), 'image to video');
				await more.click(found(page, 'HiAPI'));
				await more.click(page.getByText('Generate a video from an image', { exact: true }));
				await page.locator('[data-test-id="output-panel"]').waitFor({ timeout: 20_000 });
				await more.click(byTestId(page, 'node-execute-button'));
				await until(() => lab.simulator.purchases === 2);
				expect([more.clicks, more.fields]).toEqual([4, 0]);
				const [image, clip] = lab.simulator.tasks.map(({ requestBody }) => requestBody);
				expect(image).toMatchObject({ input: { prompt: 'A quiet alpine lake' } });
				expect(clip).toEqual({
					model: 'happyhorse-1.1/image-to-video',
					input: { image_urls: [expect.stringMatching(/^http/)] },
				});
			});
		},
	);

	lab.test('speech takes 6 clicks and 1 field', async () => {
		await inEditor(async ({ page }) => {
			const person = new Person(page);
			await generate(page, person, 'text to speech', 'Generate speech', 'Welcome to the show');
			await until(() => lab.simulator.purchases === 1);
			expect([person.clicks, person.fields]).toEqual([6, 1]);
			expect(lab.simulator.tasks[0].requestBody).toMatchObject({
				input: { text: 'Welcome to the show' },
			});
		});
	});
});
