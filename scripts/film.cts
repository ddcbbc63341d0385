/* `npm run film`: films docs/images/film.gif in a real editor, from an empty canvas to an image and a clip, against the simulator. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startSimulator } from '../simulator/index.cts';
import { Camera } from './film/camera.cts';
import { imageToClip } from './film/imageToClip.cts';
import { toGif } from './film/writeGif.cts';
import { N8nClient } from './n8n/client.cts';
import { startServerWithPackage } from './n8n/serverWithPackage.cts';
import { Editor, findChromium } from './screenshots/editor.cts';

const PROJECT = join(__dirname, '..');
const FILM = join(PROJECT, 'docs', 'images', 'film.gif');
/** Single frames, for looking them through; git does not keep them. */
const FRAMES = join(PROJECT, 'test-output', 'film');
const WINDOW = { width: 1280, height: 720 };
const WIDTH = 960;
const MOST_BYTES = 2_000_000;

async function main(): Promise<void> {
	findChromium();
	rmSync(FRAMES, { recursive: true, force: true });
	mkdirSync(FRAMES, { recursive: true });
	const simulator = await startSimulator({ taskSeconds: 2 });
	const { server, userFolder } = await startServerWithPackage(PROJECT);
	try {
		const n8n = await new N8nClient(server.address).logIn();
		const { apiKey, baseUrl, webhookSecret, origin } = simulator;
		await n8n.createCredential(
			'hiApiApi',
			{ apiKey, baseUrl, webhookSecret, catalogUrl: origin },
			'HiAPI account',
		);
		const editor = await Editor.open(n8n);
		const camera = new Camera(editor.page);
		try {
			await editor.page.setViewportSize(WINDOW);
			await imageToClip(editor, camera);
		} finally {
			camera.frames.forEach(({ png }, index) =>
				writeFileSync(join(FRAMES, `${String(index).padStart(3, '0')}.png`), png),
			);
			await editor.page.screenshot({ path: join(FRAMES, 'last.png') }).catch(() => {});
			await editor.close();
		}
		const film = await toGif(camera.frames, WIDTH);
		if (film.length > MOST_BYTES)
			throw new Error(`The film has ${film.length} bytes, more than ${MOST_BYTES}.`);
		writeFileSync(FILM, film);
		console.log(`${FILM}: ${film.length} bytes`);
	} finally {
		await server.stop();
		await simulator.close();
		userFolder.remove();
	}
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
