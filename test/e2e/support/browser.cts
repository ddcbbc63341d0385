import { basename, join } from 'node:path';

import { Editor, findChromium } from '../../../scripts/screenshots/editor.cts';
import type { Lab } from './lab.cts';

function chromiumIsHere(): boolean {
	try {
		findChromium();
		return true;
	} catch {
		console.warn(
			'Skipped: tests in the editor need Chromium (apt-get install chromium, or CHROMIUM_PATH).',
		);
		return false;
	}
}

/** As `describe`, for tests in a browser: left out, and said so, where there is none. */
export const describeInBrowser = (name: string, tests: () => void): void =>
	(chromiumIsHere() ? describe : describe.skip)(name, tests);

/** Does something in n8n's editor, and closes it whatever happens; a failure leaves a picture of it in `test-output/`. */
export async function inEditor<T>(lab: Lab, work: (editor: Editor) => Promise<T>): Promise<T> {
	const editor = await Editor.open(lab.n8n);
	try {
		return await work(editor);
	} catch (error) {
		await editor.page
			.screenshot({
				path: join(
					'test-output',
					`${basename(expect.getState().testPath ?? 'editor', '.test.cts')}.png`,
				),
			})
			.catch(() => undefined);
		throw error;
	} finally {
		await editor.close();
	}
}
