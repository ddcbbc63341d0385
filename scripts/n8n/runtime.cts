import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { cached, cacheFolder, isCached } from './cacheFolder.cts';
import { ensureNode, type NodeForN8n } from './nodeForN8n.cts';
import { npm, run } from './npm.cts';
import { type Progress, startProgress, tellWaiting } from './progress.cts';
import { N8N_VERSION } from './versions.cts';

/** A real n8n that can be started. */
export interface N8nRuntime {
	node: NodeForN8n;
	/** n8n's command-line script, to be run with `node.executable`. */
	command: string;
	/** The `node_modules` folder n8n lives in. */
	modules: string;
}

/** Roughly how many packages n8n 2.41 brings at the top level; only for the progress line. */
const PACKAGES = 1_520;

const PART = `n8n-${N8N_VERSION}`;

/** Where the n8n to start lies once it has been fetched. */
export function n8nFolder(): string {
	return join(cacheFolder(), PART);
}

/** Whether that n8n has been fetched, not only begun. */
export function isN8nFetched(): boolean {
	return isCached(PART);
}

/**
 * Returns the n8n to start, fetching it into the cache once: about 6 minutes, 3 GB on disk.
 * Shows progress on standard error; an interrupted fetch is done again by the next call.
 */
export async function ensureN8n(): Promise<N8nRuntime> {
	const node = await ensureNode();
	const folder = await cached({
		name: PART,
		onWait: tellWaiting(`n8n ${N8N_VERSION}`),
		isComplete: async (folder) =>
			existsSync(join(folder, 'node_modules', '.package-lock.json')) &&
			(await loads(folder, node)) === undefined,
		fill: async (folder) => await install(folder, node),
	});
	const modules = join(folder, 'node_modules');
	return { node, modules, command: join(modules, 'n8n', 'bin', 'n8n') };
}

async function install(folder: string, node: NodeForN8n): Promise<void> {
	writeFileSync(
		join(folder, 'package.json'),
		JSON.stringify({
			private: true,
			dependencies: { n8n: N8N_VERSION },
			overrides: {
				// the newer linkedom needs a package that not every registry has
				linkedom: '0.18.12',
				// older n8n fetch it from outside the registry; newer ones take this copy, too
				xlsx: 'npm:@e965/xlsx@0.20.2',
			},
			allowScripts: { sqlite3: true },
		}),
	);
	await step(
		`Fetching n8n ${N8N_VERSION} (once; about 5 minutes and 3 GB on disk)`,
		'fetched',
		async (progress) => {
			const watch = setInterval(() => progress.update(unpacked(folder)), 2_000);
			try {
				// without install scripts: one of n8n's dependencies would build a C library this machine may not have
				await npm({ args: ['install'], folder, node: node.executable });
			} catch (error) {
				throw new Error(
					`n8n ${N8N_VERSION} could not be fetched: check the network and the free disk space (3 GB) and run again.\n${(error as Error).message}`,
				);
			} finally {
				clearInterval(watch);
			}
		},
	);
	await step("Building n8n's database driver (about 90 seconds)", 'built', async () => {
		let failure: string | undefined;
		try {
			await npm({
				args: ['rebuild', 'sqlite3', '--ignore-scripts=false'],
				folder,
				node: node.executable,
				settings: {
					'ignore-scripts': 'false',
					// the headers of the Node that will run it; a machine's own setting may name another version's
					...(node.headers ? { nodedir: node.headers } : {}),
				},
			});
		} catch (error) {
			failure = (error as Error).message;
		}
		failure ??= await loads(folder, node);
		if (failure !== undefined) {
			throw new Error(
				[
					"n8n's database driver (sqlite3) could not be built on this machine. It is compiled once and needs Python 3, make and a C++ compiler:",
					'  Debian, Ubuntu:  apt-get install -y python3 make g++',
					'  Fedora, RHEL:    dnf install -y python3 make gcc-c++',
					'  macOS:           xcode-select --install',
					'Then run the same command again.',
					failure,
				].join('\n'),
			);
		}
	});
}

async function step(
	title: string,
	ending: string,
	work: (progress: Progress) => Promise<void>,
): Promise<void> {
	const progress = startProgress(title);
	try {
		await work(progress);
	} catch (error) {
		progress.stop();
		throw error;
	}
	progress.done(ending);
}

/** undefined when n8n's version is the wanted one and its native modules load with this Node, else what went wrong. */
async function loads(folder: string, node: NodeForN8n): Promise<string | undefined> {
	const check = `
		const assert = require('node:assert');
		assert.strictEqual(require('n8n/package.json').version, ${JSON.stringify(N8N_VERSION)});
		if (require('node:fs').existsSync('node_modules/isolated-vm')) require('isolated-vm');
		require('n8n-workflow'); require('n8n-core');
		const { Database } = require('sqlite3');
		new Database(':memory:', (error) => { if (error) throw error; });`;
	try {
		await run(node.executable, ['--no-node-snapshot', '-e', check], folder);
		return undefined;
	} catch (error) {
		return (error as Error).message;
	}
}

function unpacked(folder: string): string {
	let count = 0;
	try {
		for (const name of readdirSync(join(folder, 'node_modules'))) {
			const names = name.startsWith('@')
				? readdirSync(join(folder, 'node_modules', name)).map((inner) => join(name, inner))
				: [name];
			count += names.filter((one) =>
				existsSync(join(folder, 'node_modules', one, 'package.json')),
			).length;
		}
	} catch {
		return 'working out what is needed';
	}
	return count === 0 ? 'downloading' : `${count} of about ${PACKAGES} packages unpacked`;
}
