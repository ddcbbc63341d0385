import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { withLock } from './lock.cts';

/** Written last, so a folder without it is one whose fetch was interrupted. */
const COMPLETE = '.complete';

/** Where large downloads are kept between runs: `N8N_NODES_HIAPI_CACHE`, else `~/.cache/n8n-nodes-hiapi`. Created when missing. */
export function cacheFolder(): string {
	const folder = process.env.N8N_NODES_HIAPI_CACHE || join(homedir(), '.cache', 'n8n-nodes-hiapi');
	mkdirSync(folder, { recursive: true });
	return folder;
}

/** How one part of the cache is made. */
export interface CachePart {
	/** Folder name below the cache folder; holds the version, so that a new version is a new folder. */
	name: string;
	/** Whether what lies in `folder` without a completion mark works as it is and need not be fetched again. */
	isComplete: (folder: string) => Promise<boolean>;
	/** Fills the (empty, existing) folder. Throws when it cannot. */
	fill: (folder: string) => Promise<void>;
	/** Called now and then while another process fills the same part. */
	onWait: (waitedSeconds: number) => void;
}

/** Whether a part of the cache is there as a whole, not still being fetched. */
export function isCached(name: string): boolean {
	return existsSync(join(cacheFolder(), name, COMPLETE));
}

/**
 * Returns the folder of a part of the cache, filling it first when it is missing or was left half filled.
 * Two processes never fill the same part: the second one waits and then uses what the first one made.
 */
export async function cached(part: CachePart): Promise<string> {
	const folder = join(cacheFolder(), part.name);
	if (isCached(part.name)) return folder;
	return await withLock(folder, part.onWait, async () => {
		if (isCached(part.name)) return folder;
		if (!existsSync(folder) || !(await part.isComplete(folder))) {
			rmSync(folder, { recursive: true, force: true });
			mkdirSync(folder, { recursive: true });
			await part.fill(folder);
		}
		writeFileSync(join(folder, COMPLETE), `${new Date().toISOString()}\n`);
		return folder;
	});
}
