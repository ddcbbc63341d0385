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

/** Does something in a new tab of n8n's editor; a failure leaves a picture of it in `test-output/`. */
export type InEditor = <T>(work: (editor: Editor) => Promise<T>) => Promise<T>;

/** One browser for the tests of a group. */
export function useEditor(lab: Lab): InEditor {
	let first: Editor | undefined;
	beforeAll(async () => {
		first = await Editor.open(lab.n8n);
	}, 120_000);
	afterAll(async () => await first?.close());
	return async (work) => {
		const editor = await first!.openTab();
		try {
			return await work(editor);
		} catch (error) {
			await editor.page.screenshot({ path: pictureOfFailure() }).catch(() => undefined);
			throw error;
		} finally {
			await editor.closeTab();
		}
	};
}

function pictureOfFailure(): string {
	return join(
		'test-output',
		`${basename(expect.getState().testPath ?? 'editor', '.test.cts')}.png`,
	);
}
