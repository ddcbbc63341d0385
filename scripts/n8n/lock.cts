import {
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const HEARTBEAT_MILLISECONDS = 5_000;
/** A holder that has not touched its lock for this long is gone, even when its process id was given to another process since. */
const STALE_MILLISECONDS = 60_000;
const LOOK_AGAIN_MILLISECONDS = 1_000;

/**
 * Runs `work` while holding the lock folder at `path`, so that only one process on this machine runs it at a time.
 * A lock whose holder has died is taken over. `onWait` is told every 30 seconds who holds it.
 */
export async function withLock<T>(
	path: string,
	onWait: (heldBy: string, waitedSeconds: number) => void,
	work: () => Promise<T>,
): Promise<T> {
	const started = Date.now();
	let lastTold = 0;
	while (!tryToTake(path)) {
		if (isAbandoned(path)) {
			remove(path);
			continue;
		}
		const waitedSeconds = Math.round((Date.now() - started) / 1000);
		if (waitedSeconds >= lastTold + 30) {
			lastTold = waitedSeconds;
			onWait(holder(path), waitedSeconds);
		}
		await sleep(LOOK_AGAIN_MILLISECONDS);
	}
	const heartbeat = setInterval(() => touch(path), HEARTBEAT_MILLISECONDS);
	heartbeat.unref();
	try {
		return await work();
	} finally {
		clearInterval(heartbeat);
		remove(path);
	}
}

function tryToTake(path: string): boolean {
	try {
		mkdirSync(path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
	writeFileSync(join(path, 'holder'), `${process.pid} ${hostname()}`);
	return true;
}

function holder(path: string): string {
	try {
		return `process ${readFileSync(join(path, 'holder'), 'utf8').split(' ')[0]}`;
	} catch {
		return 'another process';
	}
}

function isAbandoned(path: string): boolean {
	let touched: number;
	try {
		touched = statSync(path).mtimeMs;
	} catch {
		return false;
	}
	if (Date.now() - touched > STALE_MILLISECONDS) return true;
	try {
		const [pid, host] = readFileSync(join(path, 'holder'), 'utf8').split(' ');
		// the home folder may be shared between machines: only a process of this one can be asked for
		return host === hostname() && !isAlive(Number(pid));
	} catch {
		return false;
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

function touch(path: string): void {
	try {
		const now = new Date();
		utimesSync(path, now, now);
	} catch {
		// taken over by another process after a long sleep of this machine: nothing to keep alive any more
	}
}

/** Renamed before it is deleted: of two processes that both find a lock abandoned only one can rename it. */
function remove(path: string): void {
	const away = `${path}.${process.pid}.${Date.now()}`;
	try {
		renameSync(path, away);
	} catch {
		return;
	}
	rmSync(away, { recursive: true, force: true });
}
