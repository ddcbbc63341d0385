import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { installPackage, type InstalledPackage, packPackage } from './communityPackage.cts';
import { type N8nServer, startServer } from './server.cts';
import { createUserFolder, type UserFolder } from './userFolder.cts';

/** A running n8n that has this package installed. */
export interface ServerWithPackage {
	server: N8nServer;
	installed: InstalledPackage;
	userFolder: UserFolder;
}

/** Packs the built package in `project` and starts an n8n, on a fresh user folder, that has it as a community package. */
export async function startServerWithPackage(
	project: string,
	env: Record<string, string> = {},
): Promise<ServerWithPackage> {
	const userFolder = await createUserFolder();
	const packed = mkdtempSync(join(tmpdir(), 'n8n-nodes-hiapi-pack-'));
	try {
		const installed = await installPackage(await packPackage(project, packed), userFolder.folder);
		const server = await startServer({
			userFolder: userFolder.folder,
			encryptionKey: userFolder.encryptionKey,
			env,
		});
		return { server, installed, userFolder };
	} catch (error) {
		// kept when n8n did not come up: the message names the log in it
		if (!/\nLog: /.test((error as Error).message)) userFolder.remove();
		throw error;
	} finally {
		rmSync(packed, { recursive: true, force: true });
	}
}
