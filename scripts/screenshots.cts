/*
 * `npm run screenshots`: takes the pictures of docs/images in a real editor, after a real run against the simulator; `--panels`: those of
 * all panels; `--only NAME`: that of one example.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { startSimulator } from '../simulator/index.cts';
import { readExamples, withCredential } from './demo/examples.cts';
import { N8nClient } from './n8n/client.cts';
import { startServerWithPackage } from './n8n/serverWithPackage.cts';
import { Editor, findChromium, type Rectangle } from './screenshots/editor.cts';
import { FILE_FOLDER_VARIABLE } from './screenshots/exampleRuns.cts';
import { takePanels } from './screenshots/panels.cts';
import { makeFileFolder, takeExamples } from './screenshots/takeExamples.cts';

const PROJECT = join(__dirname, '..');
const IMAGES = join(PROJECT, 'docs', 'images');
const EXAMPLE = 'run-and-wait-image';
const HIAPI = 'HiAPI';

async function main(only?: string): Promise<void> {
	findChromium();
	mkdirSync(IMAGES, { recursive: true });
	const simulator = await startSimulator({ taskSeconds: 2 });
	const files = makeFileFolder();
	const { server, userFolder } = await startServerWithPackage(PROJECT, {
		[FILE_FOLDER_VARIABLE]: files.folder,
	});
	try {
		const n8n = await new N8nClient(server.address).logIn();
		const { apiKey, baseUrl, webhookSecret } = simulator;
		const credential = await n8n.createCredential(
			'hiApiApi',
			{ apiKey, baseUrl, webhookSecret, catalogUrl: simulator.origin },
			'HiAPI account',
		);
		const editor = await Editor.open(n8n);
		try {
			if (only === undefined) await takeNode(editor, n8n, credential);
			const stage = {
				n8n,
				simulator,
				editor,
				take: async (name: string, part?: Rectangle) => await take(editor, name, part),
			};
			await takeExamples(stage, join(PROJECT, 'examples'), credential, files.folder, only);
		} catch (error) {
			await take(editor, '../../test-output/screenshot-failure').catch(() => {});
			throw error;
		} finally {
			await editor.close();
		}
	} finally {
		await server.stop();
		await simulator.close();
		userFolder.remove();
		files.remove();
	}
}

/** The smallest example after a run: its canvas, the node's panel, and the picture in it. */
async function takeNode(
	editor: Editor,
	n8n: N8nClient,
	credential: { id: string; name: string },
): Promise<void> {
	const example = readExamples(join(PROJECT, 'examples')).find(({ name }) => name === EXAMPLE)!;
	const { id } = await n8n.createWorkflow(withCredential(example.workflow, credential));
	await editor.showWorkflow(id, HIAPI);
	await editor.execute(HIAPI);
	await editor.settle();
	await take(editor, 'workflow');
	await editor.openNode(HIAPI);
	await editor.showOutputAsJson();
	await take(editor, 'node-panel');
	await editor.page
		.locator('[data-test-id="output-panel"]')
		.getByText('Binary', { exact: true })
		.first()
		.click();
	await editor.page.locator('[data-test-id="ndv-view-binary-data"]').first().click();
	await editor.settle();
	await take(editor, 'image-in-output');
}

async function take(editor: Editor, name: string, clip?: Rectangle): Promise<void> {
	const path = join(IMAGES, `${name}.png`);
	await editor.page.screenshot({ path, clip });
	console.log(path);
}

const { values: flags } = parseArgs({
	options: { panels: { type: 'boolean' }, only: { type: 'string' } },
});
(flags.panels ? takePanels(PROJECT) : main(flags.only)).catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
