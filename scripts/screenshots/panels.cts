/* `npm run screenshots -- --panels`: a picture of every panel of the package as the editor shows it, for looking them through. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { startSimulator } from '../../simulator/index.cts';
import { N8nClient } from '../n8n/client.cts';
import { startServerWithPackage } from '../n8n/serverWithPackage.cts';
import { Editor, findChromium } from './editor.cts';
import { panelsOf, type NodeType, type Panel } from './panelList.cts';

const SEARCHES = ['hiapi', 'image', 'video', 'audio'];
// High enough for the longest panel, so that nothing has to be scrolled into view.
const VIEWPORT = { width: 1440, height: 2300 };

/** Takes the pictures into `test-output/panels` of the project, which git does not keep. The package has to be built. */
export async function takePanels(project: string): Promise<void> {
	findChromium();
	const folder = join(project, 'test-output', 'panels');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const simulator = await startSimulator({ taskSeconds: 2 });
	const { server, userFolder } = await startServerWithPackage(project);
	try {
		const n8n = await new N8nClient(server.address).logIn();
		const { apiKey, baseUrl, webhookSecret } = simulator;
		const credential = await n8n.createCredential(
			'hiApiApi',
			{ apiKey, baseUrl, webhookSecret },
			'HiAPI account',
		);
		const panels = panelsOf((await n8n.nodeTypes()) as unknown as NodeType[]);
		const workflow = await n8n.createWorkflow({
			name: 'Panels',
			nodes: panels.map(({ name, type, typeVersion, parameters }, index) => ({
				id: idOf(index),
				name,
				type,
				typeVersion,
				position: [(index % 6) * 220, Math.floor(index / 6) * 160],
				parameters,
				credentials: { hiApiApi: credential },
			})),
			connections: {},
		});
		const editor = await Editor.open(n8n);
		try {
			const album = new Album(editor, folder);
			await editor.page.setViewportSize(VIEWPORT);
			for (const [index, panel] of panels.entries())
				await album.takePanel(`${n8n.address}/workflow/${workflow.id}/${idOf(index)}`, panel);
			await editor.page.setViewportSize({ width: 1440, height: 1000 });
			await album.takeCredential(`${n8n.address}/home/credentials/${credential.id}`);
			await editor.showWorkflow(workflow.id, panels[0].name);
			for (const search of SEARCHES) await album.takeSearch(search);
		} catch (error) {
			await editor.page.screenshot({ path: join(folder, 'failure.png') }).catch(() => {});
			throw error;
		} finally {
			await editor.close();
		}
	} finally {
		await server.stop();
		await simulator.close();
		userFolder.remove();
	}
}

const idOf = (index: number) => `b0000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

/** Pictures of one editor, in one folder. */
class Album {
	constructor(
		private readonly editor: Editor,
		private readonly folder: string,
	) {}

	/** A node's panel: the parameters alone, or for a trigger everything, since its left side has texts of the node too. */
	async takePanel(url: string, { name, isTrigger }: Panel): Promise<void> {
		const { page } = this.editor;
		await page.goto(url, { waitUntil: 'domcontentloaded' });
		const parameters = page.locator('[data-test-id="node-parameters"]').first();
		await parameters.waitFor({ timeout: 60_000 });
		// lists that are read from HiAPI, where there are any
		await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => {});
		await this.editor.settle();
		const bounds = isTrigger ? null : await parameters.boundingBox();
		// with the node's name and the tabs above the parameters
		const clip =
			bounds === null
				? undefined
				: {
						x: bounds.x - 20,
						y: bounds.y - 100,
						width: bounds.width + 40,
						height: bounds.height + 100,
					};
		await this.take(name, clip);
	}

	async takeCredential(url: string): Promise<void> {
		await this.editor.page.goto(url, { waitUntil: 'domcontentloaded' });
		await this.editor.page
			.getByText('Webhook Signing Secret', { exact: true })
			.first()
			.waitFor({ timeout: 60_000 });
		await this.editor.settle();
		await this.take('credential');
	}

	/** What the nodes panel finds for a word. */
	async takeSearch(word: string): Promise<void> {
		await this.editor.searchNodes(word);
		await this.take(`search-${word}`);
		if (word === 'hiapi') await this.takeActions();
		await this.editor.page.keyboard.press('Escape');
		await this.editor.settle();
	}

	/** What the nodes panel offers once the node is chosen. */
	private async takeActions(): Promise<void> {
		await this.editor.page
			.locator('[data-test-id="node-creator"]')
			.getByText('HiAPI', { exact: true })
			.first()
			.click();
		await this.editor.settle();
		await this.take('search-actions');
	}

	private async take(
		name: string,
		clip?: { x: number; y: number; width: number; height: number },
	): Promise<void> {
		const path = join(this.folder, `${name.replace(/[^\w-]+/g, '-')}.png`);
		await this.editor.page.screenshot({ path, ...(clip && { clip }) });
		console.log(path);
	}
}
