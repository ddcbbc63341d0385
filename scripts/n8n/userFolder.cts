import { randomBytes } from 'node:crypto';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cached } from './cacheFolder.cts';
import { N8nClient, OWNER } from './client.cts';
import { tellWaiting } from './progress.cts';
import { startServer } from './server.cts';
import { N8N_VERSION } from './versions.cts';

/** Changes whenever what the template holds changes. */
const TEMPLATE = `user-folder-${N8N_VERSION}-1`;

/** An n8n user folder of one run. */
export interface UserFolder {
	/** To be given to n8n as N8N_USER_FOLDER. */
	folder: string;
	encryptionKey: string;
	/** Deletes the folder. n8n must have ended. */
	remove: () => void;
}

/**
 * A fresh user folder in the system's temporary folder: database migrated, owner set up (OWNER of client.cts), nothing else in it.
 * It is a copy of a template that n8n itself made once and that no n8n runs on, which saves the migrations at every start.
 */
export async function createUserFolder(): Promise<UserFolder> {
	const template = await cached({
		name: TEMPLATE,
		onWait: tellWaiting("n8n's first start"),
		isComplete: async () => false,
		fill: makeTemplate,
	});
	return copyUserFolder(template);
}

/** A copy, in the system's temporary folder, of a user folder that no n8n runs on. */
export function copyUserFolder(original: string): UserFolder {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-hiapi-'));
	cpSync(original, folder, { recursive: true, filter: (path) => !path.endsWith('.complete') });
	return {
		folder,
		encryptionKey: readFileSync(join(folder, 'encryption-key'), 'utf8'),
		remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
	};
}

async function makeTemplate(folder: string): Promise<void> {
	const encryptionKey = randomBytes(24).toString('hex');
	writeFileSync(join(folder, 'encryption-key'), encryptionKey, { mode: 0o600 });
	const server = await startServer({ userFolder: folder, encryptionKey });
	try {
		await new N8nClient(server.address).logIn(OWNER);
	} finally {
		await server.stop();
	}
	rmSync(server.logFile);
	mkdirSync(join(folder, '.n8n', 'nodes', 'node_modules'), { recursive: true });
	if (!existsSync(join(folder, '.n8n', 'database.sqlite'))) {
		throw new Error(`n8n left no database in ${folder}.`);
	}
}
