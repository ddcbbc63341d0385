import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { chromium, type Browser, type Page } from 'playwright-core';

import type { N8nClient } from '../n8n/client.cts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const USUAL_PLACES = [
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/snap/bin/chromium',
];
const READY_MILLISECONDS = 60_000;
/** What the list of executions and the bars take of a window, and room for n8n's own margin around a workflow. In pixels. */
const AROUND_CANVAS = { width: 640, height: 420 };
/** Around a workflow in a picture; names of nodes stand below them. In pixels. */
const MARGIN = { side: 32, below: 72 };
/** Hides what lies over the canvas of an execution, and the hatching that says it cannot be edited. */
const CANVAS_ALONE = `
	[data-test-id="canvas-controls"], [data-test-id^="execution-preview-details"], .vue-flow__background { opacity: 0 !important; }
`;

/** Part of a window, in pixels. */
export interface Rectangle {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** The browser's executable: CHROMIUM_PATH, else the PATH and the usual places. Throws an Error that says how to install one. */
export function findChromium(): string {
	const chosen = process.env.CHROMIUM_PATH;
	const onPath = (process.env.PATH ?? '')
		.split(delimiter)
		.flatMap((folder) => NAMES.map((name) => join(folder, name)));
	const found = chosen ? [chosen].find(existsSync) : [...onPath, ...USUAL_PLACES].find(existsSync);
	if (found) return found;
	throw new Error(
		chosen
			? `CHROMIUM_PATH is set to ${chosen}, which does not exist.`
			: 'Chromium was not found. Install it (Debian, Ubuntu: apt-get install chromium) or set CHROMIUM_PATH to its executable.',
	);
}

/** n8n's editor in a browser, logged in; requests to anywhere but this machine are refused. */
export class Editor {
	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		readonly address: string,
	) {}

	static async open(n8n: N8nClient): Promise<Editor> {
		const browser = await chromium.launch({
			executablePath: findChromium(),
			args: [
				'--no-sandbox',
				'--disable-gpu',
				'--disable-quic',
				'--no-first-run',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync',
			],
		});
		const context = await browser.newContext({
			viewport: { width: 1440, height: 900 },
			colorScheme: 'light',
			locale: 'en-GB',
		});
		const [name, value] = n8n.cookie.split('=');
		await context.addCookies([{ name, value, url: n8n.address }]);
		// n8n binds a session to the browser id it was made with
		await context.addInitScript((browserId: string) => {
			const storage = (
				globalThis as unknown as { localStorage: { setItem: (key: string, value: string) => void } }
			).localStorage;
			storage.setItem('n8n-browserId', browserId);
		}, n8n.browserId);
		await context.route(
			(url) => url.hostname !== '127.0.0.1',
			async (route) => await route.abort(),
		);
		return new Editor(browser, await context.newPage(), n8n.address);
	}

	/** Another tab of the same browser, which has the editor's code already. */
	async openTab(): Promise<Editor> {
		return new Editor(this.browser, await this.page.context().newPage(), this.address);
	}

	async closeTab(): Promise<void> {
		await this.page.close();
	}

	async showWorkflow(id: string, aNodeOfIt: string): Promise<void> {
		await this.page.goto(`${this.address}/workflow/${id}`, { waitUntil: 'domcontentloaded' });
		await this.node(aNodeOfIt).waitFor({ timeout: READY_MILLISECONDS });
	}

	/** Makes a new workflow and pastes text on its canvas, as Ctrl+V does. */
	async pasteIntoNewWorkflow(text: string, aNodeOfIt: string): Promise<void> {
		await this.page.goto(`${this.address}/workflow/new`, { waitUntil: 'domcontentloaded' });
		await this.page
			.locator('[data-test-id="canvas-wrapper"], .vue-flow')
			.first()
			.waitFor({ timeout: READY_MILLISECONDS });
		await this.settle();
		await this.page.evaluate((pasted: string) => {
			const browser = globalThis as unknown as {
				DataTransfer: new () => { setData: (type: string, value: string) => void };
				ClipboardEvent: new (type: string, init: unknown) => Event;
				document: EventTarget;
			};
			const clipboardData = new browser.DataTransfer();
			clipboardData.setData('text/plain', pasted);
			browser.document.dispatchEvent(
				new browser.ClipboardEvent('paste', { clipboardData, bubbles: true }),
			);
		}, text);
		await this.node(aNodeOfIt).waitFor({ timeout: READY_MILLISECONDS });
	}

	node(name: string) {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).first();
	}

	/** Types a word into the nodes panel of the open workflow and leaves it open; returns the names of the nodes it finds, best first. */
	async searchNodes(word: string): Promise<string[]> {
		const search = this.page.locator('[data-test-id="node-creator-search-bar"]').first();
		if (!(await search.isVisible()))
			await this.page.locator('[data-test-id="node-creator-plus-button"]').first().click();
		await search.fill(word);
		await this.settle();
		return await this.page.locator('[data-test-id="node-creator-item-name"]').allInnerTexts();
	}

	/** Clicks "Execute workflow" and waits until the node of this name has its tick. */
	async execute(lastNode: string): Promise<void> {
		await this.page.locator('[data-test-id="execute-workflow-button"]').first().click();
		await this.node(lastNode)
			.locator('[data-test-id="canvas-node-status-success"]')
			.waitFor({ timeout: READY_MILLISECONDS });
		// the message about the finished run covers a corner of the canvas
		await this.page
			.locator('.el-notification')
			.first()
			.waitFor({ state: 'hidden', timeout: 15_000 })
			.catch(() => {});
	}

	/** Opens the node's panel. */
	async openNode(name: string): Promise<void> {
		await this.node(name).dblclick();
		await this.page
			.locator('[data-test-id="output-panel"]')
			.waitFor({ timeout: READY_MILLISECONDS });
		await this.settle();
	}

	/** Shows the open panel's output as JSON instead of a table. */
	async showOutputAsJson(): Promise<void> {
		await this.page
			.locator('[data-test-id="output-panel"]')
			.getByText('JSON', { exact: true })
			.first()
			.click();
		await this.settle();
	}

	async closeNode(): Promise<void> {
		await this.page.keyboard.press('Escape');
		await this.page.locator('[data-test-id="output-panel"]').waitFor({ state: 'hidden' });
	}

	/**
	 * Shows a workflow, or how an execution of it went, with everything on its canvas in view, in a window in which the canvas has at least this size.
	 * Returns the part of the window that holds the workflow, for a picture of it alone.
	 */
	async showCanvas(
		workflowId: string,
		executionId: string | undefined,
		size: { width: number; height: number },
	): Promise<Rectangle> {
		await this.page.setViewportSize({
			width: size.width + AROUND_CANVAS.width,
			height: size.height + AROUND_CANVAS.height,
		});
		const execution = executionId === undefined ? '' : `/executions/${executionId}`;
		await this.page.goto(`${this.address}/workflow/${workflowId}${execution}`, {
			waitUntil: 'domcontentloaded',
		});
		await this.page
			.locator('[data-test-id="canvas-node"]')
			.first()
			.waitFor({ timeout: READY_MILLISECONDS });
		await this.page.addStyleTag({ content: CANVAS_ALONE });
		await this.settle();
		await this.page.locator('[data-test-id="zoom-to-fit"]').dispatchEvent('click');
		await this.settle();
		const nodes = await this.page.locator('.vue-flow__node').all();
		const boxes = (await Promise.all(nodes.map(async (node) => await node.boundingBox()))).filter(
			(box) => box !== null,
		);
		const left = Math.min(...boxes.map(({ x }) => x)) - MARGIN.side;
		const top = Math.min(...boxes.map(({ y }) => y)) - MARGIN.side;
		const right = Math.max(...boxes.map(({ x, width }) => x + width)) + MARGIN.side;
		const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + MARGIN.below;
		return { x: left, y: top, width: right - left, height: bottom - top };
	}

	/** Opens a form of n8n, answers its two questions (a text and a choice), and waits for its last page with a picture. */
	async fillInForm(url: string, text: string, choice: string): Promise<void> {
		await this.page.setViewportSize({ width: 640, height: 520 });
		await this.page.goto(url);
		await this.page.locator('textarea').fill(text);
		await this.page.locator('select').selectOption(choice);
		await this.page.locator('#submit-btn').click();
		await this.page.locator('.card img').waitFor({ timeout: READY_MILLISECONDS });
		await this.settle();
	}

	/** Waits for animations to end. */
	async settle(): Promise<void> {
		await this.page.waitForTimeout(1_500);
	}

	async close(): Promise<void> {
		await this.browser.close();
	}
}
