import { execFile } from 'node:child_process';

import { quietEnvironment } from '../../../scripts/n8n/environment.cts';
import { freePorts } from '../../../scripts/n8n/ports.cts';
import { ensureN8n } from '../../../scripts/n8n/runtime.cts';
import { copyUserFolder } from '../../../scripts/n8n/userFolder.cts';
import type { Lab } from './lab.cts';

const LONGEST_MILLISECONDS = 45_000;

export interface CommandEnd {
	/** undefined when it did not end by itself. */
	code: number | undefined;
	/** What the command wrote to its output. */
	output: string;
}

/** Runs a command of n8n on a copy of a lab's database: two processes on one SQLite file are not safe. */
export async function runCommand(lab: Lab, parameters: string[]): Promise<CommandEnd> {
	const runtime = await ensureN8n();
	const copy = copyUserFolder(lab.server.userFolder);
	try {
		const env = quietEnvironment({
			...(await freePorts()),
			userFolder: copy.folder,
			encryptionKey: copy.encryptionKey,
			modules: runtime.modules,
		});
		return await new Promise((resolve) => {
			execFile(
				runtime.node.executable,
				[runtime.command, ...parameters],
				{ cwd: copy.folder, env, timeout: LONGEST_MILLISECONDS, maxBuffer: 50_000_000 },
				(error, output) =>
					resolve({
						code: error === null ? 0 : typeof error.code === 'number' ? error.code : undefined,
						output,
					}),
			);
		});
	} finally {
		copy.remove();
	}
}
