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

/** A fresh user folder that has the built package in `project` as a community package. */
export async function createUserFolderWithPackage(
	project: string,
): Promise<{ userFolder: UserFolder; installed: InstalledPackage }> {
	const userFolder = await createUserFolder();
	const packed = mkdtempSync(join(tmpdir(), 'n8n-nodes-hiapi-pack-'));
	try {
		const installed = await installPackage(await packPackage(project, packed), userFolder.folder);
		return { userFolder, installed };
	} catch (error) {
		userFolder.remove();
		throw error;
	} finally {
		rmSync(packed, { recursive: true, force: true });
	}
}

/** Packs the built package in `project` and starts an n8n, on a fresh user folder, that has it as a community package. */
export async function startServerWithPackage(
	project: string,
	env: Record<string, string> = {},
): Promise<ServerWithPackage> {
	const { userFolder, installed } = await createUserFolderWithPackage(project);
	try {
		const { folder, encryptionKey } = userFolder;
		const server = await startServer({ userFolder: folder, encryptionKey, env });
		return { server, installed, userFolder };
	} catch (error) {
		// kept when n8n did not come up: the message names the log in it
		if (!/\nLog: /.test((error as Error).message)) userFolder.remove();
		throw error;
	}
}
