import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { cached } from './cacheFolder.cts';
import { npm, run } from './npm.cts';
import { startProgress, tellWaiting } from './progress.cts';
import { N8N_VERSION, NODE_FOR_N8N } from './versions.cts';

const { version: NODE_VERSION, suits } = NODE_FOR_N8N;

/** A Node that n8n starts with. */
export interface NodeForN8n {
	/** Path of the executable. */
	executable: string;
	/** Folder that holds `include/node` with the headers of exactly this Node; undefined when it has none on disk. */
	headers?: string;
}

/**
 * The Node to run n8n with: the running one when it suits (n8n refuses others), else one from the npm package of this
 * platform, fetched into the cache once (about 190 MB).
 */
export async function ensureNode(): Promise<NodeForN8n> {
	if (suits(Number(process.versions.node.split('.')[0]))) {
		const root = join(dirname(process.execPath), '..');
		return {
			executable: process.execPath,
			headers: existsSync(join(root, 'include', 'node', 'node.h')) ? root : undefined,
		};
	}
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	const packageName = `node-${platform}-${process.arch}`;
	const headersIn = (folder: string) => join(folder, 'node_modules', packageName);
	const executableIn = (folder: string) =>
		join(headersIn(folder), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

	const folder = await cached({
		name: `node-${NODE_VERSION}-${process.platform}-${process.arch}`,
		onWait: tellWaiting(`Node ${NODE_VERSION}`),
		isComplete: async (folder) =>
			existsSync(join(folder, 'node_modules', '.package-lock.json')) &&
			(await answers(executableIn(folder))),
		fill: async (folder) => {
			const progress = startProgress(
				`Fetching Node ${NODE_VERSION} for n8n (about 60 MB to download, once)`,
			);
			try {
				writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
				// the package's own install script only moves the executable; it is used where it is
				await npm({ args: ['install', '--save-exact', `${packageName}@${NODE_VERSION}`], folder });
				if (!(await answers(executableIn(folder)))) {
					throw new Error(
						`The Node fetched as ${packageName}@${NODE_VERSION} does not start on this machine.`,
					);
				}
			} catch (error) {
				progress.stop();
				throw new Error(
					`Node ${NODE_VERSION} could not be fetched. n8n ${N8N_VERSION} needs it: check the network and run again, or run this command with that Node installed.\n${(error as Error).message}`,
				);
			}
			progress.done('ready');
		},
	});
	return { executable: executableIn(folder), headers: headersIn(folder) };
}

async function answers(executable: string): Promise<boolean> {
	try {
		return (
			(await run(executable, ['--version'], dirname(executable))).trim() === `v${NODE_VERSION}`
		);
	} catch {
		return false;
	}
}
