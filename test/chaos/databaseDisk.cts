import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { postgresUser } from '../e2e/support/host/queueServices.cts';

/** Room for the files of a run; what they do not take is what `fill` takes. */
const MEGABYTES = 256;
const CHUNK = Buffer.alloc(1024 * 1024);

/** A small disk of its own for the files n8n keeps in its database. */
export interface SmallDisk {
	/** Where the database may put a table. */
	folder: string;
	fill: () => void;
	clear: () => void;
	remove: () => void;
}

/** Mounting takes root; on machines for tests `sudo` often needs no password. */
function asRoot(program: string, ...args: string[]): void {
	const [command, ...rest] =
		process.getuid?.() === 0 ? [program, ...args] : ['sudo', '-n', program, ...args];
	execFileSync(command, rest, { stdio: 'pipe' });
}

/** Mounts a disk in memory. Returns why there is none where this machine does not allow it. */
export function makeSmallDisk(): SmallDisk | { missing: string } {
	const mount = mkdtempSync(join(tmpdir(), 'n8n-nodes-hiapi-disk-'));
	// the database may run as another user
	chmodSync(mount, 0o755);
	try {
		asRoot('mount', '-t', 'tmpfs', '-o', `size=${MEGABYTES}m,mode=1777`, 'tmpfs', mount);
	} catch (error) {
		rmSync(mount, { recursive: true });
		return { missing: `no disk can be mounted here: ${(error as Error).message.split('\n')[0]}` };
	}
	const folder = join(mount, 'tables');
	mkdirSync(folder);
	const user = postgresUser();
	if (user) chownSync(folder, user.uid, user.gid);
	const filler = join(mount, 'filler');
	return {
		folder,
		fill: () => {
			try {
				for (let chunk = 0; chunk < MEGABYTES; chunk += 1)
					writeFileSync(filler, CHUNK, { flag: 'a' });
			} catch {
				// full
			}
		},
		clear: () => rmSync(filler, { force: true }),
		remove: () => {
			// lazily: the database may hold it for another moment when a run was broken off
			asRoot('umount', '-l', mount);
			rmSync(mount, { recursive: true });
		},
	};
}
